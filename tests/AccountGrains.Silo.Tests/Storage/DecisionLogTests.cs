using AccountGrains.Core;
using static AccountGrains.Silo.Tests.Storage.DecisionLogConformance;

namespace AccountGrains.Silo.Tests.Storage;

/// <summary>The log in the embedded store.</summary>
public sealed class SqliteDecisionLogTests() : DecisionLogConformance(new StorageHost("Sqlite"))
{
    [Fact]
    public async Task Log_AfterARestart_GoesOnWhereItWas()
    {
        await Host.Decisions.AppendAsync([Of(1, 1)], Stop);
        await Host.Properties.SetIfAbsentAsync("check", "a", Stop);

        await Host.RestartAsync();
        await Host.Decisions.AppendAsync([Of(1, 1), Of(1, 2)], Stop);

        Assert.Equal(["1:1", "1:2"], (await Host.Decisions.ReadAsync(0, 10, Stop)).Select(Text));
        Assert.Equal(Verdict.Throttle, (await Host.Decisions.ReadAccountAsync(Account(1), 1, Stop))[0].Verdict);
        Assert.Equal("a", await Host.Properties.GetAsync("check", Stop));
    }

    [Fact]
    public async Task UnreadableDecision_IsPassedOver_AndCounted()
    {
        using var counted = new Counted(Host.Services, "accountgrains.storage.decisions.unreadable");
        await Host.Decisions.AppendAsync([Of(1, 1), Of(1, 2), Of(1, 3)], Stop);
        await Host.Store.WriteAsync(static (session, _) => session.Execute("UPDATE decisions SET payload = X'01' WHERE number = 2"), 0, 1, CancellationToken.None);

        var read = await Host.Decisions.ReadAsync(0, 2, Stop);

        Assert.Equal(["1:1", "1:3"], read.Select(Text));
        Assert.Equal(1, counted.Total);
    }
}

/// <summary>The log in memory.</summary>
public sealed class VolatileDecisionLogTests() : DecisionLogConformance(new StorageHost("Memory"));

/// <summary>The log in memory, when it is full.</summary>
public sealed class FullDecisionLogTests
{
    [Fact]
    public async Task Append_BeyondTheLimit_LetsTheOldestFallOut_AndCountsThem()
    {
        await using var host = new StorageHost("Memory", ("Storage:VolatileDecisions", "3"));
        using var counted = new Counted(host.Services, "accountgrains.storage.decisions.dropped");

        for (var number = 1; number <= 11; number++) await host.Decisions.AppendAsync([Of(number % 2, number)], Stop);

        var kept = await host.Decisions.ReadAsync(0, 100, Stop);
        Assert.Equal([9, 10, 11], kept.Select(logged => logged.Decision.Number));
        Assert.Equal([9L, 10L, 11L], kept.Select(logged => logged.Sequence));
        Assert.Equal([11, 9], (await host.Decisions.ReadAccountAsync(Account(1), 10, Stop)).Select(decision => decision.Number));
        Assert.Equal(8, counted.Total);
    }
}
