using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.Door;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.Policies;

namespace AccountGrains.Core.Tests.Epochs;

public sealed class EngineTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Observe_OfAFleetAmongInnocents_FindsTheFleetAlone(int seed)
    {
        var replay = new Replay(Traffic.Mixed(seed).Inputs);

        var active = Assert.Single(replay.Active);
        output.WriteLine($"{active.MemberCount} members, {replay.Restricted.Count} restricted, {active.Assessment}");
        Assert.Equal(40, active.MemberCount);
        Assert.All(active.MembersAfter(null), m => Assert.StartsWith("fleet-", m.Name, StringComparison.Ordinal));
        Assert.True(replay.Restricted.Count >= 38);
        Assert.All(replay.Restricted, name => Assert.StartsWith("fleet-", name, StringComparison.Ordinal));
    }

    [Fact]
    public void Observe_OfInnocentsOnly_RestrictsNobody()
    {
        var inputs = new Traffic(3).People(200, 6).Nat(60, 6).Company(20, 8).BatchJob(500).Mover(48).Inputs;

        var replay = new Replay(inputs);

        Assert.Empty(replay.Active);
        Assert.Empty(replay.Decisions);
    }

    [Fact]
    public void Observe_OfManyAccountsOnOneAddress_AllowsAll()
    {
        var replay = new Replay(new Traffic(4).People(100, 4).Nat(300, 6).Inputs);

        Assert.Empty(replay.Decisions);
        Assert.Equal(400, replay.Engine.Accounts.Count);
    }

    [Fact]
    public void Observe_OfTheSameTrafficTwice_DecidesTheSame()
    {
        var inputs = Traffic.Mixed(5).Inputs;

        var first = new Replay(inputs);
        var second = new Replay(inputs);

        Assert.NotEmpty(first.Decisions);
        Assert.Equal(first.Decisions.Select(DecisionCodec.Write), second.Decisions.Select(DecisionCodec.Write));
        Assert.Equal(first.Stored, second.Stored);
    }

    [Fact]
    public void Observe_WithFingerprintsAndCampaignsInAnyOrderAndAtTheSameTime_LeavesTheSameBytes()
    {
        var inputs = Traffic.Mixed(5).Inputs;

        var replay = new Replay(inputs);
        var reversed = new Replay(inputs, each: LastFirst);
        var parallel = new Replay(inputs, each: (count, work) => Parallel.For(0, count, work));

        Assert.NotEmpty(replay.Decisions);
        Assert.All([reversed, parallel], other => Assert.Equal(replay.Decisions.Select(DecisionCodec.Write), other.Decisions.Select(DecisionCodec.Write)));
        Assert.All([reversed, parallel], other => Assert.Equal(replay.Stored, other.Stored));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void Observe_InAnyOrderThatKeepsEachAccountsOwn_LeavesTheSameBytes(int seed)
    {
        var inputs = Traffic.Mixed(6, 3 * Traffic.Hour).Inputs;
        var permuted = inputs.GroupBy(i => Epoch.Of(i.Time, 60_000)).SelectMany(epoch => Interleaved([.. epoch], new Random(seed))).ToArray();

        var replay = new Replay(inputs);
        var other = new Replay(permuted);

        Assert.NotEqual(inputs.Select(i => i.Name), permuted.Select(i => i.Name));
        Assert.NotEmpty(replay.Active);
        Assert.Equal(replay.Stored, other.Stored);
        Assert.Equal(Sorted(replay.Decisions), Sorted(other.Decisions));
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    public void Observe_WithATenthOfAllMessagesLost_FindsTheSameTwoRefreshesLater(int seed)
    {
        var inputs = Traffic.Mixed(7, 24 * Traffic.Hour).Inputs;
        var lossy = LossyHost.Losing(0.1, seed);

        var replay = new Replay(inputs);
        var damaged = new Replay(inputs, lossy);

        Assert.True(lossy.Lost > 100);
        Assert.NotEmpty(replay.Active);
        Assert.Equal(replay.Findings.Groups, damaged.Findings.Groups);
        Assert.Equal(replay.Findings.Verdicts, damaged.Findings.Verdicts);
    }

    [Theory]
    [InlineData(1 << 12)]
    [InlineData(1 << 20)]
    public void Observe_OfAMillionAddressesSeenOnce_MakesNoFingerprint(int capacity)
    {
        var engine = new Engine(Policy.Default, firstSeenCapacity: capacity);
        List<Decision> decisions = [];

        for (var i = 0; i < 1_000_000; i++)
        {
            engine.Observe(Traffic.Input($"made-up-{i % 1000}", ObservationType.Request, Traffic.Start + (i * 100L)) with { Ip = Traffic.Id(5, (ulong)i) }, decisions);
        }

        engine.Close(decisions);

        output.WriteLine($"{engine.FirstSeen.Entries} of {engine.FirstSeen.Capacity} entries, {engine.FirstSeen.Evicted} fell out");
        Assert.Empty(engine.Fingerprints);
        Assert.True(engine.FirstSeen.Entries <= engine.FirstSeen.Capacity);
        Assert.Equal(capacity, engine.FirstSeen.Capacity);
        Assert.Equal(1_000_000, engine.FirstSeen.Entries + engine.FirstSeen.Evicted);
    }

    [Fact]
    public void Observe_OfAMembersCompletion_AddsToTakenWhatWasMissing()
    {
        var replay = new Replay(Traffic.Mixed(8).Inputs);
        var campaign = Assert.Single(replay.Active);
        var before = Total(campaign.Taken.Rows);
        var request = Traffic.Input("fleet-001", ObservationType.Request, Traffic.Start + (25 * Traffic.Hour)) with { Request = 99 };
        var completion = Traffic.Input("fleet-001", ObservationType.Completion, request.Time + 2000) with { Request = 99, OutputTokens = 700, Status = 200 };

        replay.Observe(request, completion, completion with { Time = request.Time + 3000, OutputTokens = 900 });

        Assert.Equal((before.Requests + 1, before.Input + 500, before.Output + 700), Total(campaign.Taken.Rows));
    }

    [Fact]
    public void Observe_OfAFleet_CountsWhatWasTakenBeforeAndAfterJoiningApart()
    {
        var inputs = new Traffic(8).People(1000, 2).Fleet(40, 8, 12, templates: 1).Inputs;

        var campaign = Assert.Single(new Replay(inputs).Active);

        var members = campaign.MembersAfter(null).Select(m => m.Account).ToHashSet();
        var requests = inputs.Count(i => i.Type == ObservationType.Request && members.Contains(i.Account));
        output.WriteLine($"{campaign.Taken.Before.Requests} before, {Total(campaign.Taken.Rows).Requests} after, of {requests}");
        Assert.InRange(campaign.Taken.Before.Requests, members.Count, requests - 1);
        Assert.Equal(requests, campaign.Taken.Before.Requests + Total(campaign.Taken.Rows).Requests);
    }

    [Fact]
    public void Observe_OfABanAndARestore_BlocksAndLiftsIt()
    {
        var replay = new Replay(Traffic.Mixed(9, 2 * Traffic.Hour).Inputs);
        var ban = Traffic.Input("person-0007", ObservationType.Ban, Traffic.Start + (3 * Traffic.Hour));

        var banned = replay.Observe(ban);
        var reasons = replay.Engine.Accounts[ban.Account].Case!.Reasons.Select(r => r.Name).ToArray();
        var restored = replay.Observe(ban with { Type = ObservationType.Restore, Time = ban.Time + 1000 });

        Assert.Equal(Verdict.Block, banned.Verdict);
        Assert.Equal("external-ban", Assert.Single(banned.Decision!.Reasons).Name);
        Assert.Equal(["external-ban"], reasons);
        Assert.Equal(Verdict.Allow, restored.Verdict);
        Assert.Equal(2, restored.Decision!.Number);
        Assert.Empty(restored.Decision.Reasons);
    }

    [Fact]
    public void Observe_OfARestoreOfAMember_GivesBackTheVerdictOfItsCampaign()
    {
        var replay = new Replay(Traffic.Mixed(1).Inputs);
        var ban = Traffic.Input("fleet-002", ObservationType.Ban, Traffic.Start + (25 * Traffic.Hour));

        var banned = replay.Observe(ban);
        var restored = replay.Observe(ban with { Type = ObservationType.Restore, Time = ban.Time + 1000 });

        Assert.Equal((Verdict.Block, Verdict.Throttle), (banned.Verdict, restored.Verdict));
        Assert.Equal(ReasonCode.ExternalBan, banned.Decision!.Reasons[0].Code);
        Assert.DoesNotContain(restored.Decision!.Reasons, r => r.Code == ReasonCode.ExternalBan);
    }

    [Fact]
    public void Observe_OfDuplicates_ChangesNoByteAndGivesTheSameVerdict()
    {
        var replay = new Replay(Traffic.Mixed(10).Inputs);
        var time = Traffic.Start + (25 * Traffic.Hour);
        var request = Traffic.Input("fleet-003", ObservationType.Request, time) with { Request = 5, Sketch = Traffic.Prompt(500_000, new Random(1), 0) };
        var first = replay.Observe(request);
        var stored = replay.Engine.Accounts[request.Account].Write();

        var again = replay.Observe(request with { Time = time + 1000, OutputTokens = 77 }, request with { Time = time + 2000, Ip = 9 });

        Assert.True(again.Duplicate);
        Assert.Equal(Verdict.Throttle, first.Verdict);
        Assert.Equal(first.Verdict, again.Verdict);
        Assert.Equal(stored, replay.Engine.Accounts[request.Account].Write());
    }

    private static (long Requests, long Input, long Output) Total(IEnumerable<TakenRow> rows) =>
        rows.Aggregate((Requests: 0L, Input: 0L, Output: 0L), (sum, row) => (sum.Requests + row.Requests, sum.Input + row.InputTokens, sum.Output + row.OutputTokens));

    private static void LastFirst(int count, Action<int> work)
    {
        while (count-- > 0) work(count);
    }

    private static List<AccountInput> Interleaved(AccountInput[] epoch, Random random)
    {
        var queues = epoch.GroupBy(i => i.Account).ToDictionary(g => g.Key, g => new Queue<AccountInput>(g));
        var turns = epoch.Select(i => i.Account).ToArray();
        random.Shuffle(turns);
        return [.. turns.Select(account => queues[account].Dequeue())];
    }

    private static string[] Sorted(IEnumerable<Decision> decisions) => [.. decisions.Select(d => Convert.ToHexString(DecisionCodec.Write(d))).Order(StringComparer.Ordinal)];
}
