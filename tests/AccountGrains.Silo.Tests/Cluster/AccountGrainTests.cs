using AccountGrains.Abstractions;
using AccountGrains.Core;
using AccountGrains.Core.Accounts;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Door;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.Tests.Epochs;
using AccountGrains.Silo.Accounts;
using AccountGrains.Silo.Correlation;
using AccountGrains.Silo.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace AccountGrains.Silo.Tests.Cluster;

[Collection(SharedCluster.Name)]
public sealed class AccountGrainTests(TrackerCluster cluster)
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Observe_OfOneObservation_IsOneGrainCall()
    {
        await cluster.ObserveAsync(Request("one-call", 1));
        cluster.Calls.Clear();

        await cluster.ObserveAsync(Request("one-call", 2));

        var call = Assert.Single(cluster.Calls.Counts);
        Assert.Equal((("account", "ObserveAsync"), 1), (call.Key, call.Value));
    }

    [Fact]
    public async Task Observe_OfTheSameRequestThreeTimes_CountsItOnceAndAnswersTheSame()
    {
        var first = await cluster.ObserveAsync(Request("thrice", 7));

        var second = await cluster.ObserveAsync(Request("thrice", 7));
        var third = await cluster.ObserveAsync(Request("thrice", 7) with { InputTokens = 9 });

        Assert.Equal((false, true, true), (first.Duplicate, second.Duplicate, third.Duplicate));
        Assert.Equal((first.Verdict, first.Verdict), (second.Verdict, third.Verdict));
        Assert.Equal(1, await RequestsAsync("thrice"));
    }

    [Fact]
    public async Task Observe_WhileTheStoreHangs_IsAnsweredAtOnceAndStoredByTheNextFlush()
    {
        await cluster.ObserveAsync(Request("slow-store", 1));
        var gate = Hold("slow-store");
        var flush = cluster.Account("slow-store").FlushAsync().AsTask();
        await gate.Entered.WaitAsync(AtOnce, TestContext.Current.CancellationToken);

        await cluster.ObserveAsync(Request("slow-store", 2)).AsTask().WaitAsync(AtOnce, TestContext.Current.CancellationToken);

        Assert.False(flush.IsCompleted);
        Open("slow-store", gate);
        await flush;
        await cluster.Flush.FlushAllAsync();
        Hold("slow-store", new IOException("The disk is gone."));
        await cluster.DeactivateAsync(cluster.Account("slow-store"));
        Assert.Equal(2, await RequestsAsync("slow-store"));
    }

    [Fact]
    public async Task Flush_WhileAnotherHangs_StoresWhatBothHadToStore()
    {
        await cluster.ObserveAsync(Request("two-flushes", 1));
        var gate = Hold("two-flushes");
        var first = cluster.Account("two-flushes").FlushAsync().AsTask();
        await gate.Entered.WaitAsync(AtOnce, TestContext.Current.CancellationToken);
        await cluster.ObserveAsync(Request("two-flushes", 2));
        var second = cluster.Account("two-flushes").FlushAsync().AsTask();
        await cluster.Account("two-flushes").GetAsync();

        Open("two-flushes", gate);
        await Task.WhenAll(first, second);

        await cluster.DeactivateAsync(cluster.Account("two-flushes"));
        Assert.Equal(2, await RequestsAsync("two-flushes"));
    }

    [Fact]
    public async Task Flush_OfAnAccountThatIsLoaded_IsNoCall_AndOneThatGoesMeanwhileStoresWhatCameAfterIt()
    {
        await cluster.ObserveAsync(Request("own-turns", 1));
        cluster.Calls.Clear();
        var gate = Hold("own-turns");
        var flush = cluster.Flush.FlushAllAsync();
        await gate.Entered.WaitAsync(AtOnce, TestContext.Current.CancellationToken);
        await cluster.ObserveAsync(Request("own-turns", 2));

        var gone = cluster.DeactivateAsync(cluster.Account("own-turns"));
        Open("own-turns", gate);
        await Task.WhenAll(flush, gone);

        Assert.DoesNotContain(("account", "FlushAsync"), cluster.Calls.Counts.Keys);
        Assert.Equal(2, await RequestsAsync("own-turns"));
    }

    [Fact]
    public async Task Tell_OfLinksAlone_IsNoCallOfAnAccountThatIsLoaded_AndIsReadAndStoredLikeOne()
    {
        await cluster.ObserveAsync(Request("left-word", 1));
        cluster.Calls.Clear();

        await TellAsync("left-word", 7);
        var calls = cluster.Calls.Counts.Count;
        var read = await LinksAsync("left-word");
        await TellAsync("left-word", 8);
        await cluster.Flush.FlushAllAsync();
        Hold("left-word", new IOException("The disk is gone."));
        await cluster.DeactivateAsync(cluster.Account("left-word"));
        cluster.Table.Gates.Clear();
        var stored = await LinksAsync("left-word");
        await cluster.ObserveAsync(Request("left-word", 2));
        await TellAsync("left-word", 9);
        await cluster.DeactivateAsync(cluster.Account("left-word"));
        await TellAsync("left-word", 10);

        Assert.Equal(0, calls);
        Assert.Equal(7, Assert.Single(read));
        Assert.Equal(8, Assert.Single(stored));
        Assert.Equal(1, cluster.Calls.Counts[("account", "TellAsync")]);
        Assert.Equal(10, Assert.Single(await LinksAsync("left-word")));
    }

    [Fact]
    public async Task Tell_OfMoreThanThereIsRoomFor_IsACallUntilTheNextTurn()
    {
        await cluster.ObserveAsync(Request("full-box", 1));
        cluster.Calls.Clear();

        await TellAsync("full-box", [.. Enumerable.Range(1, Mailbox.Limit)]);
        var whileThereIsRoom = Told();
        await TellAsync("full-box", 100);
        await TellAsync("full-box", [.. Enumerable.Range(101, Mailbox.Limit)]);
        var afterACall = Told();
        await cluster.ObserveAsync(Request("full-box", 2));
        await TellAsync("full-box", 200);

        Assert.Equal((0, 1, 1), (whileThereIsRoom, afterACall, Told()));
        Assert.Equal(200, Assert.Single(await LinksAsync("full-box")));

        long Told() => cluster.Calls.Counts.GetValueOrDefault(("account", "TellAsync"));
    }

    [Fact]
    public async Task Deactivate_AfterWordWasLeft_StoresIt()
    {
        await cluster.ObserveAsync(Request("left-then-gone", 1));
        await cluster.Flush.FlushAllAsync();
        await TellAsync("left-then-gone", 7);

        await cluster.DeactivateAsync(cluster.Account("left-then-gone"));

        Assert.Equal(7, Assert.Single(await LinksAsync("left-then-gone")));
    }

    [Fact]
    public async Task Observe_UntilTheDecisionIsStored_SaysThatItIsNotDurable()
    {
        var gate = new Gate();
        cluster.Log.Gate = gate;

        var banned = await cluster.ObserveAsync(Ban("not-durable"));
        await gate.Entered.WaitAsync(AtOnce, TestContext.Current.CancellationToken);
        var after = await cluster.ObserveAsync(Request("not-durable", 1));
        await cluster.DeactivateAsync(cluster.Account("not-durable"));
        var reloaded = await cluster.ObserveAsync(Request("not-durable", 2));
        cluster.Log.Gate = null;
        gate.Open();
        await cluster.Writer.DrainAsync(TestContext.Current.CancellationToken);
        await cluster.Account("not-durable").FlushAsync();
        var stored = await cluster.ObserveAsync(Request("not-durable", 3));

        Assert.Equal((Verdict.Block, false), (banned.Verdict, banned.Durable));
        Assert.Equal((Verdict.Block, false), (after.Verdict, after.Durable));
        Assert.Equal((Verdict.Block, false), (reloaded.Verdict, reloaded.Durable));
        Assert.Equal((Verdict.Block, true), (stored.Verdict, stored.Durable));
    }

    [Fact]
    public async Task Observe_OfAnAccountStoredBeforeItsLastDecision_HoldsToTheDecision()
    {
        await cluster.ObserveAsync(Request("older-state", 1));
        await cluster.Flush.FlushAllAsync();
        await cluster.ObserveAsync(Ban("older-state"));
        await cluster.Writer.DrainAsync(TestContext.Current.CancellationToken);
        Hold("older-state", new IOException("The disk is gone."));
        await cluster.DeactivateAsync(cluster.Account("older-state"));
        cluster.Table.Gates.Clear();

        var reply = await cluster.ObserveAsync(Request("older-state", 2));

        Assert.Equal((Verdict.Block, 1, true), (reply.Verdict, reply.DecisionNumber, reply.Durable));
        Assert.Equal(2, await RequestsAsync("older-state"));
    }

    [Fact]
    public async Task Observe_OfAnAccountStoredWithADecisionWhoseRecordIsMissing_WritesTheRecord()
    {
        var id = Traffic.AccountOf("no-record");
        var state = new AccountState(id);
        var decision = AccountRules.Observe(state, Ban("no-record"), Core.Correlation.Snapshot.Empty(Core.Policies.Policy.Default)).Decision!;
        await StoreAsync(cluster.Account(id), "account", state.Write(), "no-record");

        await cluster.ObserveAsync(Request("no-record", 1));
        await cluster.Writer.DrainAsync(TestContext.Current.CancellationToken);

        var written = Assert.Single(await cluster.Log.ReadAccountAsync(id, 10, CancellationToken.None));
        Assert.Equal((decision.Id, decision.Verdict, decision.Time, decision.Name), (written.Id, written.Verdict, written.Time, written.Name));
        Assert.Equal(decision.Reasons, written.Reasons);
    }

    [Theory]
    [InlineData("")]
    [InlineData("FF")]
    [InlineData("01")]
    [InlineData("01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF")]
    public async Task Observe_OfAnAccountWhoseRecordCannotBeRead_StartsAnew(string payload)
    {
        var name = $"unreadable-{payload}";
        await StoreAsync(cluster.Account(name), "account", Convert.FromHexString(payload), name);

        var reply = await cluster.ObserveAsync(Request(name, 1));
        await cluster.ObserveAsync(Request(name, 2));

        Assert.Equal(Verdict.Allow, reply.Verdict);
        Assert.Equal(2, await RequestsAsync(name));
        await cluster.Flush.FlushAllAsync();
        await cluster.DeactivateAsync(cluster.Account(name));
        Assert.Equal(2, await RequestsAsync(name));
    }

    [Fact]
    public async Task Flush_WhenAnotherActivationStoredMeanwhile_LosesToIt()
    {
        await cluster.ObserveAsync(Request("two-lives", 1));
        await cluster.Flush.FlushAllAsync();
        var storage = cluster.Services.GetRequiredKeyedService<IGrainStorage>(StorageNames.State);
        var other = new GrainState<StoredRecord>();
        await storage.ReadStateAsync("account", cluster.Account("two-lives").GetGrainId(), other);
        var state = AccountState.Read(Traffic.AccountOf("two-lives"), "two-lives", other.State!.Payload);
        for (ulong i = 2; i <= 5; i++) AccountRules.Observe(state, Request("two-lives", i), Core.Correlation.Snapshot.Empty(Core.Policies.Policy.Default));
        other.State = new StoredRecord { Payload = state.Write(), Name = "two-lives" };
        await storage.WriteStateAsync("account", cluster.Account("two-lives").GetGrainId(), other);

        await cluster.ObserveAsync(Request("two-lives", 9));
        await cluster.Account("two-lives").FlushAsync();

        Assert.Equal(5, await RequestsAsync("two-lives"));
    }

    [Fact]
    public async Task Report_ToAFingerprintWhoseRecordCannotBeRead_StartsAnew()
    {
        var fingerprint = new Fingerprint(FingerprintKind.Ip, 1, Traffic.Id(404, 1));
        await StoreAsync(cluster.Fingerprint(fingerprint), "fingerprint", [99, 1, 2, 3], null);

        foreach (var name in (string[])["unread-a", "unread-b", "unread-c"]) await cluster.ObserveAsync(Request(name, 1) with { Ip = fingerprint.Value });
        await cluster.Epochs.CloseAsync(Traffic.Start + Traffic.Hour);

        Assert.Equal(3, await cluster.Fingerprint(fingerprint).PopularityAsync());
    }

    [Fact]
    public async Task Get_OfACampaignWhoseRecordCannotBeRead_GivesNone()
    {
        var campaign = new Core.Campaigns.CampaignId(0xDEAD);
        await StoreAsync(cluster.Campaign(campaign), "campaign", [99, 1, 2, 3], null);

        Assert.Empty((await cluster.Campaign(campaign).GetAsync()).Payload);
    }

    private async Task TellAsync(string name, params int[] seen)
    {
        var account = Traffic.AccountOf(name);
        LinkNotice[] links = [.. seen.Select(s => new LinkNotice(account, new Fingerprint(FingerprintKind.Ip, 1, 1), s, 1, 1))];
        Assert.NotNull(Assert.Single(await cluster.Services.GetRequiredService<AccountTeller>().TellAsync([new AccountCall(account, [], links, Traffic.Start)])));
    }

    private async Task<int[]> LinksAsync(string name)
    {
        var record = await cluster.Account(name).GetAsync();
        return [.. AccountState.Read(Traffic.AccountOf(name), name, record.Payload).Case!.Links.Select(l => l.Seen)];
    }

    private static AccountInput Request(string name, ulong request) => Traffic.Input(name, ObservationType.Request, Traffic.Start) with { Request = request };

    private static AccountInput Ban(string name) => Traffic.Input(name, ObservationType.Ban, Traffic.Start + 1);

    private Gate Hold(string name, Exception? failure = null) => cluster.Table.Gates[Traffic.AccountOf(name).ToString()] = new Gate(failure);

    private void Open(string name, Gate gate)
    {
        cluster.Table.Gates.TryRemove(Traffic.AccountOf(name).ToString(), out _);
        gate.Open();
    }

    private async Task<long> RequestsAsync(string name)
    {
        var state = await cluster.StateAsync(Traffic.AccountOf(name));
        return state is null ? 0 : state.Behaviour.Days[state.Behaviour.Days.NewestDay].Requests;
    }

    private async Task StoreAsync(IAddressable grain, string stateName, byte[] payload, string? name)
    {
        var storage = cluster.Services.GetRequiredKeyedService<IGrainStorage>(StorageNames.State);
        await storage.WriteStateAsync(stateName, grain.GetGrainId(), new GrainState<StoredRecord> { State = new StoredRecord { Payload = payload, Name = name } });
    }
}
