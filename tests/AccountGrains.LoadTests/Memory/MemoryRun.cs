using AccountGrains.Abstractions.Accounts;
using AccountGrains.Core.Epochs;
using AccountGrains.LoadTests.Measuring;
using AccountGrains.LoadTests.Redis;
using AccountGrains.LoadTests.Runs;
using AccountGrains.LoadTests.Serving;
using AccountGrains.LoadTests.Targets;
using AccountGrains.LoadTests.Traffic;
using AccountGrains.Silo.Correlation;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;
using Profile = AccountGrains.LoadTests.Traffic.Profile;

namespace AccountGrains.LoadTests.Memory;

/// <summary>
/// What an active account takes after a day of traffic: on the managed heap beyond a bare grain, in its store, and in Redis. Epochs do not end here, so
/// that no fingerprint is among it; what would go to them is taken away.
/// </summary>
internal sealed class MemoryRun(MemoryOptions options, IAnsiConsole console)
{
    // What waits for the end of an epoch is drained as often as epochs end: the room for it is no account's.
    private const int AtOnce = 5_000;
    private const int InFlight = 256;
    private const int Sample = 2_000;
    private readonly GeneratedTraffic _traffic = new(new TrafficOptions { Accounts = options.Accounts }, TimeProvider.System);
    private readonly List<Finding> _findings = [];

    private static KeyValuePair<string, string>[] Settings => [new("Storage:Provider", "Memory"), new("Epoch:Mode", "Manual"), new("Flush:Interval", "01:00:00")];

    /// <summary>Weighs everything.</summary>
    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var silo = await HostedSilo.StartAsync(Settings, cancellationToken).ConfigureAwait(false);
        await using (silo.ConfigureAwait(false))
        {
            var empty = await HeapAsync().ConfigureAwait(false);
            await SendAsync(new GrainTarget("bare", silo.Grains, bare: true), null, requests: 1, cancellationToken).ConfigureAwait(false);
            var bare = await HeapAsync().ConfigureAwait(false);
            await SendAsync(new GrainTarget("accountgrains", silo.Grains, bare: false), silo, options.Requests, cancellationToken).ConfigureAwait(false);
            var account = await HeapAsync().ConfigureAwait(false);
            Add("heap bytes of a bare grain", (bare - empty) / options.Accounts);
            Add("heap bytes of an account", (account - bare) / options.Accounts);
            Add("heap bytes of an account beyond a bare grain", (account - bare - (bare - empty)) / options.Accounts, 1_700);
            Add("resident MiB of this process with both", ProcessSample.OfThisProcess().Resident / 1048576.0);
            await StoredAsync(silo, cancellationToken).ConfigureAwait(false);
        }

        return _findings;
    }

    private async Task StoredAsync(HostedSilo silo, CancellationToken cancellationToken)
    {
        double sum = 0, most = 0;
        for (var i = 0; i < Math.Min(Sample, options.Accounts); i++)
        {
            var record = await silo.Grains.GetGrain<IAccountGrain>(Profile.IdOf(i).ToString()).GetAsync().ConfigureAwait(false);
            var bytes = record.Payload.Length + (record.Name?.Length ?? 0);
            sum += bytes;
            most = Math.Max(most, bytes);
        }

        var mean = sum / Math.Min(Sample, options.Accounts);
        Add("stored bytes of an account, mean", mean);
        Add("stored bytes of an account, most", most);
        if (options.Redis) await RedisAsync(mean, cancellationToken).ConfigureAwait(false);
    }

    private async Task RedisAsync(double stored, CancellationToken cancellationToken)
    {
        var server = await RedisServer.StartAsync(cancellationToken).ConfigureAwait(false);
        await using (server.ConfigureAwait(false))
        {
            using var target = await RedisTarget.ConnectAsync(server.Port, cancellationToken).ConfigureAwait(false);
            await SendAsync(target, null, options.Requests, cancellationToken).ConfigureAwait(false);
            double sum = 0;
            for (var i = 0; i < Math.Min(Sample, options.Accounts); i++) sum += await target.BytesOfAsync(Profile.IdOf(i)).ConfigureAwait(false);
            var mean = sum / Math.Min(Sample, options.Accounts);
            Add("Redis' bytes of an account's keys, mean", mean);
            Add("stored bytes of an account against Redis'", stored / mean, 1);
            Add("resident MiB of redis-server", (await server.SampleAsync().ConfigureAwait(false)).Resident / 1048576.0);
        }
    }

    private async Task SendAsync(ITarget target, HostedSilo? tracker, int requests, CancellationToken cancellationToken)
    {
        for (var request = 0; request < requests; request++)
        {
            for (var first = 0; first < options.Accounts; first += AtOnce)
            {
                var count = Math.Min(AtOnce, options.Accounts - first);
                target.Load(_traffic.EachAt(first, count, (request + 1.0) / requests));
                await new ClosedLoop(target, new Tally(), InFlight).RunAsync(count, TimeSpan.MaxValue, cancellationToken).ConfigureAwait(false);
                tracker?.Services.GetRequiredService<CorrelationBatch>().DrainTo(new EpochBatch());
            }
        }

        // The loaded observations are no part of what is weighed.
        target.Load([]);
    }

    private void Add(string what, double value, double? wanted = null)
    {
        _findings.Add(new Finding(what, value, wanted, AtLeast: false));
        console.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{what}: {value:n1}"));
    }

    private static async Task<double> HeapAsync()
    {
        // From a stack of its own: what is below this one may still hold the observations that were sent.
        await Task.Yield();
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
