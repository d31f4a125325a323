using AccountGrains.LoadTests.Measuring;
using AccountGrains.Silo.Hosting;

namespace AccountGrains.LoadTests.Serving;

/// <summary>The process of a silo: what <c>src/AccountGrains.Silo</c> runs, with the bare grain in it and an address to ask what it costs.</summary>
internal static class ServeCommand
{
    /// <summary>Serves until it is told to stop.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        using var counters = new SiloCounters(hearsMessages: args.Any(a => a.Contains("Cluster:Provider", StringComparison.Ordinal)));
        var app = await SiloApplication.BuildAsync(args).ConfigureAwait(false);
        await using (app.ConfigureAwait(false))
        {
            app.MapSample(counters);
            await app.RunAsync().ConfigureAwait(false);
        }

        return 0;
    }
}
