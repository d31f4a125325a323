using AccountGrains.Storage.Conformance;
using AccountGrains.Storage.Conformance.Emulator;
using Azure.Storage.Blobs;
using Orleans.Configuration;
using Orleans.Storage;

namespace AccountGrains.Storage.Azure.Tests.Storage;

/// <summary>Blobs as the official provider has them, byte by byte.</summary>
public sealed class BlobTests(Azurite azurite)
{
    private static readonly GrainId Golden = Sample.Grain("a1b2");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task State_HasTheOfficialNameAndType()
    {
        await using var host = await StartAsync();
        var state = Sample.New("some text");

        await host.Storage.WriteStateAsync("s", Golden, state, Stop);

        var blob = Assert.Single(await host.Container.GetBlobsAsync(cancellationToken: Stop).ToListAsync(Stop));
        Assert.Equal(("s-account/a1b2.json", "application/octet-stream"), (blob.Name, blob.Properties.ContentType));
        var content = await host.Container.GetBlobClient(blob.Name).DownloadContentAsync(Stop);
        Assert.Equal("some text", content.Value.Content.ToString());
        Assert.Equal(content.Value.Details.ETag.ToString(), state.ETag);
    }

    [Fact]
    public async Task StateOfMegabytes_ComesBack()
    {
        await using var host = await StartAsync();
        var state = Sample.New();
        state.State.Bytes = new byte[5_000_000];
        new Random(1).NextBytes(state.State.Bytes);

        await host.Storage.WriteStateAsync("s", Golden, state, Stop);

        var read = Sample.New();
        await host.Storage.ReadStateAsync("s", Golden, read, Stop);
        Assert.Equal(state.State.Bytes, read.State.Bytes);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public async Task ClearedState_IsGone_OrEmpty(bool delete, int left)
    {
        await using var host = await StartAsync(options => options.DeleteStateOnClear = delete);
        var state = Sample.New("x");
        await host.Storage.WriteStateAsync("s", Golden, state, Stop);

        await host.Storage.ClearStateAsync("s", Golden, state, Stop);

        var blobs = await host.Container.GetBlobsAsync(cancellationToken: Stop).ToListAsync(Stop);
        Assert.Equal(left, blobs.Count);
        Assert.All(blobs, blob => Assert.Equal(0, blob.Properties.ContentLength));
        Assert.Equal(delete, state.ETag is null);
    }

    [Fact]
    public async Task ClearWithoutAnETag_OfABlobThatIsThere_IsAConflict()
    {
        await using var host = await StartAsync();
        await host.Storage.WriteStateAsync("s", Golden, Sample.New("x"), Stop);

        await Assert.ThrowsAsync<InconsistentStateException>(() => host.Storage.ClearStateAsync("s", Golden, Sample.New(), Stop));

        Assert.Single(await host.Container.GetBlobsAsync(cancellationToken: Stop).ToListAsync(Stop));
    }

    [Fact]
    public async Task Container_ThatSomebodyDeleted_IsMadeAgainByAWrite_AndReadsAsEmpty()
    {
        await using var host = await StartAsync();
        await host.Container.DeleteAsync(cancellationToken: Stop);

        var read = Sample.New("stale", "\"0x1\"");
        await host.Storage.ReadStateAsync("s", Golden, read, Stop);
        Assert.False(read.RecordExists);
        read.State.Text = "again";
        await host.Storage.WriteStateAsync("s", Golden, read, Stop);

        Assert.Single(await host.Container.GetBlobsAsync(cancellationToken: Stop).ToListAsync(Stop));
    }

    [Fact]
    public async Task Factory_ChoosesTheContainer()
    {
        var containers = new Containers();
        await using var host = await StartAsync(options => options.BuildContainerFactory = (_, _) => containers);

        await host.Storage.WriteStateAsync("s", Golden, Sample.New("x"), Stop);

        Assert.Single(await containers.Chosen!.GetBlobsAsync(cancellationToken: Stop).ToListAsync(Stop));
    }

    private async Task<BlobHost> StartAsync(Action<AzureBlobStorageOptions>? configure = null)
    {
        var host = new BlobHost(azurite.ConnectionString, options =>
        {
            options.GrainStorageSerializer = new RawSerializer();
            configure?.Invoke(options);
        });
        await host.StartAsync();
        return host;
    }

    private sealed class Containers : IBlobContainerFactory
    {
        public BlobContainerClient? Chosen { get; private set; }

        public BlobContainerClient GetBlobContainerClient(GrainId grainId) => Chosen!;

        public async Task InitializeAsync(BlobServiceClient client)
        {
            Chosen = client.GetBlobContainerClient($"other{Guid.NewGuid():N}");
            await Chosen.CreateIfNotExistsAsync(cancellationToken: Stop);
        }
    }
}
