using AccountGrains.Storage.Conformance;
using AccountGrains.Storage.Conformance.Emulator;
using Azure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Persistence.AzureStorage;
using Orleans.Storage;

namespace AccountGrains.Storage.Azure.Tests.Storage;

/// <summary>What a grain storage makes of a network and a service in trouble, whichever the service.</summary>
public abstract class FaultTests : IAsyncLifetime
{
    private const string Settled = "accountgrains.azure.writes.settled";
    private const string Conflicts = "accountgrains.azure.conflicts";
    private const string Name = "s";

    private readonly GrainId _grain = Sample.Grain();
    private FaultProxy? _proxy;

    private protected GrainId Grain => _grain;

    private protected Meters Meters { get; } = new();

    private protected FaultProxy Proxy => _proxy!;

    /// <summary>The method by which a state that is there is written.</summary>
    private protected abstract string Replace { get; }

    /// <summary>The method by which a new state is written.</summary>
    private protected abstract string Insert { get; }

    private protected abstract IGrainStorage Storage { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _proxy = await StartProxyAsync();
        await StartStorageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopStorageAsync();
        await Proxy.DisposeAsync();
        Meters.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    [InlineData(408)]
    public async Task Call_ThatFailsForAPassingReason_IsTriedAgain(int status)
    {
        Proxy.Next(Insert, FaultProxy.Refuse(status));
        var state = Sample.New("x");
        await Storage.WriteStateAsync(Name, _grain, state, Stop);
        Proxy.Next("GET", FaultProxy.Refuse(status));
        Proxy.Next("GET", FaultProxy.Reset());

        Assert.Equal("x", (await ReadAsync()).State.Text);
        Assert.Equal(3, Meters["accountgrains.azure.retries"]);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(501)]
    public async Task Call_ThatFailsForALastingReason_IsNotTriedAgain(int status)
    {
        Proxy.Next(Insert, FaultProxy.Refuse(status));

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => Storage.WriteStateAsync(Name, _grain, Sample.New("x"), Stop));

        Assert.Equal(status, failure.Status);
        Assert.Equal(0, Meters["accountgrains.azure.retries"]);
    }

    [Fact]
    public async Task Call_ThatHangs_EndsByItsTimeout()
    {
        await WrittenAsync("x");
        Proxy.Next("GET", FaultProxy.Hang());

        Assert.Equal("x", (await ReadAsync()).State.Text);
        Assert.Equal(1, Meters["accountgrains.azure.retries"]);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(0)]
    public async Task Insert_ThatLandedUnseen_IsKnownAsOwn(int status)
    {
        Proxy.Next(Insert, Ambiguous(status));
        var state = Sample.New("own");

        await Storage.WriteStateAsync(Name, _grain, state, Stop);

        await CheckGoesOnAsync(state);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(0)]
    public async Task Replace_ThatLandedUnseen_IsKnownAsOwn(int status)
    {
        var state = await WrittenAsync("before");
        Proxy.Next(Replace, Ambiguous(status));
        state.State.Text = "own";

        await Storage.WriteStateAsync(Name, _grain, state, Stop);

        await CheckGoesOnAsync(state);
    }

    [Fact]
    public async Task Clear_ThatLandedUnseen_IsKnownAsOwn()
    {
        var state = await WrittenAsync("x");
        Proxy.Next("DELETE", FaultProxy.CarryOutThenAnswer(503));

        await Storage.ClearStateAsync(Name, _grain, state, Stop);

        Assert.Null(state.ETag);
        Assert.False((await ReadAsync()).RecordExists);
        Assert.Equal(1, Meters[Settled]);
    }

    [Fact]
    public async Task TriedWrite_ThatAnotherOvertook_IsAConflict()
    {
        var state = await WrittenAsync("before");
        var other = await ReadAsync();
        Proxy.Next(Replace, FaultProxy.Refuse(503));
        other.State.Text = "other";
        state.State.Text = "late";

        // The other's write passes as the second that the proxy sees: the first is refused, and tried again after it.
        Proxy.Next(Replace, async (call, pass) =>
        {
            await OvertakeAsync(other);
            await pass();
        });
        await Assert.ThrowsAnyAsync<InconsistentStateException>(() => Storage.WriteStateAsync(Name, _grain, state, Stop));

        Assert.Equal("other", (await ReadAsync()).State.Text);
        Assert.Equal((0, 1), (Meters[Settled], Meters[Conflicts]));
    }

    [Fact]
    public async Task Conflict_WithoutATry_IsAConflict_EvenWithTheSamePayload()
    {
        await WrittenAsync("same");

        await Assert.ThrowsAnyAsync<InconsistentStateException>(() => Storage.WriteStateAsync(Name, _grain, Sample.New("same"), Stop));

        Assert.Equal((0, 1), (Meters[Settled], Meters[Conflicts]));
    }

    [Fact]
    public async Task WriteAfterOne_ThatLandedButFailed_GoesOnFromIt()
    {
        var state = await WrittenAsync("0");
        Proxy.Next(Replace, FaultProxy.CarryOutThenAnswer(503));
        for (var i = 0; i < 3; i++) Proxy.Next(Replace, FaultProxy.Refuse(503));
        state.State.Text = "1";
        await Assert.ThrowsAsync<RequestFailedException>(() => Storage.WriteStateAsync(Name, _grain, state, Stop));

        state.State.Text = "2";
        await Storage.WriteStateAsync(Name, _grain, state, Stop);

        await CheckGoesOnAsync(state);
    }

    [Fact]
    public async Task WriteAfterOne_ThatFailed_AndThatAnotherOvertook_IsAConflict()
    {
        var state = await WrittenAsync("0");
        var other = await ReadAsync();
        for (var i = 0; i < 4; i++) Proxy.Next(Replace, FaultProxy.Refuse(503));
        state.State.Text = "1";
        await Assert.ThrowsAsync<RequestFailedException>(() => Storage.WriteStateAsync(Name, _grain, state, Stop));
        other.State.Text = "other";
        await OvertakeAsync(other);

        state.State.Text = "2";
        await Assert.ThrowsAnyAsync<InconsistentStateException>(() => Storage.WriteStateAsync(Name, _grain, state, Stop));

        Assert.Equal("other", (await ReadAsync()).State.Text);
    }

    [Fact]
    public async Task StoreThatIsDown_IsNotCalled_UntilItsPauseEnds()
    {
        var state = await WrittenAsync("x");
        Proxy.Always = FaultProxy.Refuse(503);
        var failed = 0;
        RequestFailedException? last = null;
        while (last?.ErrorCode != "CircuitOpen" && failed++ < 20)
        {
            last = await Assert.ThrowsAsync<RequestFailedException>(() => Storage.WriteStateAsync(Name, _grain, state, Stop));
        }

        var calls = Proxy.Calls;
        for (var i = 0; i < 100; i++) await Assert.ThrowsAsync<RequestFailedException>(() => ReadAsync());

        Assert.Equal(503, last!.Status);
        Assert.InRange(Proxy.Calls - calls, 0, 1);
        Assert.InRange(Meters["accountgrains.azure.breaker.opened"], 1, 2);
    }

    /// <summary>Tries once a second, and not for ever.</summary>
    private protected static void Tune(AzureStoragePolicyOptions policy)
    {
        policy.OperationTimeout = TimeSpan.FromSeconds(2);
        policy.PauseBetweenOperationRetries = TimeSpan.FromMilliseconds(1);
        policy.MaxPauseBetweenOperationRetries = TimeSpan.FromMilliseconds(5);
        policy.BreakerPause = TimeSpan.FromMinutes(5);
    }

    private protected void Count(IServiceCollection services) => services.Replace(ServiceDescriptor.Singleton(new StoreMetrics(Meters)));

    private protected abstract Task<FaultProxy> StartProxyAsync();

    private protected abstract Task StartStorageAsync();

    private protected abstract ValueTask StopStorageAsync();

    /// <summary>Writes as another silo would.</summary>
    private protected abstract Task OvertakeAsync(Sample other);

    private static FaultProxy.Fault Ambiguous(int status) => status == 0 ? FaultProxy.CarryOutThenReset() : FaultProxy.CarryOutThenAnswer(status);

    private async Task CheckGoesOnAsync(Sample state)
    {
        var read = await ReadAsync();
        Assert.Equal((state.State.Text, state.ETag), (read.State.Text, read.ETag));
        Assert.Equal((1, 0), (Meters[Settled], Meters[Conflicts]));
        state.State.Text = "next";
        await Storage.WriteStateAsync(Name, _grain, state, Stop);
    }

    private async Task<Sample> WrittenAsync(string text)
    {
        var state = Sample.New(text);
        await Storage.WriteStateAsync(Name, _grain, state, Stop);
        return state;
    }

    private async Task<Sample> ReadAsync()
    {
        var state = Sample.New();
        await Storage.ReadStateAsync(Name, _grain, state, Stop);
        return state;
    }
}
