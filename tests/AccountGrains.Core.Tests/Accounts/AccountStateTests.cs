using AccountGrains.Core.Accounts;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.Door;
using AccountGrains.Core.Tests.Epochs;
using CsCheck;
using static AccountGrains.Core.Tests.Accounts.Cases;

namespace AccountGrains.Core.Tests.Accounts;

public sealed class AccountStateTests(ITestOutputHelper output)
{
    [Fact]
    public void Write_AfterAnyTraffic_StaysWithinItsLimitAndReadsBack()
    {
        var largest = 0;

        Windows.Traffic.Inputs.Sample(inputs =>
        {
            var state = new AccountState(inputs[0].Account);
            foreach (var input in inputs) AccountRules.Observe(state, input, Snapshot());
            var stored = state.Write(out var hot);
            InterlockedMax(ref largest, hot);

            Assert.True(hot <= AccountState.HotLimit);
            Assert.Equal(stored, AccountState.Read(state.Id, state.Name, stored).Write());
        }, iter: 200);

        output.WriteLine($"hot part: {largest} of {AccountState.HotLimit} bytes");
        Assert.Equal(largest, HotSizeOf(new AccountState(Account)));
    }

    [Fact]
    public void Write_OfTheLargestCase_StaysWithinItsLimitAndReadsBack()
    {
        var state = Largest();

        var stored = state.Write(out var hot);

        output.WriteLine($"hot part {hot} of {AccountState.HotLimit}, case part {stored.Length - hot} of {AccountState.CaseLimit} bytes");
        Assert.True(hot <= AccountState.HotLimit);
        Assert.True(stored.Length - hot <= AccountState.CaseLimit);
        Assert.Equal((CaseFile.LinkLimit, CaseFile.SlotLimit, 8), (state.Case!.Links.Count, state.Case.Slots.Count, state.Case.Reasons.Count));
        Assert.Equal(stored, AccountState.Read(state.Id, state.Name, stored).Write());
    }

    [Fact]
    public void Note_OfMoreLinksThanAreKept_KeepsTheStrongest()
    {
        var state = new AccountState(Account);

        for (var i = 0; i < 40; i++) state.OpenCase().Note(Link(i, weight: i));
        state.OpenCase().Note(Link(39, weight: 1, seen: 2));

        Assert.Equal(Enumerable.Range(28, 12).Reverse().Select(w => (float)w), state.Case!.Links.Select(l => l.Weight));
    }

    [Fact]
    public void IsYoung_OfWhoOnlySharesWithOthers_IsTrue()
    {
        var state = new AccountState(Account);

        state.OpenCase().Note(Link(1, weight: 5));

        Assert.True(state.IsYoung);
    }

    [Fact]
    public void IsYoung_OfWhoStandsByACampaign_IsTrueUntilItIsAMember()
    {
        var state = new AccountState(Account);
        var slot = state.OpenCase().Open(First, Traffic.Start)!;

        Assert.True(state.IsYoung);

        slot.Member = true;

        Assert.False(state.IsYoung);
    }

    [Fact]
    public void IsYoung_UnderAVerdict_IsFalse()
    {
        var state = new AccountState(Account);

        AccountRules.Observe(state, new AccountInput { Type = ObservationType.Ban, Time = Traffic.Start, Account = Account, Name = "someone" }, Snapshot());

        Assert.False(state.IsYoung);
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(5, false)]
    public void IsYoung_AfterSomeRequests_IsTrueBelowFive(int requests, bool expected)
    {
        var state = new AccountState(Account);

        for (var i = 0; i < requests; i++) AccountRules.Observe(state, new AccountInput { Type = ObservationType.Request, Time = Traffic.Start + i, Account = Account, Name = "someone" }, Snapshot());

        Assert.Equal(expected, state.IsYoung);
    }

    [Fact]
    public void Adopt_OfAnOlderDecision_ChangesNothing()
    {
        var state = Member(template: 8, payment: 8);
        AccountRules.Judge(state, Snapshot(), 1);
        var stored = state.Write();

        state.Adopt(DecisionOf(1));

        Assert.Equal(stored, state.Write());
    }

    [Fact]
    public void Read_OfATruncatedRecord_SaysSo()
    {
        var stored = Largest().Write();

        for (var length = 0; length < stored.Length; length += 97)
        {
            Assert.Throws<InvalidDataException>(() => AccountState.Read(Account, "", stored.AsSpan(0, length)));
        }
    }

    /// <summary>All links, slots with all families and tokens, as many reasons as a stored decision can bring, the longest text and the longest labels.</summary>
    private static AccountState Largest()
    {
        var state = Member(8, 8, 8, 8);
        var second = state.Case!.Open(Second, Traffic.Start)!;
        for (var i = 0; i < 5; i++) Cases.Link(second, i, FingerprintKind.Device, 8);
        foreach (var slot in state.Case.Slots)
        {
            for (var i = 1UL; i <= 9; i++) slot.NoteToken(i * 1000);
        }

        for (var i = 0; i < 40; i++) state.Case.Note(Link(i, weight: i));
        state.Case.NoteLabels(new string('a', LabelCache.MaxBytes), new string('b', LabelCache.MaxBytes));
        state.Adopt(DecisionOf(5));
        return state;
    }

    private static Decision DecisionOf(int number) => new()
    {
        Account = Account,
        Name = "someone",
        Number = number,
        Time = 5,
        Verdict = Verdict.Challenge,
        Score = 0.5,
        Campaign = Second.ToString(),
        Reasons = [new Reason(ReasonCode.ExternalBan, EvidenceFamily.None, default, 0, 0, 0) { Text = new string('請', 256) }, .. Enumerable.Range(1, DecisionCodec.MaxReasons - 1).Select(i => new Reason(ReasonCode.Shared, EvidenceFamily.Payment, new Fingerprint(FingerprintKind.Payment, 1, (UInt128)(i + 1)), 5, 3, 0.1f))],
        PolicyVersion = 1,
    };

    private static LinkNotice Link(int number, float weight, int seen = 3) => new(Account, new Fingerprint(FingerprintKind.Ip, 1, (UInt128)(number + 1)), seen, 0.1f, weight);

    private static int HotSizeOf(AccountState state)
    {
        state.Write(out var hot);
        return hot;
    }

    private static void InterlockedMax(ref int largest, int value)
    {
        int before;
        while (value > (before = Volatile.Read(ref largest))) Interlocked.CompareExchange(ref largest, value, before);
    }
}
