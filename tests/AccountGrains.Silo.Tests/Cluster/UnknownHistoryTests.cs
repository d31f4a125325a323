using AccountGrains.Core;
using AccountGrains.Core.Door;
using AccountGrains.Core.Tests.Epochs;
using AccountGrains.Silo.Accounts;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrains.Silo.Tests.Cluster;

/// <summary>Accounts that are loaded while the store cannot be read.</summary>
public sealed class UnknownHistoryTests : IAsyncLifetime
{
    private readonly TrackerCluster _cluster = new(("Storage:ReadTimeout", "00:00:00.200"));

    public ValueTask InitializeAsync() => _cluster.InitializeAsync();

    public async ValueTask DisposeAsync() => await _cluster.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Observe_OfAColdAccountWhileTheStoreCannotBeRead_CountsAndSaysSo_AndGetsItsHistoryLater(bool hangs)
    {
        await _cluster.ObserveAsync(Request("cold", 1));
        await UnloadAsync("cold");
        var gate = new Gate(hangs ? null : new IOException("The disk is gone."));
        _cluster.Table.ReadGates["account"] = gate;

        var cold = await _cluster.ObserveAsync(Request("cold", 2));
        var again = await _cluster.ObserveAsync(Request("cold", 3));
        var duplicate = await _cluster.ObserveAsync(Request("cold", 3));
        await Assert.ThrowsAnyAsync<Exception>(async () => await _cluster.StateAsync(Traffic.AccountOf("cold")));
        _cluster.Table.ReadGates.Clear();
        gate.Open();
        await LearnAsync("cold");
        var known = await _cluster.ObserveAsync(Request("cold", 4));

        Assert.Equal((true, false), (cold.HistoryUnknown, cold.Durable));
        Assert.Equal((true, false), (again.HistoryUnknown, again.Duplicate));
        Assert.Equal((true, true), (duplicate.HistoryUnknown, duplicate.Duplicate));
        Assert.False(known.HistoryUnknown);
        var state = (await _cluster.StateAsync(Traffic.AccountOf("cold")))!;
        Assert.Equal(4u, state.Behaviour.Days[state.Behaviour.Days.NewestDay].Requests);
    }

    [Fact]
    public async Task Observe_OfABlockedAccountThatCannotBeRead_IsNotForgotten()
    {
        await _cluster.ObserveAsync(Request("blocked", 1));
        var ban = await _cluster.ObserveAsync(Traffic.Input("blocked", ObservationType.Ban, Traffic.Start + 1));
        await _cluster.Writer.DrainAsync(TestContext.Current.CancellationToken);
        await UnloadAsync("blocked");
        _cluster.Table.ReadGates["account"] = new Gate(new IOException("The disk is gone."));

        var cold = await _cluster.ObserveAsync(Request("blocked", 2));
        _cluster.Table.ReadGates.Clear();
        await LearnAsync("blocked");
        var known = await _cluster.ObserveAsync(Request("blocked", 3));

        Assert.True(cold.HistoryUnknown);
        Assert.Equal((Verdict.Block, ban.DecisionNumber), (known.Verdict, known.DecisionNumber));
        Assert.Single(await _cluster.Log.ReadAccountAsync(Traffic.AccountOf("blocked"), 10, CancellationToken.None));
    }

    [Fact]
    public async Task Ban_OfAnAccountThatCannotBeRead_BlocksItWithItsNextDecision()
    {
        await _cluster.ObserveAsync(Traffic.Input("banned-late", ObservationType.Ban, Traffic.Start));
        await _cluster.ObserveAsync(Traffic.Input("banned-late", ObservationType.Restore, Traffic.Start + 1));
        await _cluster.Writer.DrainAsync(TestContext.Current.CancellationToken);
        await UnloadAsync("banned-late");
        _cluster.Table.ReadGates["account"] = new Gate(new IOException("The disk is gone."));

        await _cluster.ObserveAsync(Traffic.Input("banned-late", ObservationType.Ban, Traffic.Start + 2));
        _cluster.Table.ReadGates.Clear();
        await LearnAsync("banned-late");
        await _cluster.Writer.DrainAsync(TestContext.Current.CancellationToken);

        Assert.Equal([Verdict.Block, Verdict.Allow, Verdict.Block], (await _cluster.Log.ReadAccountAsync(Traffic.AccountOf("banned-late"), 10, CancellationToken.None)).Select(d => d.Verdict));
    }

    [Fact]
    public async Task Collection_OfAnAccountThatCouldNotBeStored_WaitsUntilItIs()
    {
        await _cluster.ObserveAsync(Request("clean", 1));
        await _cluster.Flush.FlushAllAsync();
        await _cluster.ObserveAsync(Request("dirty", 1));
        _cluster.Table.Gates["account"] = new Gate(new IOException("The disk is gone."));
        await Assert.ThrowsAnyAsync<OrleansException>(async () => await _cluster.Account("dirty").FlushAsync());

        await _cluster.CollectAsync();
        var (clean, dirty) = (await IsLoadedAsync("clean"), await IsLoadedAsync("dirty"));
        _cluster.Table.Gates.Clear();
        await _cluster.Flush.FlushAllAsync();
        await _cluster.CollectAsync();

        Assert.Equal((false, true, false), (clean, dirty, await IsLoadedAsync("dirty")));
        Assert.Equal(1u, (await _cluster.StateAsync(Traffic.AccountOf("dirty")))!.Behaviour.Days[Day()].Requests);
    }

    [Fact]
    public async Task Collection_OfAnAccountThatTookAnObservationInWithoutACall_IsAsFarAwayAsAfterACall()
    {
        await _cluster.ObserveAsync(Request("called", 1));
        await _cluster.ObserveAsync(Request("used", 1));
        var used = _cluster.Silos.Select(s => s.GetRequiredService<LocalAccounts>().Find(Traffic.AccountOf("used"))).Single(a => a is not null);
        Assert.Equal(Verdict.Allow, (await used!.ObserveAsync(new Observation(Request("used", 2))))?.Verdict);
        await _cluster.Flush.FlushAllAsync();

        await _cluster.CollectAsync();

        Assert.Equal((false, true), (await IsLoadedAsync("called"), await IsLoadedAsync("used")));
    }

    private async Task<bool> IsLoadedAsync(string name) => await _cluster.Grains.GetGrain<IManagementGrain>(0).GetActivationAddress(_cluster.Account(name)) is not null;

    private static int Day() => (int)(Traffic.Start / (24 * Traffic.Hour));

    private static AccountInput Request(string name, ulong request) => Traffic.Input(name, ObservationType.Request, Traffic.Start) with { Request = request };

    private async Task UnloadAsync(string name)
    {
        await _cluster.Flush.FlushAllAsync();
        await _cluster.DeactivateAsync(_cluster.Account(name));
    }

    /// <summary>The store that hung is tried again after a second.</summary>
    private async Task LearnAsync(string name)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            try
            {
                await _cluster.Account(name).FlushAsync();
                return;
            }
            catch (IOException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            }
        }
    }
}
