using AccountGrains.Silo.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace AccountGrains.Silo.Tests.Storage;

/// <summary>What every store's grain storage promises beyond Orleans' own runner: races, deleted records, damaged payloads.</summary>
public abstract class GrainStorageGuarantees(string provider, bool deleteOnClear) : GrainStorageConformance(provider, deleteOnClear)
{
    [Fact]
    public async Task WriteWithTheETagOfADeletedRecordFails()
    {
        var (grain, old) = await WrittenAsync("old");
        var stale = Sample.New("stale", old.ETag);
        await Storage.ClearStateAsync(Name, grain, old);
        await Storage.WriteStateAsync(Name, grain, Sample.New("new", old.ETag));

        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync(Name, grain, stale));

        Assert.Equal("new", (await ReadAsync(grain)).State.Text);
    }

    [Fact]
    public async Task WriteOfDifferentGrainsAtOnceSucceeds()
    {
        var grains = Enumerable.Range(0, 1000).Select(_ => StorageHost.Grain()).ToArray();

        await Task.WhenAll(grains.Select(grain => Storage.WriteStateAsync(Name, grain, Sample.New(grain.Key.ToString()))));

        foreach (var grain in grains) Assert.Equal(grain.Key.ToString(), (await ReadAsync(grain)).State.Text);
    }

    [Fact]
    public async Task FirstWriteOfOneGrainAtOnceHasOneWinner()
    {
        var grain = StorageHost.Grain();

        var writers = Enumerable.Range(0, 50).Select(i => Task.Run(() => Storage.WriteStateAsync(Name, grain, Sample.New($"{i}")))).ToArray();
        await Task.WhenAll(writers).ContinueWith(_ => { }, TaskScheduler.Default);

        var winner = Assert.Single(Enumerable.Range(0, 50), i => writers[i].IsCompletedSuccessfully);
        Assert.All(writers.Where(writer => writer.IsFaulted), writer => Assert.IsType<InconsistentStateException>(writer.Exception!.InnerException));
        Assert.Equal($"{winner}", (await ReadAsync(grain)).State.Text);
    }

    [Fact]
    public async Task UnreadablePayloadReadsAsEmptyAndIsWrittenAnew()
    {
        var grain = StorageHost.Grain();
        var key = new StateKey("account", grain.Key.ToString()!, Name);
        var table = Host.Services.GetRequiredService<IStateTable>();
        await table.WriteAsync(key, null, [0xFF, 0xFE, 0xFF, 0xFF, 0xFF], CancellationToken.None);

        var read = await ReadAsync(grain);
        await Storage.WriteStateAsync(Name, grain, Sample.New("anew", read.ETag));

        Assert.False(read.RecordExists);
        Assert.Equal("anew", (await ReadAsync(grain)).State.Text);
    }

    [Fact]
    public async Task DamagedPayloadNeverFailsTheRead()
    {
        var serializer = Host.Services.GetRequiredKeyedService<IGrainStorageSerializer>(StorageNames.State);
        var table = Host.Services.GetRequiredService<IStateTable>();
        var payload = serializer.Serialize(new SampleState { Text = "some text", Number = 123456, Bytes = [1, 2, 3] }).ToArray();

        for (var bit = 0; bit < payload.Length * 8; bit++)
        {
            var grain = StorageHost.Grain();
            var damaged = payload.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            await table.WriteAsync(new StateKey("account", grain.Key.ToString()!, Name), null, damaged, CancellationToken.None);

            Assert.NotNull((await ReadAsync(grain)).State);
        }
    }

    [Fact]
    public async Task CancelledWriteWritesNothing()
    {
        var grain = StorageHost.Grain();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Storage.WriteStateAsync(Name, grain, Sample.New("x"), new CancellationToken(canceled: true)));

        Assert.False((await ReadAsync(grain)).RecordExists);
    }
}
