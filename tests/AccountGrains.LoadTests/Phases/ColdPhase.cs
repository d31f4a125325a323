using AccountGrains.LoadTests.Runs;

namespace AccountGrains.LoadTests.Phases;

/// <summary>How many accounts a second can come for the first time, beside each baseline.</summary>
internal sealed class ColdPhase : IPhase
{
    private const int MostAccounts = 50_000;

    public string Name => "cold";

    public string Question => "How many accounts a second can come for the first time?";

    public async Task RunAsync(LoadRun run, CancellationToken cancellationToken)
    {
        var count = Math.Min(MostAccounts, run.Options.Shots);
        foreach (var target in run.Targets)
        {
            target.Load(run.Traffic.Each(run.NextNewAccount, count));
            var measured = await run.Bench.SaturateAsync(target, Name, count, run.Options.InFlight, TimeSpan.MaxValue, cancellationToken).ConfigureAwait(false);
            run.Measurements.Add(measured);
            run.Find($"cold: first calls a second, {target.Name}", measured.Achieved);
        }

        run.NextNewAccount += count;
    }
}
