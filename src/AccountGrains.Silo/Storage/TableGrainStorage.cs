using System.Buffers;
using System.Data;
using System.Globalization;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace AccountGrains.Silo.Storage;

/// <summary>
/// Grain storage over a table of versioned records, with the semantics of the official providers: the ETag is the version as
/// text, and every store has the same ones because they are here and not in the store.
/// </summary>
internal sealed class TableGrainStorage(
    IStateTable table,
    RecordSerializer serializer,
    IActivatorProvider activators,
    IOptions<StorageOptions> options,
    StorageMetrics metrics,
    ILogger<TableGrainStorage> logger) : IGrainStorage
{
    private static readonly PayloadPool Payloads = new();

    /// <summary>Makes the grain storage, which moves what it cannot read to quarantine by itself.</summary>
    public static TableGrainStorage Create(IServiceProvider services) =>
        ActivatorUtilities.CreateInstance<TableGrainStorage>(services, new RecordSerializer(services.GetRequiredService<OrleansGrainStorageSerializer>(), services.GetRequiredService<Serializer>(), throws: true));

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
        var key = new StateKey(grainId, stateName);
        StateRow? row;
        while ((row = await table.ReadAsync(key, cancellationToken).ConfigureAwait(false)) is { Payload: { } payload })
        {
            try
            {
                grainState.State = serializer.Deserialize<T>(new BinaryData(payload)) ?? activators.GetActivator<T>().Create();
                grainState.ETag = TextOf(row.Version);
                grainState.RecordExists = true;
                return;
            }
            catch (Exception exception) when (IsUnreadable(exception))
            {
                await QuarantineAsync(key, row, exception, cancellationToken).ConfigureAwait(false);
            }
        }

        // No record, or one that was cleared and kept: then its version is what the next write has to name.
        Reset(grainState, TextOf(row?.Version));
    }

    /// <inheritdoc/>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        // Thousands a second: an array of its own for each payload would be garbage, a third of what a write leaves behind.
        var payload = serializer.Serialize(grainState.State, Payloads);
        try
        {
            var change = await table.WriteAsync(new StateKey(grainId, stateName), VersionOf(grainState.ETag), payload, cancellationToken).ConfigureAwait(false);
            if (!change.Done) throw Conflict("write", stateName, grainId, change.Version, grainState.ETag);
            grainState.ETag = TextOf(change.Version);
            grainState.RecordExists = true;
        }
        finally
        {
            Payloads.Return(payload.Array!);
        }
    }

    /// <inheritdoc/>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var key = new StateKey(grainId, stateName);
        var version = VersionOf(grainState.ETag);

        // Without a version there is nothing to keep an empty record of: the delete only makes sure of that.
        var change = options.Value.Storage.DeleteStateOnClear || version is null
            ? await table.DeleteAsync(key, version, cancellationToken).ConfigureAwait(false)
            : await table.WriteAsync(key, version, null, cancellationToken).ConfigureAwait(false);
        if (!change.Done) throw Conflict("clear", stateName, grainId, change.Version, grainState.ETag);

        Reset(grainState, TextOf(change.Version));
    }

    /// <summary>False for what is wrong with this build, or with the moment, and not with the payload.</summary>
    private static bool IsUnreadable(Exception exception) =>
        exception is not (CodecNotFoundException or OutOfMemoryException or OperationCanceledException);

    private static string? TextOf(long? version) => version?.ToString(CultureInfo.InvariantCulture);

    /// <summary>The version of an ETag: null for none, and one that no record has for a text that is none of ours.</summary>
    private static long? VersionOf(string? etag)
    {
        if (string.IsNullOrEmpty(etag)) return null;
        return long.TryParse(etag, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;
    }

    private static InconsistentStateException Conflict(string what, string stateName, GrainId grainId, long? stored, string? expected)
    {
        var storedTag = TextOf(stored) ?? "none";
        var expectedTag = string.IsNullOrEmpty(expected) ? "none" : expected;
        var cause = new DBConcurrencyException($"The stored version is {storedTag}, and the {what} expected {expectedTag}.");
        return new InconsistentStateException($"The {what} of state {stateName} of {grainId} came too late.", storedTag, expectedTag, cause);
    }

    private void Reset<T>(IGrainState<T> grainState, string? etag)
    {
        grainState.State = activators.GetActivator<T>().Create();
        grainState.ETag = etag;
        grainState.RecordExists = false;
    }

    private async Task QuarantineAsync(StateKey key, StateRow row, Exception exception, CancellationToken cancellationToken)
    {
        // When the record changed meanwhile it stays, and the next reading tells whether the new one can be read.
        if (!await table.QuarantineAsync(key, row, exception.GetType().Name, cancellationToken).ConfigureAwait(false)) return;
        metrics.Quarantined.Add(1);
        Log.StateQuarantined(logger, key.StateName, key.GrainType, key.GrainKey, exception);
    }

    /// <summary>Many arrays of the sizes of accounts and fingerprints, since hundreds of writes are under way at once; larger ones are few, and come from the shared pool, which gives memory back.</summary>
    private sealed class PayloadPool : ArrayPool<byte>
    {
        private const int LargestOfMany = 16 * 1024;
        private const int KeptOfASize = 512;
        private readonly ArrayPool<byte> _many = Create(LargestOfMany, KeptOfASize);

        public override byte[] Rent(int minimumLength) => minimumLength <= LargestOfMany ? _many.Rent(minimumLength) : Shared.Rent(minimumLength);

        public override void Return(byte[] array, bool clearArray = false)
        {
            if (array.Length <= LargestOfMany) _many.Return(array, clearArray);
            else Shared.Return(array, clearArray);
        }
    }
}
