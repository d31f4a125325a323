using System.Diagnostics;
using System.Globalization;
using AccountGrains.Silo.Tests.Servers;

namespace AccountGrains.Silo.Tests.Processes;

/// <summary>A silo joins one that has everything. ACCOUNTGRAINS_REBALANCED_ACCOUNTS sets how many accounts that are.</summary>
public sealed class RebalancingTests(RedisServer redis, ITestOutputHelper output) : IClassFixture<RedisServer>
{
    private const double Allowed = 1.25;
    private const int Batch = 1_000;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);
    private static readonly int Accounts = int.Parse(Environment.GetEnvironmentVariable("ACCOUNTGRAINS_REBALANCED_ACCOUNTS") ?? "3000", CultureInfo.InvariantCulture);

    [Fact]
    public async Task ScaleOut_FromOneSiloToTwo_GivesTheNewOneItsShareWithinTwoMinutes()
    {
        using var directory = new ScratchDirectory();
        var service = Guid.NewGuid().ToString("N");
        await using var first = await StartAsync(directory, service);
        for (var at = 0; at < Accounts; at += Batch)
        {
            await first.ObserveAsync(Enumerable.Range(at, Math.Min(Batch, Accounts - at)).Select(i => (object)new { type = "request", account = $"acct-{i}", requestId = "1" }));
        }

        await using var second = await StartAsync(directory, service);
        var started = Stopwatch.GetTimestamp();
        var before = await UnevennessAsync(first, second);
        var now = before;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (now.Ratio > Allowed && Stopwatch.GetElapsedTime(started) < Longest)
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            now = await UnevennessAsync(first, second);
        }

        output.WriteLine(FormattableString.Invariant(
            $"{Accounts} accounts; activations {before.First} and {before.Second} (max/mean {before.Ratio:f2}), {Stopwatch.GetElapsedTime(started).TotalSeconds:f0} s later {now.First} and {now.Second} ({now.Ratio:f2})"));
        Assert.InRange(now.Ratio, 1, Allowed);
        for (var i = 0; i < Accounts; i += Math.Max(1, Accounts / 50)) await CheckAsync(i % 2 == 0 ? first : second, $"acct-{i}");
    }

    private static async Task CheckAsync(SiloProcess silo, string account)
    {
        var view = await silo.GetJsonAsync($"/v1/accounts/{account}");
        Assert.Equal(1, view.GetProperty("behaviour").GetProperty("days").EnumerateArray().Sum(d => d.GetProperty("requests").GetInt32()));
    }

    private static async Task<(double First, double Second, double Ratio)> UnevennessAsync(SiloProcess first, SiloProcess second)
    {
        double[] counts = [await first.SumAsync("orleans_catalog_activations"), await second.SumAsync("orleans_catalog_activations")];
        return (counts[0], counts[1], counts.Max() / counts.Average());
    }

    private Task<SiloProcess> StartAsync(ScratchDirectory directory, string service) => SiloProcess.StartAsync(
        directory.Path, ("Cluster:Provider", "Redis"), ("Cluster:ServiceId", service), ("Cluster:ClusterId", service), ("Storage:Provider", "Redis"),
        ("Storage:ConnectionStrings:0", redis.ConnectionString), ("Keys:Current", "AAECAwQFBgcICQoLDA0ODw=="), ("Deadline", "00:00:10"));
}
