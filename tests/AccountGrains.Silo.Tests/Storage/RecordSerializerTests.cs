using System.Buffers;
using System.Runtime.CompilerServices;
using AccountGrains.Abstractions;
using AccountGrains.Core.Accounts;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.States;
using AccountGrains.Core.Tests.Epochs;
using AccountGrains.Silo.Storage;
using AccountGrains.Storage.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace AccountGrains.Silo.Tests.Storage;

/// <summary>What is stored of a record, and what becomes of an envelope that is damaged.</summary>
public sealed class RecordSerializerTests
{
    private const string Golden = "stored-record.bin";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public async Task Deserialize_OfADamagedEnvelope_GivesAllOfItAsAPayloadThatNoGrainCanRead(int length)
    {
        await using var host = new StorageHost("Memory");
        var serializer = host.Services.GetRequiredKeyedService<IGrainStorageSerializer>(StorageNames.State);
        var whole = serializer.Serialize(new StoredRecord { Payload = [1, 2, 3], Revision = 4 }).ToArray();
        var damaged = whole[..length];

        var read = serializer.Deserialize<StoredRecord>(new BinaryData(damaged))!;

        Assert.Equal([.. Enumerable.Repeat((byte)255, 8), .. damaged], read.Payload);
        Assert.Throws<InvalidDataException>(() => AccountState.Read(Traffic.AccountOf("someone"), "someone", read.Payload));
        Assert.Throws<InvalidDataException>(() => FingerprintState.Read(read.Payload));
        Assert.Throws<InvalidDataException>(() => CampaignCodec.ReadHead(read.Payload, out _, out _));
        Assert.Throws<InvalidDataException>(() => CampaignIds.Read(read.Payload));
        Assert.Throws<InvalidDataException>(() => PopulationOf(read.Payload));
    }

    [Fact]
    public async Task Deserialize_OfAnEnvelopeWithoutAPayload_IsThatOfADamagedOne()
    {
        await using var host = new StorageHost("Memory");
        var serializer = host.Services.GetRequiredKeyedService<IGrainStorageSerializer>(StorageNames.State);
        var whole = serializer.Serialize(new StoredRecord { Name = "someone" });

        var read = serializer.Deserialize<StoredRecord>(whole)!;

        Assert.Equal(whole.ToArray(), read.Payload[8..]);
        Assert.Throws<InvalidDataException>(() => AccountState.Read(Traffic.AccountOf("someone"), "someone", read.Payload));
    }

    [Fact]
    public async Task Read_OfARecordWithoutAPayload_FromTheEmbeddedStore_IsOfNone_AndTheRecordIsKeptAside()
    {
        await using var host = new StorageHost("Sqlite");
        var grain = Sample.Grain();
        await host.Storage.WriteStateAsync("account", grain, new GrainState<StoredRecord> { State = new StoredRecord { Name = "someone" } });

        var read = new GrainState<StoredRecord>();
        await host.Storage.ReadStateAsync("account", grain, read);

        Assert.False(read.RecordExists);
        var kept = await host.Store.ReadAsync(static (session, _) => (long)session.Scalar("SELECT COUNT(*) FROM quarantine WHERE state_name = 'account'")!, 0, TestContext.Current.CancellationToken);
        Assert.Equal(1, kept);
    }

    /// <summary>What was stored once must be read for ever: the file stays as it is. <c>ACCOUNTGRAINS_WRITE_GOLDEN=1 dotnet test</c>, run twice, wrote it.</summary>
    [Fact]
    public async Task Serialize_OfTheGoldenRecord_GivesTheGoldenBytes_AndTheyAreReadBack()
    {
        await using var host = new StorageHost("Memory");
        var serializer = host.Services.GetRequiredKeyedService<IGrainStorageSerializer>(StorageNames.State);
        var written = serializer.Serialize(new StoredRecord { Payload = [4, 0, 255, 7], Name = "someone — 詐欺", Revision = 70_000 }).ToArray();
        if (Environment.GetEnvironmentVariable("ACCOUNTGRAINS_WRITE_GOLDEN") == "1") await File.WriteAllBytesAsync(Path.Combine(Sources(), "Golden", Golden), written, TestContext.Current.CancellationToken);
        var golden = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Storage", "Golden", Golden), TestContext.Current.CancellationToken);

        var read = serializer.Deserialize<StoredRecord>(new BinaryData(golden))!;

        Assert.Equal(golden, written);
        Assert.Equal([4, 0, 255, 7], read.Payload);
        Assert.Equal(("someone — 詐欺", 70_000), (read.Name, read.Revision));
    }

    [Fact]
    public async Task Deserialize_OfAWholeEnvelope_GivesWhatWasStored()
    {
        await using var host = new StorageHost("Memory");
        var serializer = host.Services.GetRequiredKeyedService<IGrainStorageSerializer>(StorageNames.State);

        var read = serializer.Deserialize<StoredRecord>(serializer.Serialize(new StoredRecord { Payload = [1, 2, 3], Revision = 4 }))!;

        Assert.Equal([1, 2, 3], read.Payload);
        Assert.Equal(4, read.Revision);
    }

    /// <summary>A campaign's record may have more than a hundred kilobytes, and is stored several times a second while it grows.</summary>
    [Theory]
    [InlineData(3_000)]
    [InlineData(150_000)]
    public async Task Serialize_IntoAPool_GivesTheSameBytes_AndLeavesNothingOfTheirSizeBehind(int size)
    {
        await using var host = new StorageHost("Memory");
        var serializer = (RecordSerializer)host.Services.GetRequiredKeyedService<IGrainStorageSerializer>(StorageNames.State);
        var record = new StoredRecord { Payload = [.. Enumerable.Range(0, size).Select(i => (byte)i)], Revision = 4 };
        var expected = serializer.Serialize(record).ToArray();
        var pool = ArrayPool<byte>.Create();
        pool.Return(serializer.Serialize(record, pool).Array!);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var written = serializer.Serialize(record, pool);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(expected, written.ToArray());
        Assert.InRange(allocated, 0, 1_000);
    }

    private static Population PopulationOf(byte[] payload)
    {
        var reader = new StateReader(payload);
        return Population.Read(ref reader);
    }

    private static string Sources([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
