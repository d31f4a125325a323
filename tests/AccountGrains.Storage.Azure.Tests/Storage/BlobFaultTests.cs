using AccountGrains.Storage.Conformance;
using AccountGrains.Storage.Conformance.Emulator;
using Orleans.Storage;

namespace AccountGrains.Storage.Azure.Tests.Storage;

/// <summary>Blobs behind a network in trouble.</summary>
public sealed class BlobFaultTests(Azurite azurite) : FaultTests
{
    private readonly string _container = $"c{Guid.NewGuid():N}";
    private BlobHost? _host;

    private protected override string Replace => "PUT";

    private protected override string Insert => "PUT";

    private protected override IGrainStorage Storage => _host!.Storage;

    private protected override Task<FaultProxy> StartProxyAsync() => FaultProxy.StartAsync(azurite.BlobPort);

    private protected override async Task StartStorageAsync()
    {
        _host = new BlobHost(Azurite.ConnectionStringOf(Proxy.Port, 0), options => Tune(options.StoragePolicyOptions), Count, _container);
        await _host.StartAsync();
    }

    private protected override ValueTask StopStorageAsync() => _host!.DisposeAsync();

    private protected override async Task OvertakeAsync(Sample other)
    {
        await using var direct = new BlobHost(azurite.ConnectionString, container: _container);
        await direct.StartAsync();
        await direct.Storage.WriteStateAsync("s", Grain, other, TestContext.Current.CancellationToken);
    }
}
