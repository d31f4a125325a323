using AccountGrains.Core.Door;
using AccountGrains.Core.Tests.Epochs;

namespace AccountGrains.Silo.Tests.Cluster;

public sealed class FirstSeenTests
{
    [Fact]
    public async Task Observe_OfAHundredThousandAddressesSeenOnce_CallsNoFingerprint()
    {
        const int Addresses = 100_000;
        const int Accounts = 500;
        await using var cluster = await TrackerCluster.StartAsync();
        var inputs = Enumerable.Range(0, Addresses).Select(i =>
            Traffic.Input($"made-up-{i % Accounts}", ObservationType.Request, Traffic.Start + (i / 25_000 * 60_000)) with { Ip = Traffic.Id(5, (ulong)i) });

        await cluster.ReplayAsync(inputs);

        Assert.Equal(Addresses, cluster.Calls.Counts[("account", "ObserveAsync")]);
        Assert.DoesNotContain(cluster.Calls.Counts.Keys, call => call.Grain == "fingerprint");
        Assert.Equal(65_536, cluster.Epochs.FirstSeen.Capacity);
        Assert.Equal(Addresses, cluster.Epochs.FirstSeen.Entries + cluster.Epochs.FirstSeen.Evicted);
    }
}
