using AccountGrains.Core.Accounts;
using AccountGrains.Core.Conduct;
using AccountGrains.Core.Door;
using AccountGrains.Core.Sketches;
using AccountGrains.Core.States;
using AccountGrains.Core.Windows;
using CsCheck;
using static AccountGrains.Core.Tests.Windows.Traffic;

namespace AccountGrains.Core.Tests.Windows;

public sealed class AccountBehaviourStateTests(ITestOutputHelper output)
{
    [Fact]
    public void StoredSize_OfAnyAccount_IsFixedAndWithinItsShare() => Inputs.Sample(inputs =>
    {
        Assert.Equal(AccountBehaviour.StoredSize, BytesOf(Observed(inputs)).Length);
        Assert.Equal(AccountBehaviour.StoredSize, BytesOf(new AccountBehaviour()).Length);
    });

    [Fact]
    public void StoredSize_InAll_IsAtMost740()
    {
        (string Part, int Bytes)[] parts =
        [
            ("decayed counters and last seen", DecayedCounters.StoredSize),
            ("first seen", ShortTime.StoredSize),
            ("sign-up, plan, organization", AccountProfile.StoredSize),
            ("daily totals", DailyTotals.StoredSize),
            ("addresses, networks, clients", SeenFrom.StoredSize),
            ("last request, gaps, hours, quiet spells", RequestTimes.StoredSize),
            ("templates", HeavyHitters<TemplateKey>.StoredSize),
            ("capabilities", HeavyHitters<ShortLabel>.StoredSize),
            ("recent requests", RecentRequests.StoredSize),
            ("reasoning asked for, new models", FadingShare.StoredSize + ModelPivot.StoredSize),
        ];

        foreach (var (part, bytes) in parts) output.WriteLine($"{bytes,4}  {part}");
        output.WriteLine($"{AccountBehaviour.StoredSize,4}  in all");

        Assert.Equal(AccountBehaviour.StoredSize, parts.Sum(one => one.Bytes));
        Assert.InRange(AccountBehaviour.StoredSize, 1, 740);
    }

    [Fact]
    public void State_ReadBack_IsTheSameByteForByte() => Inputs.Sample(inputs =>
    {
        var bytes = BytesOf(Observed(inputs));

        Assert.Equal(bytes, BytesOf(ReadFrom(bytes)));
    });

    [Fact]
    public void Observe_FromTheSameBytes_GivesTheSameBytes() => Gen.Select(Inputs, Inputs, Gen.Long[0, 60]).Sample((before, after, pause) =>
    {
        var inMemory = Observed(before);
        var readBack = ReadFrom(BytesOf(inMemory));

        // A pause of up to sixty days passes the limits of every window.
        foreach (var input in after)
        {
            var later = input with { Time = input.Time + (pause * Decay.Day) };
            Assert.Equal(Take(inMemory, later), Take(readBack, later));
        }

        Assert.Equal(BytesOf(inMemory), BytesOf(readBack));
        Assert.Equal(inMemory.At(0).LongestQuietSeconds, readBack.At(0).LongestQuietSeconds);
    });

    [Fact]
    public void Merge_OfDisjointTraffic_IsWhatOneCopyWouldHaveSeen() => Gen.Select(Inputs, Inputs).Sample((left, right) =>
    {
        AccountInput[] all = [.. left.Select(Unmatched), .. right.Select(Unmatched)];
        var expected = Observed(all);
        var merged = Observed([.. left.Select(Unmatched)]);

        merged.Merge(Observed([.. right.Select(Unmatched)]));

        Assert.Equal((expected.FirstSeen, expected.LastSeen, expected.SignupAt), (merged.FirstSeen, merged.LastSeen, merged.SignupAt));
        for (var day = Decay.DayOf(Start); day < Decay.DayOf(Start) + 3; day++) Assert.Equal(expected.Days[day], merged.Days[day]);
        for (var hour = 0; hour < 24; hour++) Assert.Equal(expected.Hours[hour], merged.Hours[hour]);
        Assert.Equal(BytesOf(expected.SeenFrom), BytesOf(merged.SeenFrom));
        foreach (var horizon in Enum.GetValues<Horizon>())
        {
            var sum = expected.Counters.ValueAt(Measure.InputTokens, horizon, expected.LastSeen);
            Assert.Equal(sum, merged.Counters.ValueAt(Measure.InputTokens, horizon, merged.LastSeen), sum * 1e-9);
        }
    });

    [Fact]
    public void Merge_OfAnyTwoCopies_GoesOnAlikeInMemoryAndReadBack() => Gen.Select(Inputs, Inputs, Inputs).Sample((left, right, after) =>
    {
        var merged = Observed(left);
        merged.Merge(Observed([.. right.Select(input => input with { Time = input.Time + (55 * Decay.Day) })]));
        var readBack = ReadFrom(BytesOf(merged));

        foreach (var input in after.Select(input => input with { Time = input.Time + (55 * Decay.Day) }))
        {
            Assert.Equal(Take(merged, input), Take(readBack, input));
        }

        Assert.Equal(BytesOf(merged), BytesOf(readBack));
    });

    [Fact]
    public void Merge_OfCopiesWithASilenceBetween_CountsItAsQuiet()
    {
        var earlier = Observed([Request(Start), Request(Start + 60_000)]);
        var later = Observed([Request(Start + (10 * 3_600_000)), Request(Start + (10 * 3_600_000) + 60_000)]);

        later.Merge(earlier);

        Assert.Equal(10 * 3_600, later.LongestQuietSeconds(0), 600.0);
    }

    [Fact]
    public void Merge_WithACopyThatSawNothing_ChangesNothing() => Inputs.Sample(inputs =>
    {
        var account = Observed(inputs);
        var before = BytesOf(account);

        account.Merge(new AccountBehaviour());

        Assert.Equal(before, BytesOf(account));
    });

    [Fact]
    public void Observe_OnceWarm_AllocatesNothing()
    {
        var account = new AccountBehaviour();
        var inputs = Enumerable.Range(0, 10_000).Select(i => Request(Start + (i * 500L), (ulong)i + 1, 900, 200, (ulong)(i % 50))).ToArray();
        var next = 0;

        var allocated = Allocation.Of(() =>
        {
            ref readonly var input = ref inputs[next++];
            Take(account, input);
            account.Observe(Completion(input.Time, input.Request, 5, 200));
        });

        Assert.Equal(0, allocated);
    }

    private static AccountBehaviour Observed(AccountInput[] inputs)
    {
        var account = new AccountBehaviour();
        foreach (var input in inputs) Take(account, input);
        return account;
    }

    private static ObserveOutcome Take(AccountBehaviour account, in AccountInput input)
    {
        var isRequest = input.Type == ObservationType.Request;
        if (isRequest && account.Recent.TryFind(input.Request, input.Time, out _)) return default;
        var outcome = account.Observe(input);
        if (isRequest) account.Recent.Remember(input.Request, input.Time, Verdict.Allow, input.OutputTokens >= 0, input.Status > 0);
        return outcome;
    }

    private static AccountInput Unmatched(AccountInput input) => input with { Request = 0 };

    private static AccountBehaviour ReadFrom(byte[] bytes)
    {
        var reader = new StateReader(bytes);
        var account = AccountBehaviour.Read(ref reader, AccountState.Schema);
        Assert.Equal(0, reader.Remaining);
        return account;
    }

    private static byte[] BytesOf(SeenFrom seenFrom)
    {
        var writer = new StateWriter();
        seenFrom.Write(writer);
        return writer.ToArray();
    }

    private static byte[] BytesOf(AccountBehaviour account)
    {
        var writer = new StateWriter();
        account.Write(writer);
        return writer.ToArray();
    }
}
