using AccountGrains.Abstractions;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Silo.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace AccountGrains.Silo.Tests.Storage;

/// <summary>What becomes of an envelope that is damaged.</summary>
public sealed class RecordSerializerTests
{
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

        Assert.Equal([0, .. damaged], read.Payload);
        Assert.Throws<InvalidDataException>(() => FingerprintState.Read(read.Payload));
        Assert.Throws<InvalidDataException>(() => CampaignCodec.ReadHead(read.Payload, out _, out _));
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
}
