using AccountGrains.Core.Accounts;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Door;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.Policies;
using AccountGrains.Core.States;
using AccountGrains.Core.Tests.Correlation;

namespace AccountGrains.Core.Tests.Epochs;

/// <summary>Where sightings lie until they are needed, and when that room is used again.</summary>
public sealed class SightingRowsTests
{
    private const int Epochs = 60;
    private static readonly PopulationView Nobody = new(1, 0);
    private static readonly Snapshot Nothing = Snapshot.Empty(Policy.Default);

    [Fact]
    public void At_OfOnePlace_IsOneObjectThatOutlivesItsRow()
    {
        var store = new SightingStore();
        var place = store.Add(Sightings.Of(7).Row);

        var sighting = place.Sighting;
        Assert.Same(sighting, place.Sighting);
        place.Rows.Return();

        Assert.Equal(Sightings.Of(7).Shown, sighting.Shown);
        Assert.Throws<IndexOutOfRangeException>(() => place.Row.Time);
    }

    [Fact]
    public void Add_OfAReportThatWaitedElsewhere_KeepsWhatItShowed()
    {
        var store = new SightingStore();
        var place = store.Add(Sightings.Of(7).Row);
        var batch = new EpochBatch();
        for (var i = 0; i < 4; i++) batch.Add(new BatchReport(Sightings.Of(7).Token(i), place, 0));

        place.Rows.Return();

        Assert.All(batch.Reports, r => Assert.Equal(Sightings.Of(7).Shown, r.Report.Sighting.Shown));
        Assert.Single(batch.Reports.Select(r => r.Sighting).Distinct());
    }

    [Fact]
    public void MoveTo_TakesEverythingAlong_AndCountsWhatFindsNoRoom()
    {
        EpochBatch first = new(), second = new(), target = new(limit: 40);
        for (var i = 0; i < 5; i++) Observe(i % 2 == 0 ? first : second, i);
        var reports = first.Reports.Concat(second.Reports).Select(r => (r.Fingerprint, r.Row.Account)).ToList();

        first.MoveTo(target);
        second.MoveTo(target);

        Assert.Equal(reports.Take(40), target.Reports.Select(r => (r.Fingerprint, r.Row.Account)));
        Assert.Equal((reports.Count - 40, 0, 5.0), (target.Dropped, first.Depth + second.Depth, target.Active.View.Active));
    }

    /// <summary>A sighting that only one account's reports refer to is found epochs later; its room is given back when the shards have forgotten it, and not before.</summary>
    [Fact]
    public void EndEpoch_GivesRoomBackOnlyWhenNothingRefersToIt()
    {
        var shards = Enumerable.Range(0, 2).Select(_ => new CorrelationShard(1 << 16)).ToArray();
        var keeper = new RowKeeper();
        var batch = new EpochBatch();
        int most = 0, found = 0, lent = 0;
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            for (var i = 0; i < 400; i++) Observe(batch, (epoch * 400) + i);

            // One account more shows the address of another from two epochs ago, which this shard saw too.
            if (epoch >= 2) Observe(batch, 1_000_000 + epoch, address: (epoch - 2) * 400);
            foreach (var report in batch.Reports) shards[epoch % 2].Inbox.Add(report);
            lent += batch.Filled.Sum(f => f.Count);
            keeper.Lend(batch.Filled);
            batch.Clear();
            var calls = shards.SelectMany(s => s.Admit(Nobody, Traffic.Start + epoch, keeper.Epoch)).ToList();
            keeper.EndEpoch(shards, keeper.Lent);
            found += calls.Where(c => c.Fingerprint == AddressOf((epoch - 2) * 400)).Sum(c => c.Reports.Count(r => r.Sighting.Value(0) == c.Fingerprint));
            most = Math.Max(most, keeper.Waiting);
        }

        Assert.Equal(2 * (Epochs - 2), found);
        Assert.InRange(keeper.Waiting, 1, most);
        Assert.True(most < lent);
    }

    /// <summary>One shard that gets one report each epoch would refer to every epoch's rows for days.</summary>
    [Fact]
    public void EndEpoch_WithAShardThatHardlyAnythingComesTo_KeepsNoMoreThanTheLimit()
    {
        const int Limit = 4_096;
        CorrelationShard busy = new(1 << 16), quiet = new(1 << 16);
        var keeper = new RowKeeper(Limit);
        var batch = new EpochBatch();
        for (var epoch = 0; epoch < 40; epoch++)
        {
            for (var i = 0; i < 400; i++) Observe(batch, (epoch * 400) + i);
            foreach (var report in batch.Reports) busy.Inbox.Add(report);
            quiet.Inbox.Add(batch.Reports[0]);
            keeper.Lend(batch.Filled);
            batch.Clear();
            busy.Admit(Nobody, Traffic.Start, keeper.Epoch);
            quiet.Admit(Nobody, Traffic.Start, keeper.Epoch);
            keeper.EndEpoch([busy, quiet], keeper.Lent);

            Assert.InRange(keeper.Waiting, 0, Limit);
        }

        Assert.NotEqual(0, keeper.Waiting);
        Assert.True(quiet.OldestEpoch > 20);
    }

    /// <summary>Reports that were delivered and not yet admitted when an epoch was cut off are whole in a later one.</summary>
    [Fact]
    public async Task ReportAsync_AfterEpochsThatWereCutOff_GivesFingerprintsWhatWasShown()
    {
        var host = new Recorder();
        var site = new EpochSite(host, new Recorder(), 1 << 16);
        long number = 0;
        for (var round = 0; round < 30; round++)
        {
            // Three accounts at each address, one in each of three openings, of which only the last goes on.
            for (var opening = 0; opening < 3; opening++)
            {
                for (var i = 0; i < 200; i++) Observe(site.Batch, (round * 600) + (opening * 200) + i, address: (round * 200) + i);
                await site.CollectAsync(OpeningOf(++number), 0, new DecisionList([]));
            }

            await site.ReportAsync(new EpochWork(number, Traffic.Start, Nobody));
        }

        var addresses = host.Calls.Where(c => c.Fingerprint.Kind == FingerprintKind.Ip).ToList();
        Assert.Equal(30 * 200, addresses.Count);
        Assert.All(addresses, c => Assert.Equal((3, true), (c.Reports.Select(r => r.Sighting.Account).Distinct().Count(), c.Reports.All(r => r.Sighting.Value(0) == c.Fingerprint))));
    }

    /// <summary>What others deliver while reports are admitted may come too late for its shard: its room is not given back with that of the epoch.</summary>
    [Fact]
    public async Task ReportAsync_WithADeliveryMeanwhile_GivesFingerprintsWhatWasShown()
    {
        const int Addresses = 4_000;
        var host = new Recorder();
        var site = new EpochSite(host, new Recorder(), 1 << 16);
        BatchReport[] late = [.. Enumerable.Range(0, Addresses).Select(i => BatchReport.Of(AddressOf(i), new Report(Sightings.Of(i), 0)))];
        host.Afterwards = () => site.Take(Sent(SiteDelivery.CopyOf(1, late, 0, late.Length)));
        for (var number = 1; number <= 3; number++)
        {
            for (var i = 0; number == 3 && i < Addresses; i++) Observe(site.Batch, 10_000 + i, address: i);
            await site.CollectAsync(OpeningOf(number), 0, new DecisionList([]));
            await site.ReportAsync(new EpochWork(number, Traffic.Start, Nobody));
            host.Afterwards = null;
        }

        var addresses = host.Calls.Where(c => c.Fingerprint.Kind == FingerprintKind.Ip).ToList();
        Assert.Equal(Addresses, addresses.Count);
        Assert.All(addresses, c => Assert.Equal((2, true), (c.Reports.Select(r => r.Sighting.Account).Distinct().Count(), c.Reports.All(r => r.Sighting.Value(0) == c.Fingerprint))));
    }

    /// <summary>Many small deliveries share room: each has only a sighting or two, and all of them are remembered.</summary>
    [Fact]
    public async Task Take_OfManySmallDeliveries_PacksThem()
    {
        const int Deliveries = 6_000;
        var site = new EpochSite(new Recorder(), new Recorder(), 1 << 16);
        await site.CollectAsync(OpeningOf(1), 0, new DecisionList([]));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Deliveries; i++) site.Take(Sent(SiteDelivery.CopyOf(i + 1, [BatchReport.Of(AddressOf(i), new Report(Sightings.Of(i), 0))], 0, 1)));
        var perDelivery = (GC.GetAllocatedBytesForCurrentThread() - before) / Deliveries;
        var calls = site.Shards.Held.SelectMany(s => s.Inbox.Contents.Reports).ToList();

        Assert.Equal(Deliveries, calls.Count);
        Assert.InRange(calls.Select(r => r.Sighting.Rows).Distinct().Count(), 1, 20);
        Assert.All(calls, r => Assert.Equal(r.Fingerprint, r.Row.Value(0)));
        Assert.InRange(perDelivery, 0, 16_000);
    }

    /// <summary>Whose sign-up was seen counts as such on each day, whether or not it has anything new to report.</summary>
    [Fact]
    public void Add_OfAnAccountWithNothingNew_KnowsThatItsSignupWasSeen()
    {
        var state = new AccountState(Traffic.AccountOf("one"));
        var signup = Traffic.Input("one", ObservationType.Signup, Traffic.Start);
        AccountRules.Observe(state, signup, Nothing);
        var request = Traffic.Input("one", ObservationType.Request, Traffic.Start + 86_400_000);
        var batch = new EpochBatch();

        var outcome = AccountRules.Observe(state, request, Nothing);
        batch.Add(request, state, outcome);

        Assert.Equal((0ul, true), (outcome.Reports, outcome.Active));
        Assert.Equal(1, batch.Active.View.SignedUp);
    }

    /// <summary>What waits is no object, which would be more than three hundred bytes: from the second epoch on there is next to nothing to collect.</summary>
    [Fact]
    public void Add_OfObservations_AllocatesNextToNothing()
    {
        var batch = new EpochBatch();
        var states = Enumerable.Range(0, 50).Select(i => new AccountState(Traffic.AccountOf($"account-{i}"))).ToArray();
        var input = Traffic.Input("account-0", ObservationType.Request, Traffic.Start) with { Ip = Traffic.Id(20, 1), Sketch = Traffic.Prompt(0, new Random(1), 0) };
        var outcome = new AccountOutcome { Reports = 0b1111_1111 };
        long allocated = 0;
        for (var epoch = 0; epoch < 6; epoch++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 4_000; i++) batch.Add(input, states[i % states.Length], outcome);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            foreach (var rows in batch.Filled) rows.Return();
            batch.Clear();
        }

        Assert.InRange(allocated / 4_000.0, 0, 200);
    }

    private static EpochOpening OpeningOf(long number) => new(number, number - 1, 0, new int[Shard.Count], Policy.Default);

    private static SiteDelivery Sent(SiteDelivery delivery)
    {
        var writer = new StateWriter(512);
        delivery.Write(writer);
        delivery.GiveBack();
        var reader = new StateReader(writer.ToArray());
        return SiteDelivery.Read(ref reader);
    }

    private static Fingerprint AddressOf(int number) => new(FingerprintKind.Ip, 1, Traffic.Id(20, (ulong)(1000 + number)));

    private static void Observe(EpochBatch batch, int number, int? address = null, long time = 0)
    {
        var state = new AccountState(Traffic.AccountOf($"account-{number}"));
        var input = Traffic.Input($"account-{number}", ObservationType.Request, Traffic.Start + time) with
        {
            Ip = Traffic.Id(20, (ulong)(1000 + (address ?? number))),
            Sketch = Traffic.Prompt(0, new Random(number), 0),
        };
        batch.Add(input, state, AccountRules.Observe(state, input, Nothing));
    }

    /// <summary>Keeps what fingerprints get, and answers as fresh ones do.</summary>
    private sealed class Recorder : ISiteHost, ISitePeers
    {
        public List<FingerprintCall> Calls { get; } = [];

        /// <summary>What happens when some work is done and not yet gone on with.</summary>
        public Action? Afterwards { get; set; }

        public ValueTask EachAsync(int count, Action<int> work)
        {
            for (var i = 0; i < count; i++) work(i);
            Afterwards?.Invoke();
            return ValueTask.CompletedTask;
        }

        public ValueTask<FingerprintOutcome?[]> ReportAsync(IReadOnlyList<FingerprintCall> calls, Policy policy)
        {
            Calls.AddRange(calls);
            return new([.. calls.Select(c => (FingerprintOutcome?)new FingerprintOutcome(c.Reports.Count, null, null, false))]);
        }

        public ValueTask<int?[]> PopularityAsync(IReadOnlyList<Fingerprint> fingerprints) => new(new int?[fingerprints.Count]);

        public ValueTask<CampaignOutcome?[]> CloseAsync(IReadOnlyList<CampaignCall> calls, Func<Fingerprint, int> popularity, Policy policy) => new(new CampaignOutcome?[calls.Count]);

        public ValueTask<bool> DeliverAsync(int site, SiteDelivery delivery) => new(false);

        public ValueTask<IReadOnlyList<int>?> PopularityAsync(int site, PopularityCall call) => new((IReadOnlyList<int>?)null);
    }
}
