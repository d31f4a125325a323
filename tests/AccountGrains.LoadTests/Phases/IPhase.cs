using AccountGrains.LoadTests.Runs;

namespace AccountGrains.LoadTests.Phases;

/// <summary>A part of a run that asks one question.</summary>
internal interface IPhase
{
    /// <summary>Its name on the command line.</summary>
    string Name { get; }

    /// <summary>The question.</summary>
    string Question { get; }

    /// <summary>Measures.</summary>
    Task RunAsync(LoadRun run, CancellationToken cancellationToken);
}
