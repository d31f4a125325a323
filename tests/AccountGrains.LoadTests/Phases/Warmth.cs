using AccountGrains.LoadTests.Runs;
using AccountGrains.LoadTests.Targets;

namespace AccountGrains.LoadTests.Phases;

/// <summary>Makes all accounts known, so that what is measured then starts none.</summary>
internal static class Warmth
{
    private const int AtOnce = 200_000;

    /// <summary>Sends one request of each account.</summary>
    public static async Task TouchAsync(LoadRun run, ITarget target, CancellationToken cancellationToken)
    {
        for (var first = 0; first < run.Options.Traffic.Accounts; first += AtOnce)
        {
            var shots = run.Traffic.Each(first, Math.Min(AtOnce, run.Options.Traffic.Accounts - first));
            target.Load(shots);
            await run.Bench.SaturateAsync(target, "touch", shots.Length, run.Options.InFlight, TimeSpan.MaxValue, cancellationToken).ConfigureAwait(false);
        }
    }
}
