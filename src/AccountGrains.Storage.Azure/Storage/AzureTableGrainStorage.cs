using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Configuration.Overrides;
using Orleans.Persistence.AzureStorage;
using Orleans.Serialization.Serializers;

namespace Orleans.Storage;

/// <summary>Grain storage in an Azure table: a row for each state, in the official provider's format.</summary>
public sealed class AzureTableGrainStorage : IGrainStorage, ILifecycleParticipant<ISiloLifecycle>
{
    private readonly string _name;
    private readonly AzureTableStorageOptions _options;
    private readonly IActivatorProvider _activators;
    private readonly ILogger _logger;
    private readonly TableKeys _keys;
    private readonly StoreCalls _calls;
    private readonly ConditionalWrites _writes;
    private TableClient? _table;

    internal AzureTableGrainStorage(
        string name, AzureTableStorageOptions options, ClusterOptions cluster, IActivatorProvider activators, StoreMetrics metrics, ILogger<AzureTableGrainStorage> logger)
    {
        (_name, _options, _activators, _logger) = (name, options, activators, logger);
        _keys = new TableKeys(cluster.ServiceId);
        _calls = new StoreCalls(name, options.StoragePolicyOptions, metrics);
        _writes = new ConditionalWrites(name, _calls, metrics);
    }

    private TableClient Table => _table ?? throw new InvalidOperationException($"The grain storage '{_name}' was not started yet.");

    /// <inheritdoc/>
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ReadStateAsync(stateName, grainId, grainState, CancellationToken.None);

    /// <inheritdoc/>
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        WriteStateAsync(stateName, grainId, grainState, CancellationToken.None);

    /// <inheritdoc/>
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ClearStateAsync(stateName, grainId, grainState, CancellationToken.None);

    /// <inheritdoc/>
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var key = _keys.Of(stateName, grainId);
        var row = await _calls.RunAsync("read", token => FindAsync(key, token), cancellationToken).ConfigureAwait(false);
        if (row is not null && StatePayload.Get(row) is { } payload)
        {
            grainState.State = _options.GrainStorageSerializer.Deserialize<T>(payload) ?? Empty<T>();
            grainState.RecordExists = true;
            grainState.ETag = row.ETag.ToString();
            return;
        }

        Reset(grainState, row?.ETag.ToString());
    }

    /// <inheritdoc/>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var key = _keys.Of(stateName, grainId);
        var payload = _options.GrainStorageSerializer.Serialize(grainState.State);
        var row = new TableEntity(key.Partition, key.Row);
        StatePayload.Put(row, payload, _options.UseStringFormat);

        grainState.ETag = await StoreAsync("write", stateName, grainId, row, payload, grainState.ETag, cancellationToken).ConfigureAwait(false);
        grainState.RecordExists = true;
    }

    /// <inheritdoc/>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var key = _keys.Of(stateName, grainId);
        string? etag = null;
        if (!_options.DeleteStateOnClear)
        {
            etag = await StoreAsync("clear", stateName, grainId, new TableEntity(key.Partition, key.Row), null, grainState.ETag, cancellationToken).ConfigureAwait(false);
        }
        else if (!string.IsNullOrEmpty(grainState.ETag))
        {
            await StoreAsync("clear", stateName, grainId, new TableEntity(key.Partition, key.Row), null, grainState.ETag, cancellationToken).ConfigureAwait(false);
        }

        Reset(grainState, etag);
    }

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe(OptionFormattingUtilities.Name<AzureTableGrainStorage>(_name), _options.InitStage, StartAsync);

    /// <summary>Makes the table if it is not there.</summary>
    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        var service = await _options.CreateClient!().ConfigureAwait(false);
        var table = service.GetTableClient(_options.TableName);
        await _calls.CreateAsync(table.CreateIfNotExistsAsync, cancellationToken).ConfigureAwait(false);
        _table = table;
        Log.Started(_logger, _name, "table", _options.TableName);
    }

    private async Task<string?> StoreAsync(
        string operation, string stateName, GrainId grainId, TableEntity row, BinaryData? payload, string? etag, CancellationToken cancellationToken)
    {
        var key = new TableKey(row.PartitionKey, row.RowKey);
        var isDelete = operation == "clear" && _options.DeleteStateOnClear;
        var expected = string.IsNullOrEmpty(etag) ? null : etag;
        var write = new ConditionalWrite(
            $"{key.Partition}\n{key.Row}",
            expected,
            StatePayload.PrintOf(payload),
            isDelete ? (tag, token) => DeleteAsync(key, tag, token) : (tag, token) => PutAsync(row, tag, token),
            token => LookAsync(key, token));
        try
        {
            return await _writes.RunAsync(operation, write, cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException e) when (Failures.IsConflict(e))
        {
            throw new TableStorageUpdateConditionNotSatisfiedException(stateName, grainId.ToString(), _options.TableName, "Unknown", expected, e);
        }
    }

    private async Task<TableEntity?> FindAsync(TableKey key, CancellationToken cancellationToken)
    {
        var found = await Table.GetEntityIfExistsAsync<TableEntity>(key.Partition, key.Row, cancellationToken: cancellationToken).ConfigureAwait(false);
        return found.HasValue ? found.Value : null;
    }

    private async Task<string?> PutAsync(TableEntity row, string? etag, CancellationToken cancellationToken)
    {
        var answer = etag is null
            ? await Table.AddEntityAsync(row, cancellationToken).ConfigureAwait(false)
            : await Table.UpdateEntityAsync(row, new ETag(etag), TableUpdateMode.Replace, cancellationToken).ConfigureAwait(false);
        return answer.Headers.ETag?.ToString();
    }

    private async Task<string?> DeleteAsync(TableKey key, string? etag, CancellationToken cancellationToken)
    {
        if (etag is null) return null;
        var answer = await Table.DeleteEntityAsync(key.Partition, key.Row, new ETag(etag), cancellationToken).ConfigureAwait(false);

        // The SDK takes a row that is not there for deleted; to whom it had an ETag it was taken away.
        if (answer.Status == 404) throw new RequestFailedException(answer);
        return null;
    }

    private async Task<StoredRecord> LookAsync(TableKey key, CancellationToken cancellationToken)
    {
        var row = await FindAsync(key, cancellationToken).ConfigureAwait(false);
        return row is null ? new StoredRecord(null, StatePayload.PrintOf(null)) : new StoredRecord(row.ETag.ToString(), StatePayload.PrintOf(StatePayload.Get(row)));
    }

    private void Reset<T>(IGrainState<T> grainState, string? etag)
    {
        grainState.State = Empty<T>();
        grainState.RecordExists = false;
        grainState.ETag = etag;
    }

    private T Empty<T>() => _activators.GetActivator<T>().Create();
}

/// <summary>Makes <see cref="AzureTableGrainStorage"/>.</summary>
public static class AzureTableGrainStorageFactory
{
    /// <summary>Makes the one that is registered under a name.</summary>
    public static AzureTableGrainStorage Create(IServiceProvider services, string name)
    {
        var options = services.GetRequiredService<IOptionsMonitor<AzureTableStorageOptions>>().Get(name);
        return new AzureTableGrainStorage(
            name,
            options,
            services.GetProviderClusterOptions(name).Value,
            services.GetRequiredService<IActivatorProvider>(),
            services.GetRequiredService<StoreMetrics>(),
            services.GetRequiredService<ILogger<AzureTableGrainStorage>>());
    }
}
