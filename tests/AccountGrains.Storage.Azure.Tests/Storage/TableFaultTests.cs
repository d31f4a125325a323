using AccountGrains.Storage.Conformance;
using AccountGrains.Storage.Conformance.Emulator;
using Orleans.Storage;

namespace AccountGrains.Storage.Azure.Tests.Storage;

/// <summary>Tables behind a network in trouble.</summary>
public sealed class TableFaultTests(Azurite azurite) : FaultTests
{
    private readonly string _table = $"t{Guid.NewGuid():N}";
    private TableHost? _host;

    private protected override string Replace => "PUT";

    private protected override string Insert => "POST";

    private protected override IGrainStorage Storage => _host!.Storage;

    private protected override Task<FaultProxy> StartProxyAsync() => FaultProxy.StartAsync(azurite.TablePort);

    private protected override async Task StartStorageAsync()
    {
        _host = new TableHost(Azurite.ConnectionStringOf(0, Proxy.Port), options =>
        {
            options.DeleteStateOnClear = true;
            Tune(options.StoragePolicyOptions);
        }, Count, _table);
        await _host.StartAsync();
    }

    private protected override ValueTask StopStorageAsync() => _host!.DisposeAsync();

    private protected override async Task OvertakeAsync(Sample other)
    {
        await using var direct = new TableHost(azurite.ConnectionString, table: _table);
        await direct.StartAsync();
        await direct.Storage.WriteStateAsync("s", Grain, other, TestContext.Current.CancellationToken);
    }
}
