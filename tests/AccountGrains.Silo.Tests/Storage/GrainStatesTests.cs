using System.Diagnostics.Metrics;
using AccountGrains.Abstractions;
using AccountGrains.Silo.Hosting;
using AccountGrains.Silo.Storage;
using AccountGrains.Silo.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace AccountGrains.Silo.Tests.Storage;

/// <summary>What of the calls of grains comes to the store.</summary>
public sealed class GrainStatesTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSerializer().BuildServiceProvider();
    private readonly FakeMembership _cluster = new();
    private readonly Store _store = new();
    private readonly GrainState<StoredRecord> _state = new(new StoredRecord { Payload = [1] });

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Write_AfterAStandstill_ComesToTheStoreWhenTheClusterSaysThatItMay_AndReadsAlways()
    {
        await using var states = States();
        _cluster.Status = SiloStatus.Dead;
        _clock.Advance(TimeSpan.FromSeconds(10));
        await states.ReadStateAsync(StorageNames.Account, Grain, _state);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => states.WriteStateAsync(StorageNames.Account, Grain, _state));
        var refused = (_store.Reads, _store.Writes);
        _cluster.Status = SiloStatus.Active;
        _clock.Advance(TimeSpan.FromSeconds(1.1));

        await states.WriteStateAsync(StorageNames.Account, Grain, _state);

        Assert.Equal((1, 0), refused);
        Assert.Equal((1, 1), (_store.Reads, _store.Writes));
    }

    private static GrainId Grain => GrainId.Create("account", "k1-0");

    private GrainStates States()
    {
        var metrics = new StorageMetrics(_services.GetRequiredService<IMeterFactory>());
        return new GrainStates(
            _store, startsItself: true, new StoreHealth(_clock, metrics, NullLogger<StoreHealth>.Instance), _services.GetRequiredService<IActivatorProvider>(), Options.Create(new StorageOptions()), metrics,
            _clock, NullLogger<GrainStates>.Instance, new Standstill(_cluster, _cluster, _clock, NullLogger<Standstill>.Instance));
    }

    private sealed class Store : IGrainStorage
    {
        public int Reads { get; private set; }

        public int Writes { get; private set; }

        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            Reads++;
            return Task.CompletedTask;
        }

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            Writes++;
            return Task.CompletedTask;
        }

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new NotSupportedException();
    }
}
