using AccountGrains.Core.Accounts;
using AccountGrains.Core.Door;
using AccountGrains.Core.Tests.Epochs;
using AccountGrains.Core.Windows;
using static AccountGrains.Core.Tests.Accounts.Cases;

namespace AccountGrains.Core.Tests.Accounts;

/// <summary>Accounts whose stored state cannot be read for a while.</summary>
public sealed class UnknownHistoryTests
{
    [Fact]
    public void Learn_AfterAnyTraffic_CountsWhatOneStateWouldHaveCounted()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var inputs = Requests(seed, 60);
            var expected = new AccountState(Account);
            var stored = new AccountState(Account);
            var meanwhile = new AccountState(Account);
            foreach (var input in inputs) AccountRules.Observe(expected, input, Snapshot());
            foreach (var input in inputs[..25]) AccountRules.Observe(stored, input, Snapshot());
            foreach (var input in inputs[25..]) AccountRules.ObserveUnknown(meanwhile, input);

            AccountRules.Learn(stored, meanwhile, Snapshot());

            var (one, two) = (expected.Behaviour, stored.Behaviour);
            Assert.Equal((one.FirstSeen, one.LastSeen, one.SignupAt, expected.Name, expected.Payment), (two.FirstSeen, two.LastSeen, two.SignupAt, stored.Name, stored.Payment));
            for (var day = one.Days.NewestDay; day > one.Days.NewestDay - DailyTotals.Days; day--) Assert.Equal(one.Days[day], two.Days[day]);
            foreach (var horizon in Enum.GetValues<Horizon>())
            {
                foreach (var measure in Enum.GetValues<Measure>()) Assert.Equal(one.Counters.ValueAt(measure, horizon, one.LastSeen), two.Counters.ValueAt(measure, horizon, one.LastSeen), 1e-6);
            }

            Assert.Equal((one.SeenFrom.Addresses, one.SeenFrom.Networks), (two.SeenFrom.Addresses, two.SeenFrom.Networks));
        }
    }

    [Fact]
    public void Learn_Twice_AddsOnce()
    {
        var stored = new AccountState(Account);
        var meanwhile = new AccountState(Account);
        foreach (var input in Requests(1, 10)) AccountRules.ObserveUnknown(meanwhile, input);

        AccountRules.Learn(stored, meanwhile, Snapshot());
        AccountRules.Learn(stored, meanwhile, Snapshot());

        Assert.Equal(10u, stored.Behaviour.Days[stored.Behaviour.Days.NewestDay].Requests);
    }

    [Fact]
    public void ObserveUnknown_OfWhatWouldBeRestricted_DecidesAndReportsNothing()
    {
        var meanwhile = new AccountState(Account);
        var known = new AccountState(Account);
        var reported = 0ul;

        foreach (var input in Requests(3, 40))
        {
            reported |= AccountRules.Observe(known, input, Snapshot()).Reports;
            var outcome = AccountRules.ObserveUnknown(meanwhile, input);
            Assert.Equal((Verdict.Allow, 0ul, null, null), (outcome.Verdict, outcome.Reports, outcome.Decision, outcome.First));
        }

        Assert.NotEqual(0ul, reported);
        Assert.Equal((0, null), (meanwhile.DecisionNumber, meanwhile.Case));
    }

    [Fact]
    public void Learn_ForAMemberWithAVerdict_KeepsCaseVerdictAndDecision()
    {
        var stored = Member(template: 8, payment: 8);
        AccountRules.Judge(stored, Snapshot(), Traffic.Start);
        var before = (stored.Verdict, stored.Score, stored.Campaign, stored.DecisionNumber, stored.DecidedAt, stored.Case!.Slots.Single().Member);
        var meanwhile = new AccountState(Account);
        foreach (var input in Requests(4, 10)) AccountRules.ObserveUnknown(meanwhile, input);

        var decision = AccountRules.Learn(stored, meanwhile, Snapshot());

        Assert.NotEqual(Verdict.Allow, stored.Verdict);
        Assert.Null(decision);
        Assert.Equal(before, (stored.Verdict, stored.Score, stored.Campaign, stored.DecisionNumber, stored.DecidedAt, stored.Case!.Slots.Single().Member));
        Assert.Equal(AccountState.Read(Account, stored.Name, stored.Write()).Write(), stored.Write());
    }

    [Fact]
    public void Learn_AfterABanMeanwhile_BlocksWithTheNextDecision_AndARestoreLiftsIt()
    {
        var stored = new AccountState(Account);
        AccountRules.Observe(stored, Requests(5, 1)[0], Snapshot());
        var meanwhile = new AccountState(Account);
        AccountRules.ObserveUnknown(meanwhile, Traffic.Input("someone", ObservationType.Ban, Traffic.Start + Traffic.Hour));

        var ban = AccountRules.Learn(stored, meanwhile, Snapshot());
        AccountRules.ObserveUnknown(meanwhile, Traffic.Input("someone", ObservationType.Restore, Traffic.Start + (2 * Traffic.Hour)));
        var restore = AccountRules.Learn(stored, meanwhile, Snapshot());

        Assert.Equal((Verdict.Block, 1), (ban!.Verdict, ban.Number));
        Assert.Equal((Verdict.Allow, 2), (restore!.Verdict, restore.Number));
    }

    [Fact]
    public void ObserveUnknown_OfTheSameRequestTwice_CountsItOnce_AlsoAfterLearning()
    {
        var stored = new AccountState(Account);
        var meanwhile = new AccountState(Account);
        var request = Requests(6, 1)[0];

        var first = AccountRules.ObserveUnknown(meanwhile, request);
        var second = AccountRules.ObserveUnknown(meanwhile, request);
        AccountRules.Learn(stored, meanwhile, Snapshot());
        var third = AccountRules.Observe(stored, request, Snapshot());

        Assert.Equal((false, true, true), (first.Duplicate, second.Duplicate, third.Duplicate));
        Assert.Equal(1u, stored.Behaviour.Days[stored.Behaviour.Days.NewestDay].Requests);
    }

    private static AccountInput[] Requests(int seed, int count)
    {
        var random = new Random(seed);
        var times = Enumerable.Range(0, count).Select(_ => Traffic.Start + random.NextInt64(3 * 24 * Traffic.Hour)).Order().ToArray();
        if (count <= 10) times = [.. times.Select((_, i) => Traffic.Start + i)];
        return [.. times.Select((time, i) => Traffic.Input("someone", i == 0 && count > 10 ? ObservationType.Signup : ObservationType.Request, time) with
        {
            Request = (ulong)i + 1,
            Ip = Traffic.Id(7, (ulong)random.Next(9)),
            Asn = Traffic.Id(8, (ulong)random.Next(3)),
            Payment = Traffic.Id(9, (ulong)random.Next(2)),
            OutputTokens = random.Next(1000),
            Status = random.Next(4) == 0 ? 500 : 200,
            Sketch = Traffic.Prompt(1, random),
        })];
    }
}
