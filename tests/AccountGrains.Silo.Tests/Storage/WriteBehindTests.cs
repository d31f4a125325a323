using AccountGrains.Abstractions;
using AccountGrains.Silo.Hosting;
using AccountGrains.Silo.Storage;
using AccountGrains.Silo.Tests.Door;
using AccountGrains.Silo.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Orleans.Storage;

namespace AccountGrains.Silo.Tests.Storage;

/// <summary>Writes behind whose answers are lost or late.</summary>
public sealed class WriteBehindTests : IAsyncDisposable
{
    private readonly StorageHost _host = new("Sqlite");
    private readonly KeptGrain _grain = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly Unreliable _storage;
    private readonly FakeMembership _cluster = new();
    private readonly TrackerOptions _limits = new();
    private readonly StorageOptions _calls = new();
    private readonly RecentLosses _losses;
    private readonly FlushScheduler _scheduler;
    private readonly WriteBehind _behind;

    public WriteBehindTests()
    {
        _storage = new Unreliable(_host.Storage);
        var options = new FlushOptions(TimeSpan.FromHours(1), TimeSpan.FromSeconds(1), 1, 1);
        _scheduler = new FlushScheduler(TimeProvider.System, options, _host.Services.GetRequiredService<StoreHealth>(), new HeldPool().Wait, NullLogger<FlushScheduler>.Instance);
        _losses = new RecentLosses(_cluster, _cluster, _clock);
        _behind = Behind();
    }

    [Fact]
    public async Task FlushAsync_WhileAnotherLooksWhoseTheRecordIs_WaitsForIt_AndTheNewestIsStored()
    {
        await _behind.BeginAsync(TestContext.Current.CancellationToken);
        _storage.LosesNextAnswer = true;
        await Assert.ThrowsAnyAsync<Exception>(() => FlushAsync(1));
        var reading = new TaskCompletionSource();
        _storage.Reading = reading.Task;

        var second = FlushAsync(2);
        await _storage.ReadBegan.Task;
        var third = FlushAsync(3);
        var waited = !third.IsCompleted;
        reading.SetResult();

        Assert.True(waited && await second && await third);
        Assert.Equal([3], await StoredAsync());
    }

    [Fact]
    public async Task FlushAsync_AfterOneThatFailed_StoresWhatThatOneDidNot()
    {
        await _behind.BeginAsync(TestContext.Current.CancellationToken);
        Assert.True(await FlushAsync(1));
        _storage.LosesNextAnswer = true;
        await Assert.ThrowsAnyAsync<Exception>(() => FlushAsync(2));

        Assert.True(_behind.IsDirty);
        Assert.True(await _behind.FlushAsync(() => Of(3)));
        Assert.False(_behind.IsDirty);
        Assert.Equal([3], await StoredAsync());
    }

    [Fact]
    public async Task FlushAsync_OfWhatCannotBeWritten_LeavesItDirty()
    {
        await _behind.BeginAsync(TestContext.Current.CancellationToken);
        _behind.Changed();

        await Assert.ThrowsAsync<NotSupportedException>(() => _behind.FlushAsync(() => throw new NotSupportedException()));

        Assert.True(_behind.IsDirty);
        Assert.True(await _behind.FlushAsync(() => Of(1)));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(0, true)]
    [InlineData(59, true)]
    [InlineData(61, false)]
    public async Task Load_AfterASiloWasLostLately_IsStoredAtOnce_SoThatNothingLateFromThereIs(int? secondsAgo, bool isStored)
    {
        await _behind.BeginAsync(TestContext.Current.CancellationToken);
        Assert.True(await FlushAsync(1));
        if (secondsAgo is { } seconds)
        {
            _cluster.Lose();
            Assert.True(_losses.Any);
            _clock.Advance(TimeSpan.FromSeconds(seconds));
        }

        var late = new StoredState(_grain, _host.Storage);
        await late.ReadStateAsync(TestContext.Current.CancellationToken);
        var next = Behind();
        await next.BeginAsync(TestContext.Current.CancellationToken);
        next.Load(record => record);
        _grain.Flush = () => next.FlushAsync(() => Of(2));
        await _scheduler.FlushDueAsync();
        late.State = Of(9);
        var refused = await Record.ExceptionAsync(late.WriteStateAsync);

        Assert.Equal(isStored, refused is InconsistentStateException);
        Assert.Equal([isStored ? (byte)2 : (byte)9], await StoredAsync());
    }

    [Fact]
    public async Task Changed_OfWhatHadNoRecordWhenASiloWasLost_IsStoredAtOnce_AndAfterThatInTime()
    {
        _cluster.Lose();
        await _behind.BeginAsync(TestContext.Current.CancellationToken);
        var flushes = 0;
        _grain.Flush = () => _behind.FlushAsync(() => Of((byte)++flushes));

        var read = _behind.Load(record => record);
        await _scheduler.FlushDueAsync();
        var before = flushes;
        _behind.Changed();
        await _scheduler.FlushDueAsync();
        var first = flushes;
        _behind.Changed();
        await _scheduler.FlushDueAsync();

        Assert.Null(read);
        Assert.Equal((0, 1, 1), (before, first, flushes));
    }

    [Fact]
    public async Task LeaveAsync_WhileTheStoreHasEnoughToDo_WaitsAgainForItsTurn()
    {
        await _behind.BeginAsync(TestContext.Current.CancellationToken);
        _behind.Changed();
        _storage.Refusals = 3;

        await LeaveAsync(_behind, TestContext.Current.CancellationToken);

        Assert.Equal([1], await StoredAsync());
        Assert.Equal((0, 0L), (_storage.Refusals, _scheduler.Lost));
    }

    [Fact]
    public async Task LeaveAsync_WhenItHasToBeGone_WaitsNoLonger()
    {
        await _behind.BeginAsync(TestContext.Current.CancellationToken);
        _behind.Changed();
        _storage.Refusals = int.MaxValue;

        await Assert.ThrowsAsync<OrleansException>(() => LeaveAsync(_behind, new CancellationToken(canceled: true)));

        Assert.Equal((int.MaxValue - 1, 1L), (_storage.Refusals, _scheduler.Lost));
    }

    [Fact]
    public async Task LeaveAsync_WithoutTimeForAnotherTry_MakesNone_SoThatNoWriteComesAfterTheNextActivation()
    {
        _limits.Silo.DeactivationTimeout = 2 * _calls.Storage.WriteTimeout;
        var behind = Behind();
        await behind.BeginAsync(TestContext.Current.CancellationToken);
        behind.Changed();
        _storage.Refusals = int.MaxValue;

        await Assert.ThrowsAsync<OrleansException>(() => LeaveAsync(behind, TestContext.Current.CancellationToken));

        Assert.Equal((int.MaxValue - 1, 1L), (_storage.Refusals, _scheduler.Lost));
    }

    [Theory]
    [InlineData(DeactivationReasonCode.ShuttingDown, true)]
    [InlineData(DeactivationReasonCode.Migrating, false)]
    public async Task LeaveAsync_ToAnotherSilo_TakesAlongWhatTheStoreDoesNotTakeAtOnce(DeactivationReasonCode why, bool isToldToMove)
    {
        await _behind.BeginAsync(TestContext.Current.CancellationToken);
        _behind.Changed();
        _storage.Refusals = int.MaxValue;
        var moves = false;

        await _behind.LeaveAsync(new(why, "It goes elsewhere."), hasOthers: true, () => moves = true, () => Of(1), TestContext.Current.CancellationToken);

        Assert.Equal(isToldToMove, moves);
        Assert.True(_behind.IsDirty);
        Assert.Equal(int.MaxValue - 1, _storage.Refusals);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static Task LeaveAsync(WriteBehind behind, CancellationToken cancellationToken) =>
        behind.LeaveAsync(new(DeactivationReasonCode.ActivationIdle, "It is idle."), hasOthers: true, () => Assert.Fail("It does not move."), () => Of(1), cancellationToken).AsTask();

    private WriteBehind Behind() => new(new BehindServices(null!, _scheduler, _storage, _losses, Options.Create(_limits), Options.Create(_calls), NullLogger<WriteBehind>.Instance), _grain);

    private async Task<bool> FlushAsync(byte content)
    {
        _behind.Changed();
        return await _behind.FlushAsync(() => Of(content));
    }

    private static StoredRecord Of(byte content) => new() { Payload = [content] };

    private async Task<byte[]> StoredAsync()
    {
        var state = new StoredState(_grain, _host.Storage);
        await state.ReadStateAsync();
        return state.State.Payload;
    }

    /// <summary>A store over the real one: an answer can be lost, and a reading can take as long as is wanted.</summary>
    private sealed class Unreliable(IGrainStorage inner) : IGrainStorage
    {
        public bool LosesNextAnswer { get; set; }

        /// <summary>How many of the next writes it has no room for.</summary>
        public int Refusals { get; set; }

        public Task? Reading { get; set; }

        public TaskCompletionSource ReadBegan { get; } = new();

        public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            if (Reading is { } reading)
            {
                ReadBegan.TrySetResult();
                await reading;
            }

            await inner.ReadStateAsync(stateName, grainId, grainState);
        }

        public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            if (Refusals > 0)
            {
                Refusals--;
                throw new StoreBusyException();
            }

            var sent = new GrainState<T> { State = grainState.State, ETag = grainState.ETag, RecordExists = grainState.RecordExists };
            await inner.WriteStateAsync(stateName, grainId, sent);
            var isLost = LosesNextAnswer;
            LosesNextAnswer = false;
            if (isLost) throw new TimeoutException("The answer was lost.");
            (grainState.ETag, grainState.RecordExists) = (sent.ETag, sent.RecordExists);
        }

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ClearStateAsync(stateName, grainId, grainState);
    }
}
