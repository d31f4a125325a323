using AccountGrains.Core;
using AccountGrains.Core.Decisions;
using AccountGrains.Silo.Storage;

namespace AccountGrains.Silo.Tests.Storage;

/// <summary>What every store's decision log and properties do.</summary>
public abstract class DecisionLogConformance : IAsyncLifetime
{
    private readonly StorageHost _host;

    private protected DecisionLogConformance(StorageHost host) => _host = host;

    private protected StorageHost Host => _host;

    internal static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _host.Server.OpenAsync(Stop);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Read_OfAppendedDecisions_GivesThemInOrder()
    {
        await _host.Decisions.AppendAsync([Of(1, 1), Of(2, 1)], Stop);
        await _host.Decisions.AppendAsync([Of(1, 2)], Stop);

        var all = await _host.Decisions.ReadAsync(0, 100, Stop);
        var rest = await _host.Decisions.ReadAsync(all[0].Sequence, 1, Stop);

        Assert.Equal(["1:1", "2:1", "1:2"], all.Select(Text));
        Assert.True(all[0].Sequence < all[1].Sequence && all[1].Sequence < all[2].Sequence);
        Assert.Equal(["2:1"], rest.Select(Text));
        Assert.Empty(await _host.Decisions.ReadAsync(all[^1].Sequence, 100, Stop));
    }

    [Fact]
    public async Task Append_OfTheSameBatchTwice_AddsItOnce()
    {
        await _host.Decisions.AppendAsync([Of(1, 1), Of(1, 2)], Stop);
        await _host.Decisions.AppendAsync([Of(1, 1), Of(1, 2), Of(1, 3), Of(1, 3)], Stop);

        Assert.Equal(["1:1", "1:2", "1:3"], (await _host.Decisions.ReadAsync(0, 100, Stop)).Select(Text));
    }

    [Fact]
    public async Task End_IsTheLastSequenceNumber()
    {
        var none = await _host.Decisions.EndAsync(Stop);
        await _host.Decisions.AppendAsync([Of(1, 1), Of(2, 1)], Stop);
        var end = await _host.Decisions.EndAsync(Stop);
        await _host.Decisions.AppendAsync([Of(1, 2)], Stop);

        Assert.Equal(0, none);
        Assert.Equal(["1:2"], (await _host.Decisions.ReadAsync(end, 100, Stop)).Select(Text));
    }

    [Fact]
    public async Task Append_OfNothing_AddsNothing()
    {
        await _host.Decisions.AppendAsync([], Stop);

        Assert.Empty(await _host.Decisions.ReadAsync(0, 100, Stop));
    }

    [Fact]
    public async Task Append_ByManyAtOnce_KeepsAll()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 200), async (account, cancel) =>
            await _host.Decisions.AppendAsync([Of(account, 1), Of(account, 2)], cancel));

        var all = await _host.Decisions.ReadAsync(0, 1000, Stop);

        Assert.Equal(400, all.Count);
        Assert.Equal(400, all.Select(Text).Distinct().Count());
        Assert.Equal(all.Select(logged => logged.Sequence).Order(), all.Select(logged => logged.Sequence));
    }

    [Fact]
    public async Task Read_WhileManyAppend_MissesNothing()
    {
        const int Writers = 6, Batches = 20;
        var appending = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (var batch = 0; batch < Batches; batch++) await _host.Decisions.AppendAsync([.. Enumerable.Range(1, 5).Select(i => Of(writer, (batch * 5) + i))], Stop);
        })));
        var read = new List<LoggedDecision>();

        while (!appending.IsCompleted) read.AddRange(await _host.Decisions.ReadAsync(read.Count > 0 ? read[^1].Sequence : 0, 7, Stop));

        await appending;
        read.AddRange(await _host.Decisions.ReadAsync(read.Count > 0 ? read[^1].Sequence : 0, 1000, Stop));
        Assert.Equal(Writers * Batches * 5, read.Count);
        Assert.Equal(Writers * Batches * 5, read.Select(Text).Distinct().Count());
        foreach (var account in read.GroupBy(d => d.Decision.Account)) Assert.Equal(Enumerable.Range(1, Batches * 5), account.Select(d => d.Decision.Number));
    }

    [Fact]
    public async Task LoadLatest_AfterALateLowerNumber_GivesTheHigherOne()
    {
        await _host.Decisions.AppendAsync([Of(1, 1), Of(1, 3)], Stop);
        await _host.Decisions.AppendAsync([Of(1, 2)], Stop);

        Assert.Equal(3, Assert.Single(await _host.Decisions.LoadLatestAsync(Stop).ToListAsync(Stop)).Number);
        Assert.Equal([3, 2, 1], (await _host.Decisions.ReadAccountAsync(Account(1), 10, Stop)).Select(decision => decision.Number));
        Assert.Equal([1, 3, 2], (await _host.Decisions.ReadAsync(0, 10, Stop)).Select(logged => logged.Decision.Number));
    }

    [Fact]
    public async Task ReadAccount_GivesItsDecisions_NewestFirst()
    {
        await _host.Decisions.AppendAsync([Of(1, 1), Of(2, 1), Of(1, 2), Of(1, 10), Of(1, 9)], Stop);

        Assert.Equal([10, 9, 2], (await _host.Decisions.ReadAccountAsync(Account(1), 3, Stop)).Select(decision => decision.Number));
        Assert.Empty(await _host.Decisions.ReadAccountAsync(Account(3), 3, Stop));
    }

    [Fact]
    public async Task LoadLatest_GivesTheLastOfEveryAccount()
    {
        var batch = Enumerable.Range(0, 2500).SelectMany(account => new[] { Of(account, 1), Of(account, 2 + (account % 20)) }).ToArray();
        await _host.Decisions.AppendAsync(batch, Stop);

        var latest = await _host.Decisions.LoadLatestAsync(Stop).ToListAsync(Stop);

        Assert.Equal(2500, latest.Select(decision => decision.Account).Distinct().Count());
        Assert.All(latest, decision => Assert.Equal(2 + (int)((ulong)decision.Account.Value % 20), decision.Number));
        Assert.Equal(2500, latest.Count);
    }

    [Fact]
    public async Task Property_SetTwice_KeepsItsFirstValue()
    {
        Assert.Null(await _host.Properties.GetAsync("check", Stop));

        Assert.Equal("a", await _host.Properties.SetIfAbsentAsync("check", "a", Stop));
        Assert.Equal("a", await _host.Properties.SetIfAbsentAsync("check", "b", Stop));
        Assert.Equal("a", await _host.Properties.GetAsync("check", Stop));
    }

    [Fact]
    public async Task Property_SetByManyAtOnce_HasOneValue()
    {
        var values = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(async () => await _host.Server.PropertiesOf(0).SetIfAbsentAsync("race", $"{i}", Stop))));

        Assert.Single(values.Distinct());
    }

    internal static string Text(LoggedDecision logged) => $"{logged.Decision.Account.Value}:{logged.Decision.Number}";

    internal static AccountId Account(int account) => new(1, (UInt128)account);

    internal static Decision Of(int account, int number) => new()
    {
        Account = Account(account),
        Name = $"account-{account}",
        Number = number,
        Time = 1000 + number,
        Verdict = Verdict.Throttle,
        Score = 0.5,
        PolicyVersion = 1,
        Reasons = [],
    };
}
