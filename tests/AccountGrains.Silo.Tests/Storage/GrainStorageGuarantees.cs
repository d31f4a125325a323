using AccountGrains.Silo.Storage;
using AccountGrains.Storage.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace AccountGrains.Silo.Tests.Storage;

/// <summary>What our own stores promise beyond the others: what their conflicts say, and damaged payloads.</summary>
public abstract class GrainStorageGuarantees : GrainStorageConformance
{
    private protected GrainStorageGuarantees(string provider, bool deleteOnClear)
        : this(new StorageHost(provider, ("Storage:DeleteStateOnClear", deleteOnClear.ToString())), deleteOnClear)
    {
    }

    private GrainStorageGuarantees(StorageHost host, bool deleteOnClear)
        : base(host, deleteOnClear) => Host = host;

    private protected StorageHost Host { get; }

    [Fact]
    public async Task WriteConflict_NamesBothVersions()
    {
        var (grain, latest) = await WrittenAsync("1");

        var conflict = await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync(Name, grain, Sample.New("2", "5")));

        Assert.Equal((latest.ETag, "5"), (conflict.StoredEtag, conflict.CurrentEtag));
    }

    [Fact]
    public async Task WriteWithAForeignETagFails()
    {
        var (grain, _) = await WrittenAsync("1");

        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync(Name, grain, Sample.New("2", "W/\"abc\"")));
    }

    [Fact]
    public async Task ClearWithoutAnETagOfAStoredStateFails()
    {
        var (grain, _) = await WrittenAsync("1");

        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.ClearStateAsync(Name, grain, Sample.New()));

        Assert.Equal("1", (await ReadAsync(grain)).State.Text);
    }

    [Fact]
    public async Task ManyWritesAtOnce_KeepEachWhatItWrote()
    {
        GrainId[] grains = [.. Enumerable.Range(0, 200).Select(_ => Sample.Grain())];
        string[] texts = [.. grains.Select((_, i) => new string((char)('a' + (i % 26)), 1 + (i * 17)))];

        await Task.WhenAll(grains.Select((grain, i) => Storage.WriteStateAsync(Name, grain, Sample.New(texts[i]))));

        var read = await Task.WhenAll(grains.Select(ReadAsync));
        Assert.Equal(texts, read.Select(r => r.State.Text));
    }

    [Fact]
    public async Task UnreadablePayloadReadsAsEmptyAndIsWrittenAnew()
    {
        var grain = Sample.Grain();
        var key = new StateKey(grain, Name);
        var table = Host.Services.GetRequiredService<IStateTable>();
        await table.WriteAsync(key, null, new byte[] { 0xFF, 0xFE, 0xFF, 0xFF, 0xFF }, CancellationToken.None);

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
            var grain = Sample.Grain();
            var damaged = payload.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            await table.WriteAsync(new StateKey(grain, Name), null, damaged, CancellationToken.None);

            Assert.NotNull((await ReadAsync(grain)).State);
        }
    }
}
