using System.Diagnostics.Metrics;
using AccountGrains.Silo.Storage;
using AccountGrains.Silo.Tests.Door;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AccountGrains.Silo.Tests.Storage;

/// <summary>How changes are stored behind: at which pace, and what happens while the store does not keep up.</summary>
public sealed class FlushSchedulerTests : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly HeldPool _pool = new() { Pending = 0 };
    private readonly StoreHealth _health;
    private readonly FlushScheduler _scheduler;
    private int _stored;
    private Exception? _failure;

    public FlushSchedulerTests()
    {
        _health = new StoreHealth(_clock, new StorageMetrics(_services.GetRequiredService<IMeterFactory>()), NullLogger<StoreHealth>.Instance);
        _scheduler = Scheduler(maxPerSecond: 1_000);
    }

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task FlushDue_AfterTheInterval_StoresAll_SpreadOverHalfOfIt()
    {
        Register(200);

        var early = await StoredAfterAsync(TimeSpan.FromSeconds(3.7));
        var half = await StoredAfterAsync(TimeSpan.FromSeconds(1.3));
        var late = await StoredAfterAsync(TimeSpan.FromSeconds(1.3));

        Assert.Equal(0, early);
        Assert.InRange(half, 60, 140);
        Assert.Equal(200, half + late);
        Assert.Equal(0, _scheduler.Count);
    }

    [Fact]
    public async Task FlushDue_OfMoreThanThePaceAllows_StoresNoMoreInASecond_AndStretchesTheInterval()
    {
        Register(20_000);
        await StoredAfterAsync(TimeSpan.FromSeconds(6.3));

        var second = await StoredAfterAsync(TimeSpan.FromSeconds(1));
        await StoredAfterAsync(TimeSpan.FromSeconds(8));
        var stretched = _scheduler.Interval;
        await StoredAfterAsync(TimeSpan.FromSeconds(60));

        Assert.InRange(second, 990, 1_010);
        Assert.True(stretched >= TimeSpan.FromSeconds(10), $"{stretched}");
        Assert.Equal((20_000, 0), (_stored, _scheduler.Count));
        Assert.Equal(TimeSpan.FromSeconds(5), _scheduler.Interval);
    }

    [Fact]
    public async Task FlushDue_WhileSomethingAlwaysWaitsForAThread_StoresAQuarter_AndAllAgainWhenItWaitsHalfTheTime()
    {
        Register(5_000);
        await StoredAfterAsync(TimeSpan.FromSeconds(6.3));
        Register(5_000);
        MakeWait(of: 1);
        var always = await StoredAfterAsync(TimeSpan.FromSeconds(1));
        MakeWait(of: 2);
        var halfTheTime = await StoredAfterAsync(TimeSpan.FromSeconds(1));

        Assert.InRange(always, 240, 260);
        Assert.InRange(halfTheTime, 990, 1_010);
    }

    /// <summary>A quarter of 40 a second is too few for 1,200 also when each waits for 80 s: then they have no precedence.</summary>
    [Fact]
    public async Task FlushDue_WhileSomethingAlwaysWaitsForAThread_LeavesNothingForMuchLongerThanTheLongestInterval()
    {
        var scheduler = Scheduler(maxPerSecond: 40);
        MakeWait(of: 1);
        DirtyGrain[] grains = [.. Enumerable.Range(0, 1_200).Select(i => Dirty(i, Flush))];
        var (oldest, longest) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var i = 0; i < 6_000; i++)
        {
            foreach (var grain in grains) scheduler.Register(grain);
            _clock.Advance(Tick);
            await scheduler.FlushDueAsync();
            (oldest, longest) = (Longer(oldest, scheduler.OldestAge), Longer(longest, scheduler.Interval));
        }

        Assert.Equal(TimeSpan.FromSeconds(80), longest);
        Assert.InRange(oldest.TotalSeconds, 60, 180);
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    [Fact]
    public async Task FlushDue_WhileTheStoreFails_KeepsAll_WaitsLonger_AndStoresAtThePaceWhenItIsBack()
    {
        _failure = new IOException("The disk is gone.");
        Register(5_000);

        await StoredAfterAsync(TimeSpan.FromSeconds(60));
        var stretched = _scheduler.Interval;
        var age = _scheduler.OldestAge;
        _failure = null;
        var perSecond = new List<int>();
        for (var i = 0; i < 120 && _scheduler.Count > 0; i++) perSecond.Add(await StoredAfterAsync(TimeSpan.FromSeconds(1)));

        Assert.Equal(5_000, _stored);
        Assert.True(stretched > TimeSpan.FromSeconds(5), $"{stretched}");
        Assert.InRange(age.TotalSeconds, 59, 61);
        Assert.True(perSecond.Max() <= 1_010, $"{perSecond.Max()} in a second");
    }

    [Fact]
    public async Task FlushDue_WhileTheStoreHangs_TriesAFewAlone()
    {
        for (var i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => _health.CallAsync(_ => new TaskCompletionSource().Task, TimeSpan.FromMilliseconds(1), CancellationToken.None));
        }

        var tried = 0;
        for (var i = 0; i < 500; i++) _scheduler.Register(Dirty(i, () => { tried++; throw new StoreUnavailableException("It hangs."); }));
        _clock.Advance(TimeSpan.FromSeconds(7));
        await _scheduler.FlushDueAsync();

        Assert.True(_health.IsDown);
        Assert.InRange(tried, 1, 4);
        Assert.Equal(500, _scheduler.Count);
    }

    [Fact]
    public async Task Hurry_BeforeItIsDue_StoresItAtTheNextLook_AndOnce()
    {
        DirtyGrain[] grains = [.. Enumerable.Range(0, 3).Select(i => Dirty(i, Flush))];
        foreach (var grain in grains) _scheduler.Register(grain);
        _scheduler.Hurry(grains[1]);
        _scheduler.Hurry(grains[1]);

        Assert.Equal(1, await StoredAfterAsync(Tick));
        Assert.Equal(2, await StoredAfterAsync(TimeSpan.FromSeconds(7)));
        Assert.Equal(0, _scheduler.Count);
    }

    [Fact]
    public async Task Forget_OfOneThatWaits_StoresItNoMore()
    {
        DirtyGrain[] grains = [.. Enumerable.Range(0, 3).Select(i => Dirty(i, Flush))];
        foreach (var grain in grains) _scheduler.Register(grain);
        _scheduler.Hurry(grains[0]);
        _scheduler.Forget(grains[0]);
        _scheduler.Forget(grains[1]);

        Assert.Equal(1, await StoredAfterAsync(TimeSpan.FromSeconds(7)));
        Assert.Equal((0, TimeSpan.Zero), (_scheduler.Count, _scheduler.OldestAge));
    }

    [Fact]
    public async Task FlushDueAsync_WithOneThatDoesNotEnd_GoesOnWithoutIt()
    {
        var never = new TaskCompletionSource();
        _scheduler.Register(Dirty(0, () => new ValueTask(never.Task)), atOnce: true);
        var first = _scheduler.FlushDueAsync();
        var waited = !first.IsCompleted;

        _clock.Advance(TimeSpan.FromSeconds(31));
        await first.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        _scheduler.Register(Dirty(1, Flush), atOnce: true);
        await _scheduler.FlushDueAsync();

        Assert.True(waited);
        Assert.Equal((1, 1), (_stored, _scheduler.Count));
    }

    [Fact]
    public async Task Register_WhileItIsStored_StoresItAgain_AndCountsItsAgeFromThen()
    {
        var writing = new TaskCompletionSource();
        var grain = Dirty(0, async () => { await writing.Task; Interlocked.Increment(ref _stored); });
        _scheduler.Register(grain);
        _scheduler.Hurry(grain);
        var flush = _scheduler.FlushDueAsync();
        _clock.Advance(TimeSpan.FromSeconds(2));
        _scheduler.Register(grain);
        var during = _scheduler.OldestAge;
        writing.SetResult();
        await flush;

        Assert.Equal((TimeSpan.FromSeconds(2), TimeSpan.Zero, 1), (during, _scheduler.OldestAge, _scheduler.Count));
        Assert.Equal(1, await StoredAfterAsync(TimeSpan.FromSeconds(7)));
        Assert.Equal(0, _scheduler.Count);
    }

    [Fact]
    public async Task Expect_OfOneThatDoesNotChange_StoresItAfterTwelveIntervals_AndHasNoAge()
    {
        var grain = Dirty(0, Flush);
        _scheduler.Expect(grain);

        Assert.Equal(0, await StoredAfterAsync(TimeSpan.FromSeconds(44)));
        Assert.Equal((0, TimeSpan.Zero), (_scheduler.Count, _scheduler.OldestAge));
        Assert.Equal(1, await StoredAfterAsync(TimeSpan.FromSeconds(32)));
        Assert.Equal(0, await StoredAfterAsync(TimeSpan.FromSeconds(90)));
    }

    [Fact]
    public async Task Register_OfOneThatWasLeftSomething_StoresBothAfterTheInterval_Once()
    {
        var grain = Dirty(0, Flush);
        _scheduler.Expect(grain);
        await StoredAfterAsync(TimeSpan.FromSeconds(20));
        _scheduler.Register(grain);
        _scheduler.Expect(grain);
        await StoredAfterAsync(TimeSpan.FromSeconds(2));

        Assert.Equal((1, TimeSpan.FromSeconds(2)), (_scheduler.Count, _scheduler.OldestAge));
        Assert.Equal(1, await StoredAfterAsync(TimeSpan.FromSeconds(5)));
        Assert.Equal((0, TimeSpan.Zero), (_scheduler.Count, _scheduler.OldestAge));
        Assert.Equal(0, await StoredAfterAsync(TimeSpan.FromSeconds(90)));
    }

    [Fact]
    public async Task Expect_WhileItIsStored_StoresItAgain_SoonerWhenItChangesToo()
    {
        var writing = new TaskCompletionSource();
        DirtyGrain[] grains = [.. Enumerable.Range(0, 2).Select(i => Dirty(i, async () => { await writing.Task; Interlocked.Increment(ref _stored); }))];
        foreach (var grain in grains) _scheduler.Register(grain, atOnce: true);
        var flush = _scheduler.FlushDueAsync();
        foreach (var grain in grains) _scheduler.Expect(grain);
        _scheduler.Register(grains[1]);
        writing.SetResult();
        await flush;

        Assert.Equal((2, 1), (_stored, _scheduler.Count));
        Assert.Equal(1, await StoredAfterAsync(TimeSpan.FromSeconds(7)));
        Assert.Equal(0, _scheduler.Count);
        Assert.Equal(1, await StoredAfterAsync(TimeSpan.FromSeconds(70)));
    }

    [Fact]
    public async Task Expect_OfOneThatCannotBeStored_TriesAgain_AndCountsTheAgeOfWhatChangedMeanwhile()
    {
        var writing = new TaskCompletionSource();
        var grain = Dirty(0, () => new ValueTask(writing.Task));
        _scheduler.Expect(grain);
        _scheduler.Hurry(grain);
        var flush = _scheduler.FlushDueAsync();
        _scheduler.Register(grain);
        writing.SetException(new IOException("The disk is gone."));
        await flush;
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((1, TimeSpan.FromSeconds(1)), (_scheduler.Count, _scheduler.OldestAge));
    }

    [Fact]
    public async Task Expect_AfterItWasStoredWithAChange_WaitsTwelveIntervalsFromThen()
    {
        var grain = Dirty(0, Flush);
        _scheduler.Expect(grain);
        _scheduler.Register(grain);
        var first = await StoredAfterAsync(TimeSpan.FromSeconds(30));
        _scheduler.Expect(grain);

        Assert.Equal(1, first);
        Assert.Equal(0, await StoredAfterAsync(TimeSpan.FromSeconds(44)));
        Assert.Equal(1, await StoredAfterAsync(TimeSpan.FromSeconds(32)));
    }

    [Fact]
    public async Task FlushDue_OfMoreThanThePaceAllows_StoresWhatChangedBeforeWhatIsOnlyExpected()
    {
        var expected = 0;
        for (var i = 0; i < 300; i++) _scheduler.Expect(Dirty(i, () => { Interlocked.Increment(ref expected); return default; }));
        _clock.Advance(TimeSpan.FromSeconds(70));
        Register(150);
        _clock.Advance(TimeSpan.FromSeconds(7));
        await _scheduler.FlushDueAsync();
        var (changed, before) = (_stored, expected);
        await StoredAfterAsync(TimeSpan.FromSeconds(1));

        Assert.Equal((100, 0), (changed, before));
        Assert.Equal((150, 300), (_stored, expected));
        Assert.Equal(TimeSpan.FromSeconds(5), _scheduler.Interval);
    }

    /// <summary>What is stored is in no queue for long, also when nobody asks how old the oldest change is.</summary>
    [Fact]
    public void Add_OfGrainsThatAreStored_KeepsNoneOfThem()
    {
        var dirty = new DirtyGrains();
        dirty.Add(Dirty(0, Flush), since: 1, due: long.MaxValue);
        WeakReference[] gone = [.. Enumerable.Range(1, 10_000).Select(i => AddedAndGone(dirty, i))];
        GC.Collect();

        Assert.InRange(gone.Count(g => g.IsAlive), 0, 200);
        Assert.Equal((1, 1L), (dirty.Count, dirty.OldestSince));
    }

    private WeakReference AddedAndGone(DirtyGrains dirty, int number)
    {
        var grain = Dirty(number, Flush);
        dirty.Add(grain, since: 1 + number, due: long.MaxValue - 1);
        dirty.Remove(grain, isGone: true);
        return new WeakReference(grain);
    }

    [Fact]
    public async Task Leave_WhileItCannotBeStored_AsksItNoMore()
    {
        var (writing, asked) = (new TaskCompletionSource(), 0);
        var grain = Dirty(0, async () => { asked++; await writing.Task; });
        _scheduler.Register(grain);
        _scheduler.Hurry(grain);
        var flush = _scheduler.FlushDueAsync();
        _scheduler.Leave(grain);
        writing.SetException(new IOException("The disk is gone."));
        await flush;
        await StoredAfterAsync(TimeSpan.FromSeconds(7));

        Assert.Equal((1, 0, TimeSpan.Zero), (asked, _scheduler.Count, _scheduler.OldestAge));
    }

    [Fact]
    public async Task OldestAge_OfOneThatChangedWhileItWasStored_IsFromThen_BeforeYoungerOnes()
    {
        var writing = new TaskCompletionSource();
        var slow = Dirty(0, async () => await writing.Task);
        _scheduler.Register(slow);
        _scheduler.Hurry(slow);
        var flush = _scheduler.FlushDueAsync();
        _scheduler.Register(slow);
        _clock.Advance(TimeSpan.FromSeconds(2));
        _scheduler.Register(Dirty(1, Flush));
        writing.SetResult();
        await flush;

        Assert.Equal((TimeSpan.FromSeconds(2), 2), (_scheduler.OldestAge, _scheduler.Count));
    }

    private FlushScheduler Scheduler(int maxPerSecond) =>
        new(_clock, new FlushOptions(TimeSpan.FromSeconds(5), Tick, 16, maxPerSecond), _health, _pool.Wait, NullLogger<FlushScheduler>.Instance);

    private static DirtyGrain Dirty(int number, Func<ValueTask> flush) => new(new Grain(number, flush));

    private void Register(int count)
    {
        for (var i = 0; i < count; i++) _scheduler.Register(Dirty(i, Flush));
    }

    /// <summary>The last probe of the pool waited so long.</summary>
    /// <summary>Has something wait for a thread, though not for long, at one time of so many.</summary>
    private void MakeWait(int of)
    {
        for (var i = 0; i < 200; i++)
        {
            _pool.Pending = i % of == 0 ? 1 : 0;
            _pool.RunFor(HeldPool.Tick);
        }
    }

    private ValueTask Flush()
    {
        if (_failure is not null) return ValueTask.FromException(_failure);
        Interlocked.Increment(ref _stored);
        return default;
    }

    private async Task<int> StoredAfterAsync(TimeSpan time)
    {
        var before = _stored;
        for (var passed = TimeSpan.Zero; passed < time; passed += Tick)
        {
            _clock.Advance(Tick);
            await _scheduler.FlushDueAsync();
        }

        return _stored - before;
    }

    private sealed class Grain(int number, Func<ValueTask> flush) : IStoredBehind
    {
        public GrainId Id { get; } = GrainId.Create("account", $"k1-{number:x32}");

        public ValueTask AskToFlushAsync() => flush();

        public void StayFor(TimeSpan time)
        {
        }
    }
}
