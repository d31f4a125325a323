using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Persistence.AzureStorage;
using Orleans.Serialization.Serializers;

namespace Orleans.Storage;

/// <summary>Grain storage in Azure blobs: a blob for each state, in the official provider's format.</summary>
public sealed class AzureBlobGrainStorage : IGrainStorage, ILifecycleParticipant<ISiloLifecycle>
{
    private const string ContentType = "application/octet-stream";

    private readonly string _name;
    private readonly AzureBlobStorageOptions _options;
    private readonly IBlobContainerFactory _containers;
    private readonly IActivatorProvider _activators;
    private readonly ILogger _logger;
    private readonly BlobNames _names = new();
    private readonly StoreCalls _calls;
    private readonly ConditionalWrites _writes;

    internal AzureBlobGrainStorage(
        string name, AzureBlobStorageOptions options, IBlobContainerFactory containers, IActivatorProvider activators, StoreMetrics metrics, ILogger<AzureBlobGrainStorage> logger)
    {
        (_name, _options, _containers, _activators, _logger) = (name, options, containers, activators, logger);
        _calls = new StoreCalls(name, options.StoragePolicyOptions, metrics);
        _writes = new ConditionalWrites(name, _calls, metrics);
    }

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
        var blob = BlobOf(stateName, grainId);
        var found = await _calls.RunAsync("read", token => FindAsync(blob, token), cancellationToken).ConfigureAwait(false);
        if (found is { Payload: { Length: > 0 } payload })
        {
            grainState.State = _options.GrainStorageSerializer.Deserialize<T>(payload) ?? Empty<T>();
            grainState.RecordExists = true;
            grainState.ETag = found.ETag;
            return;
        }

        Reset(grainState, found?.ETag);
    }

    /// <inheritdoc/>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var blob = BlobOf(stateName, grainId);
        var payload = _options.GrainStorageSerializer.Serialize(grainState.State);
        if (payload.ToMemory().IsEmpty) throw new ArgumentException("The serializer made nothing of the state, which could not be told from a cleared one.");

        grainState.ETag = await StoreAsync("write", stateName, grainId, blob, payload, grainState.ETag, cancellationToken).ConfigureAwait(false);
        grainState.RecordExists = true;
    }

    /// <inheritdoc/>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var blob = BlobOf(stateName, grainId);
        var etag = await StoreAsync("clear", stateName, grainId, blob, null, grainState.ETag, cancellationToken).ConfigureAwait(false);
        Reset(grainState, etag);
    }

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe(OptionFormattingUtilities.Name<AzureBlobGrainStorage>(_name), _options.InitStage, StartAsync);

    /// <summary>Makes the container if it is not there.</summary>
    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        var service = await _options.CreateClient!().ConfigureAwait(false);
        await _calls.CreateAsync(_ => _containers.InitializeAsync(service), cancellationToken).ConfigureAwait(false);
        Log.Started(_logger, _name, "container", _options.ContainerName);
    }

    private static async Task<StoredBlob?> FindAsync(BlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            var found = await blob.DownloadContentAsync(cancellationToken).ConfigureAwait(false);
            return new StoredBlob(found.Value.Content, found.Value.Details.ETag.ToString());
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    private static async Task<StoredRecord> LookAsync(BlobClient blob, CancellationToken cancellationToken)
    {
        var found = await FindAsync(blob, cancellationToken).ConfigureAwait(false);
        return new StoredRecord(found?.ETag, StatePayload.PrintOf(found?.Payload));
    }

    private static async Task<string?> PutAsync(BlobClient blob, BinaryData payload, string? etag, CancellationToken cancellationToken)
    {
        var options = new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = ContentType }, Conditions = Condition(etag) };
        var answer = await blob.UploadAsync(payload, options, cancellationToken).ConfigureAwait(false);
        return answer.Value.ETag.ToString();
    }

    private static async Task<string?> DeleteAsync(BlobClient blob, string? etag, CancellationToken cancellationToken)
    {
        // Not every service keeps to "only if there is none" when it deletes; and who never saw a state must not delete it.
        if (etag is null)
        {
            if (!await blob.ExistsAsync(cancellationToken).ConfigureAwait(false)) return null;
            throw new RequestFailedException(412, "There is a blob where none was expected.", "ConditionNotMet", null);
        }

        var wasThere = await blob.DeleteIfExistsAsync(DeleteSnapshotsOption.None, Condition(etag), cancellationToken).ConfigureAwait(false);
        if (!wasThere.Value) throw new RequestFailedException(404, "The blob that was to be deleted is gone.", "BlobNotFound", null);
        return null;
    }

    private static BlobRequestConditions Condition(string? etag) => etag is null ? new() { IfNoneMatch = ETag.All } : new() { IfMatch = new ETag(etag) };

    private BlobClient BlobOf(string stateName, GrainId grainId) => _containers.GetBlobContainerClient(grainId).GetBlobClient(_names.Of(stateName, grainId));

    private async Task<string?> StoreAsync(
        string operation, string stateName, GrainId grainId, BlobClient blob, BinaryData? payload, string? etag, CancellationToken cancellationToken)
    {
        var expected = string.IsNullOrEmpty(etag) ? null : etag;
        Task<string?> Send(string? tag, CancellationToken token) =>
            payload is null && _options.DeleteStateOnClear ? DeleteAsync(blob, tag, token) : PutAsync(blob, payload ?? BinaryData.Empty, tag, token);
        var write = new ConditionalWrite($"{blob.BlobContainerName}/{blob.Name}", expected, StatePayload.PrintOf(payload), Send, token => LookAsync(blob, token));
        try
        {
            return await RunAsync(operation, grainId, write, cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException e) when (Failures.IsConflict(e) && e.ErrorCode != BlobErrorCode.ContainerNotFound)
        {
            throw new InconsistentStateException($"The state {stateName} of {grainId} is not the one that was read.", "Unknown", expected ?? "none", e);
        }
    }

    /// <summary>A container that somebody deleted is made again, once.</summary>
    private async Task<string?> RunAsync(string operation, GrainId grainId, ConditionalWrite write, CancellationToken cancellationToken)
    {
        try
        {
            return await _writes.RunAsync(operation, write, cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound && operation == "write")
        {
            var container = _containers.GetBlobContainerClient(grainId);
            await _calls.CreateAsync(token => container.CreateIfNotExistsAsync(cancellationToken: token), cancellationToken).ConfigureAwait(false);
            return await _writes.RunAsync(operation, write, cancellationToken).ConfigureAwait(false);
        }
    }

    private void Reset<T>(IGrainState<T> grainState, string? etag)
    {
        grainState.State = Empty<T>();
        grainState.RecordExists = false;
        grainState.ETag = etag;
    }

    private T Empty<T>() => _activators.GetActivator<T>().Create();

    private sealed record StoredBlob(BinaryData Payload, string ETag);
}

/// <summary>Makes <see cref="AzureBlobGrainStorage"/>.</summary>
public static class AzureBlobGrainStorageFactory
{
    /// <summary>Makes the one that is registered under a name.</summary>
    public static AzureBlobGrainStorage Create(IServiceProvider services, string name)
    {
        var options = services.GetRequiredService<IOptionsMonitor<AzureBlobStorageOptions>>().Get(name);
        return new AzureBlobGrainStorage(
            name,
            options,
            options.BuildContainerFactory(services, options),
            services.GetRequiredService<IActivatorProvider>(),
            services.GetRequiredService<StoreMetrics>(),
            services.GetRequiredService<ILogger<AzureBlobGrainStorage>>());
    }
}
