using AccountGrains.Core.Door;
using CsCheck;

namespace AccountGrains.Core.Tests.Door;

public sealed class StandingWaitTests
{
    private const int Target = 25;
    private const int Interval = 100;
    private const int Tick = 5;

    [Fact]
    public void Stands_AfterAnIntervalOfLongWaits_IsTrue()
    {
        var standing = New();

        for (var now = 0; now < 100; now += Tick) Note(standing, now, 26);
        Assert.False(standing.Stands);
        Note(standing, 100, 26);

        Assert.True(standing.Stands);
    }

    [Fact]
    public void Stands_WhenOneWaitOfTheIntervalIsShort_IsFalse()
    {
        var standing = New();

        Note(standing, 0, 500);
        Note(standing, 50, 500);
        Note(standing, 95, 25);
        Note(standing, 100, 500);
        Note(standing, 150, 500);
        Note(standing, 199, 500);

        Assert.False(standing.Stands);
    }

    [Theory]
    [InlineData(13, true)]
    [InlineData(12, false)]
    public void Stands_OnceItDid_UntilAWaitIsAtMostHalfTheTarget(int wait, bool expected)
    {
        var standing = Stood();

        Note(standing, 105, wait);

        Assert.Equal(expected, standing.Stands);
    }

    [Theory]
    [InlineData(199, true)]
    [InlineData(200, false)]
    public void Stands_WhenWaitsAreLongAgainWithinTheInterval_IsTrueAtOnce(int at, bool expected)
    {
        var standing = Stood();
        Note(standing, 101, 0);
        Note(standing, 150, 0);

        Note(standing, at, 26);

        Assert.Equal(expected, standing.Stands);
    }

    [Fact]
    public void Stands_WhenNoWaitWasTooLongForAnInterval_IsFalse_ThoughNoneWasShort()
    {
        var standing = Stood();

        for (var now = 105; now < 200; now += Tick) Note(standing, now, Target);
        Assert.True(standing.Stands);
        Note(standing, 200, Target);

        Assert.False(standing.Stands);
    }

    [Fact]
    public void Stands_AfterATimeInWhichNobodyLooked_IsFalse()
    {
        var standing = New();

        Note(standing, 0, 26);
        Note(standing, 100_000, 100_000);

        Assert.False(standing.Stands);
    }

    [Fact]
    public void Takes_WhileItStands_OneInEight()
    {
        var standing = Stood();

        var taken = Enumerable.Range(0, 80).Count(_ => standing.Takes());

        Assert.Equal(10, taken);
    }

    [Fact]
    public void Takes_WhileItDoesNotStand_All() => Assert.True(Enumerable.Range(0, 80).All(_ => New().Takes()));

    [Fact]
    public void Queue_OfWhichAllIsDone_NeverStands_ThoughItPauses40MillisecondsEachSecond() => Gen.Select(Gen.Double[0.1, 0.6], Gen.Int[0, 191]).Sample((load, pauseAt) =>
    {
        var (longest, refused) = Queue(load, pauseAt);

        Assert.Equal(0, refused);
        Assert.InRange(longest, 40 - Tick, 40 + Tick);
    });

    [Fact]
    public void Queue_OfWhichMoreComesThanIsDone_KeepsWaitsShort_AndRefusesLittleMoreThanIsTooMuch() => Gen.Select(Gen.Double[1.2, 4], Gen.Int[0, 191]).Sample((load, pauseAt) =>
    {
        var (longest, refused) = Queue(load, pauseAt);

        // What comes too much until the first wait is longer than the target, and for an interval from then on; a pause may fall into it, and one into working it off.
        var tooLong = Target / (1 - (1 / load));
        Assert.InRange(longest, Target, ((load - 1) * (tooLong + Interval + (2 * Tick))) + ((load + 1) * 40));
        Assert.InRange(refused, 1 - (1 / load), 1 - (1 / load) + 0.25);
    });

    /// <summary>A queue to which each tick brings so much work, of which a tick does one; it pauses for eight of 200 ticks. What is refused costs nothing.</summary>
    /// <returns>How long work waited at most in milliseconds, and the share that was refused.</returns>
    private static (double Longest, double Refused) Queue(double load, int pauseAt)
    {
        const int Ticks = 4_000;
        var standing = New();
        var waiting = new LinkedList<(int Since, double Work)>();
        var (longest, refused) = (0, 0);
        for (var tick = 0; tick < Ticks; tick++)
        {
            if (standing.Takes()) waiting.AddLast((tick, load));
            else refused++;
            if (tick % 200 < pauseAt || tick % 200 >= pauseAt + 8) Work(waiting);
            var wait = waiting.First is { } next ? (tick - next.Value.Since) * Tick : 0;
            longest = Math.Max(longest, wait);
            Note(standing, tick * Tick, wait);
        }

        return (longest, refused / (double)Ticks);
    }

    private static void Work(LinkedList<(int Since, double Work)> waiting)
    {
        var left = 1.0;
        while (left > 0 && waiting.First is { Value: var next })
        {
            waiting.RemoveFirst();
            if (next.Work > left) waiting.AddFirst((next.Since, next.Work - left));
            left -= next.Work;
        }
    }

    private static StandingWait Stood()
    {
        var standing = New();
        for (var now = 0; now <= 100; now += Tick) Note(standing, now, 26);
        return standing;
    }

    private static StandingWait New() => new(TimeSpan.FromMilliseconds(Target), TimeSpan.FromMilliseconds(Interval));

    private static void Note(StandingWait standing, double now, double wait) => standing.Note(TimeSpan.FromMilliseconds(now), TimeSpan.FromMilliseconds(wait));
}
