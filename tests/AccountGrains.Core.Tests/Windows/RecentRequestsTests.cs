using AccountGrains.Core.States;
using AccountGrains.Core.Windows;
using CsCheck;

namespace AccountGrains.Core.Tests.Windows;

public sealed class RecentRequestsTests
{
    private const long Start = 1_777_593_600_000;

    // Steps in units of three seconds, in which ages are exact: some back, some longer than a byte holds. Few ids, so that they come again.
    private static readonly Gen<(int Step, ulong Request, byte Verdict)[]> Calls = Gen.Select(
        Gen.Frequency((16, Gen.Int[-5, 8]), (4, Gen.Int[-40, 60]), (1, Gen.Int[100, 300]), (1, Gen.Int[-300, 1_000])),
        Gen.ULong[1, 60],
        Gen.Byte[0, 3]).Array[1, 150];

    [Fact]
    public void TryFind_InAnyTraffic_FindsWhatTheNaiveListHolds() => Calls.Sample(calls =>
    {
        var recent = new RecentRequests();
        var naive = new List<(ulong Request, long Time, Verdict Given)>();
        long time = Start, newest = 0;

        foreach (var (step, request, verdict) in calls)
        {
            time += step * 3_000L;
            var now = Math.Max(newest, time);
            var known = naive.LastOrDefault(one => one.Request == request && now - one.Time < 600_000);
            var found = recent.TryFind(request, time, out var given);
            Assert.Equal(known.Request != 0, found);
            if (found)
            {
                Assert.Equal(known.Given, given);
                continue;
            }

            recent.Remember(request, time, (Verdict)verdict, hasOutput: false, hasStatus: false);
            newest = now;
            naive.RemoveAll(one => newest - one.Time >= 600_000);
            if (newest - time < 600_000) naive.Add((request, time, (Verdict)verdict));
            if (naive.Count > RecentRequests.Capacity) naive.RemoveAt(0);
        }
    });

    [Fact]
    public void TryFind_OfIdsThatNeverCame_FindsNone()
    {
        var recent = new RecentRequests();
        for (ulong request = 1; request <= 32; request++) recent.Remember(request, Start, Verdict.Block, true, true);

        var found = 0;
        for (ulong request = 100; request < 100_100; request++) found += recent.TryFind(request, Start, out _) ? 1 : 0;

        Assert.Equal(0, found);
    }

    [Theory]
    [InlineData(597_000, true)]
    [InlineData(600_000, false)]
    [InlineData(768_000, false)]
    [InlineData(769_000, false)]
    public void TryFind_AtAnAge_IsTrueForTenMinutes(long age, bool expected)
    {
        var recent = new RecentRequests();
        recent.Remember(7, Start, Verdict.Throttle, false, false);

        var found = recent.TryFind(7, Start + age, out _);

        Assert.Equal(expected, found);
    }

    [Fact]
    public void TryFind_OfADuplicate_ChangesNothing()
    {
        var recent = new RecentRequests();
        recent.Remember(7, Start, Verdict.Throttle, false, false);
        var before = BytesOf(recent);

        recent.TryFind(7, Start + 500_000, out _);
        recent.TryFind(8, Start + 900_000, out _);

        Assert.Equal(before, BytesOf(recent));
    }

    [Fact]
    public void Complete_Twice_AddsWhatIsMissingOnce()
    {
        var recent = new RecentRequests();
        recent.Remember(7, Start, Verdict.Challenge, hasOutput: false, hasStatus: true);

        var first = recent.Complete(7, Start + 5_000, bringsOutput: true, bringsStatus: true);
        var second = recent.Complete(7, Start + 6_000, bringsOutput: true, bringsStatus: true);

        Assert.Equal(new CompletionNeeds(Matched: true, Output: true, Status: false), first);
        Assert.Equal(new CompletionNeeds(Matched: true, Output: false, Status: false), second);
        Assert.True(recent.TryFind(7, Start + 7_000, out var given));
        Assert.Equal(Verdict.Challenge, given);
    }

    [Fact]
    public void Complete_InTwoParts_AddsEachPart()
    {
        var recent = new RecentRequests();
        recent.Remember(7, Start, Verdict.Allow, hasOutput: false, hasStatus: false);

        var status = recent.Complete(7, Start, bringsOutput: false, bringsStatus: true);
        var output = recent.Complete(7, Start, bringsOutput: true, bringsStatus: true);

        Assert.Equal(new CompletionNeeds(Matched: true, Output: false, Status: true), status);
        Assert.Equal(new CompletionNeeds(Matched: true, Output: true, Status: false), output);
    }

    [Fact]
    public void Complete_OfAnUnknownOrMissingId_IsUnmatched()
    {
        var recent = new RecentRequests();
        recent.Remember(0, Start, Verdict.Allow, false, false);
        recent.Remember(7, Start, Verdict.Allow, false, false);

        Assert.False(recent.Complete(8, Start, true, true).Matched);
        Assert.False(recent.Complete(0, Start, true, true).Matched);
        Assert.False(recent.Complete(7, Start + 601_000, true, true).Matched);
    }

    [Fact]
    public void Merge_OfTwoCopies_KeepsTheNewestOfBoth()
    {
        var left = new RecentRequests();
        var right = new RecentRequests();
        for (ulong i = 0; i < 30; i++)
        {
            left.Remember(100 + i, Start + ((long)i * 4_000), Verdict.Allow, false, false);
            right.Remember(200 + i, Start + ((long)i * 4_000), Verdict.Block, true, true);
        }

        left.Merge(right);

        for (ulong i = 0; i < 30; i++)
        {
            Assert.Equal(i >= 14, left.TryFind(100 + i, Start + 120_000, out _));
            Assert.Equal(i >= 14, left.TryFind(200 + i, Start + 120_000, out var given));
            if (i >= 14) Assert.Equal(Verdict.Block, given);
        }
    }

    private static byte[] BytesOf(RecentRequests recent)
    {
        var writer = new StateWriter();
        recent.Write(writer);
        return writer.ToArray();
    }
}
