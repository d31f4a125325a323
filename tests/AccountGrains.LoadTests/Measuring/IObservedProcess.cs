namespace AccountGrains.LoadTests.Measuring;

/// <summary>A process that takes part in a run.</summary>
internal interface IObservedProcess
{
    /// <summary>Its name in the report.</summary>
    string Name { get; }

    /// <summary>What it has used by now.</summary>
    ValueTask<ProcessSample> SampleAsync();

    /// <summary>What the tracker in it has counted by now; empty when there is none.</summary>
    ValueTask<IReadOnlyDictionary<string, double>> CountersAsync();
}
