using AccountGrains.Core.Correlation;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.Policies;
using AccountGrains.Core.Sketches;
using AccountGrains.Core.Tests.Epochs;
using CsCheck;

namespace AccountGrains.Core.Tests.Correlation;

public sealed class FingerprintStateTests(ITestOutputHelper output)
{
    private const int Limit = 4096;
    private static readonly PopulationView Population = new(10_000, 100);
    private static readonly Fingerprint Address = new(FingerprintKind.Ip, 1, 77);

    [Theory]
    [InlineData(FingerprintKind.Template)]
    [InlineData(FingerprintKind.Payment)]
    public void Write_AtItsLargest_StaysWithinItsLimit(FingerprintKind kind)
    {
        var state = new FingerprintState(new Fingerprint(kind, 255, UInt128.MaxValue));
        for (var i = 0; i < 1000; i++) state.Observe([new Report(Sightings.Of(i, moments: Sightings.MomentsAt(Enumerable.Range(0, 6).Select(m => Traffic.Start + (m * 600_000L)))), 1)], Population, Policy.Default);

        var stored = Replay.BytesOf(state);

        output.WriteLine($"{kind}: {stored.Length} of {Limit} bytes");
        Assert.True(stored.Length <= Limit);
        Assert.Equal(stored, Replay.BytesOf(FingerprintState.Read(stored)));
        Assert.Equal(1000, FingerprintState.Read(stored).Accounts, 1000 * 3 * 0.092);
    }

    [Theory]
    [InlineData(FingerprintKind.Template)]
    [InlineData(FingerprintKind.Device)]
    public void Observe_OfOneEpochsReportsInAnyOrder_LeavesTheSameBytes(FingerprintKind kind) => Gen.Select(Gen.Int[5, 90], Gen.Int).Sample(one =>
    {
        var fingerprint = new Fingerprint(kind, 1, 9);
        var reports = Enumerable.Range(0, one.Item1).Select(i => BatchReport.Of(fingerprint, new Report(Sightings.Of(i, time: Traffic.Start + (i * 37 % 60_000)), (sbyte)(i % 7 == 0 ? 1 : 0)))).ToArray();
        var shuffled = reports.ToArray();
        new Random(one.Item2).Shuffle(shuffled);

        Assert.Equal(Replay.BytesOf(After(fingerprint, reports)), Replay.BytesOf(After(fingerprint, shuffled)));
    }, iter: 30);

    [Fact]
    public void Observe_OfTheSameReportsAgain_CountsNobodyTwice()
    {
        var state = new FingerprintState(Address);
        Report[] reports = [.. Enumerable.Range(0, 50).Select(i => new Report(Sightings.Of(i), 0))];

        state.Observe(reports, Population, Policy.Default);
        var once = (state.Accounts, state.Recent.Count());
        state.Observe(reports, Population, Policy.Default);

        Assert.Equal(once, (state.Accounts, state.Recent.Count()));
    }

    [Fact]
    public void Observe_OfATemplateToken_AsksForATestAtFourAccountsAndAfterGrowth()
    {
        var state = new FingerprintState(Sightings.Head);
        var tested = new List<int>();

        for (var i = 1; i <= 20; i++)
        {
            if (state.Observe([new Report(Sightings.Of(i), 0)], Population, Policy.Default).Sample is not null) tested.Add(i);
        }

        Assert.Equal([4, 5, 6, 7, 8, 9, 11, 13, 15, 17, 20], tested);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Observe_OfATokenThatManyTemplatesContain_IsGenericAndAsksForNoTest(int position)
    {
        var token = Sighting.TokenOf(4711, position, 1);
        var generic = new FingerprintState(token);
        var own = new FingerprintState(token);

        var outcome = generic.Observe([.. Enumerable.Range(0, 12).Select(i => new Report(Sightings.Of(i, sketch: Phrase(position, template: i)), 0))], Population, Policy.Default);
        var other = own.Observe([.. Enumerable.Range(0, 12).Select(i => new Report(Sightings.Of(i, sketch: Phrase(position, template: 0)), 0))], Population, Policy.Default);

        Assert.Equal((true, true), (outcome.Generic, outcome.Sample is null));
        Assert.Equal((false, false), (other.Generic, other.Sample is null));
    }

    [Fact]
    public void Observe_OfASharedDevice_TellsThoseWhoShareIt()
    {
        var state = new FingerprintState(new Fingerprint(FingerprintKind.Device, 1, 5));
        state.Observe([new Report(Sightings.Of(1), 0)], Population, Policy.Default);

        var notices = state.Observe([new Report(Sightings.Of(2), 0)], Population, Policy.Default).Notices;

        Assert.Equal(2, notices!.Length);
        Assert.All(notices, n => Assert.Equal((2, (float)state.WeightIn(Population, Policy.Default)), (n.Seen, n.Weight)));
    }

    [Fact]
    public void Observe_OfAnAddressThatMoreAndMoreShare_TellsTheNewOnes_AndAllAtEachPowerOfTwo()
    {
        var state = new FingerprintState(Address);

        var told = Enumerable.Range(1, 17).Select(i => TellAt(state, i).Length).ToList();

        Assert.Equal([0, 2, 1, 4, 1, 1, 1, 8, 1, 0, 2, 0, 2, 0, 2, 0, 17], told);
    }

    [Fact]
    public void Observe_OfAnAccountThatReportsAgain_TellsItTheNumberOfNow()
    {
        var state = new FingerprintState(Address);
        for (var i = 1; i <= 4; i++) TellAt(state, i);
        TellAt(state, 1, minute: 5);

        var told = TellAt(state, 5, minute: 6);

        Assert.Equal(new[] { Sightings.Of(1).Account, Sightings.Of(5).Account }.Order(), told.Select(n => n.Account));
        Assert.All(told, n => Assert.Equal(5, n.Seen));
    }

    [Fact]
    public void Observe_OfAStateThatIsStoredBeforeEachReport_TellsWhatOneInMemoryTells() =>
        Gen.Int[0, 30].List[1, 120].Sample(accounts =>
        {
            var inMemory = new FingerprintState(Address);
            var stored = new FingerprintState(Address);
            for (var i = 0; i < accounts.Count; i++)
            {
                var said = TellAt(inMemory, accounts[i], i);
                stored = FingerprintState.Read(Replay.BytesOf(stored));

                Assert.Equal(said, TellAt(stored, accounts[i], i));
            }
        });

    [Fact]
    public void Observe_OfAReportThatWasNotAcknowledged_TellsAllOnceMore()
    {
        var state = new FingerprintState(Address);
        for (var i = 1; i <= 11; i++) TellAt(state, i, i);

        var told = TellAt(state, 11, 11);

        Assert.Equal(11, told.Length);
        Assert.Empty(TellAt(state, 1, 12));
    }

    [Fact]
    public void Observe_OfALinkThatBecomesNone_TellsThoseWhoWereToldOnce()
    {
        var state = new FingerprintState(Address);
        for (var i = 1; i <= 16; i++) TellAt(state, i);

        var notices = Enumerable.Range(17, 40).Select(i => TellAt(state, i, i, population: 500)).ToList();

        var told = Assert.Single(notices, n => n.Length > 0);
        Assert.Equal(15, told.Length);
        Assert.All(told, n => Assert.True(n.Weight < Policy.Default.LinkWeight));
    }

    [Fact]
    public void Observe_OfAnArtefactThatIsPassedOn_TellsAllEachTime()
    {
        var state = new FingerprintState(new Fingerprint(FingerprintKind.Artefact, 1, 5));

        var told = Enumerable.Range(1, 9).Select(i => TellAt(state, i).Length).ToList();

        Assert.Equal([0, 2, 3, 4, 5, 6, 7, 8, 9], told);
    }

    [Fact]
    public void Observe_OfAnAddressThatEverybodyUses_TellsNobody()
    {
        var state = new FingerprintState(Address);
        var notices = Enumerable.Range(0, 3000).Select(i => state.Observe([new Report(Sightings.Of(i), 0)], new PopulationView(3000, 0), Policy.Default).Notices).ToList();

        Assert.All(notices.Skip(100), Assert.Null);
    }

    [Fact]
    public void Observe_OfABanAndARestore_CountsTheBanned()
    {
        var state = new FingerprintState(Address);

        state.Observe([new Report(Sightings.Of(1), 1), new Report(Sightings.Of(2), 1)], Population, Policy.Default);
        var banned = state.Banned;
        state.Observe([new Report(Sightings.Of(1), -1)], Population, Policy.Default);

        Assert.Equal((2, 1), (banned, state.Banned));
    }

    private static LinkNotice[] TellAt(FingerprintState state, int account, int? minute = null, int population = 100_000) => state.Observe(
        [new Report(Sightings.Of(account, time: Traffic.Start + ((minute ?? account) * 60_000L)), 0)], new PopulationView(population, 0), Policy.Default).Notices ?? [];

    private static TemplateSketch Phrase(int position, int template)
    {
        var sketch = Traffic.Prompt((ulong)(900 + template), new Random(template), 0);
        sketch[position] = 4711;
        return sketch;
    }

    private static FingerprintState After(Fingerprint fingerprint, BatchReport[] reports)
    {
        var inbox = new ShardInbox();
        foreach (var report in reports) inbox.Add(report);
        var state = new FingerprintState(fingerprint);
        state.Observe([.. inbox.TakeReports().Select(r => r.Report)], Population, Policy.Default);
        return state;
    }
}
