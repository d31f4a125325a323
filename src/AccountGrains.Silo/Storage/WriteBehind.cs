using System.Security.Cryptography;
using AccountGrains.Abstractions;
using Orleans.Storage;

namespace AccountGrains.Silo.Storage;

/// <summary>
/// What accounts and fingerprints have in common: their state is changed in memory and stored behind, and moves to another silo with what is not stored.
/// A record that another activation wrote stays as it is: then this one is not the right one any more, and goes.
/// </summary>
internal sealed class WriteBehind(IPersistentState<StoredRecord> stored, FlushScheduler scheduler, IGrainContext grain, Func<ValueTask> flush, ILogger logger)
{
    private const string DirtyKey = "dirty";
    private byte[]? _doubt;

    /// <summary>True while something is not stored.</summary>
    public bool IsDirty { get; private set; }

    /// <summary>True when another activation stored this grain's state.</summary>
    public bool IsSuperseded { get; private set; }

    /// <summary>True when what is stored could not be read.</summary>
    public bool IsUnknown => stored.Etag == GrainStates.Unknown;

    /// <summary>Reads it once more; throws <see cref="StoreUnavailableException"/> when that fails again.</summary>
    public async Task ReadAgainAsync()
    {
        await stored.ReadStateAsync();
        if (IsUnknown) throw new StoreUnavailableException("What is stored of a grain cannot be read.");
    }

    /// <summary>Reads what is stored; what cannot be read is none.</summary>
    public T? Load<T>(string what, Func<StoredRecord, T> read)
        where T : class
    {
        var record = stored.State;
        stored.State = new StoredRecord();
        if (record.Payload.Length == 0) return null;
        try
        {
            return read(record);
        }
        catch (InvalidDataException e)
        {
            Silo.Log.Unreadable(logger, e, what, grain.GrainId);
            return null;
        }
    }

    /// <summary>Has the state stored in time.</summary>
    public void Changed()
    {
        if (IsDirty || IsSuperseded) return;
        IsDirty = true;
        scheduler.Register(grain.GrainId, flush);
    }

    /// <summary>Has it stored soon.</summary>
    public void Hurry() => scheduler.Hurry(grain.GrainId);

    /// <summary>
    /// Stores what changed; false when there was nothing to store. It may be called while it waits for the store: what is written is what was there when the
    /// write began, and what changes meanwhile makes the state dirty again.
    /// </summary>
    public async ValueTask<bool> FlushAsync(Func<StoredRecord> write)
    {
        if (!IsDirty || IsSuperseded) return false;
        IsDirty = false;
        var record = write();
        stored.State = record;
        try
        {
            await WriteAsync(record);
            return !IsSuperseded;
        }
        catch
        {
            IsDirty = true;
            _doubt = HashOf(record);
            throw;
        }
        finally
        {
            // Another flush may have come meanwhile, when this one hung: its record is the one to be written then.
            if (ReferenceEquals(stored.State, record)) stored.State = new StoredRecord();
        }
    }

    /// <summary>Before the activation goes: what is not stored moves with it when this silo stops and another is there, else it is stored.</summary>
    public async ValueTask LeaveAsync(DeactivationReason reason, bool hasOthers, Action migrate, Func<StoredRecord> write)
    {
        scheduler.Forget(grain.GrainId);
        if (IsSuperseded) return;
        if (reason.ReasonCode == DeactivationReasonCode.ShuttingDown && hasOthers) migrate();
        else await FlushAsync(write);
    }

    /// <summary>Takes along whether something is not stored.</summary>
    public void Dehydrate(IDehydrationContext context) => context.AddBytes(DirtyKey, [IsDirty ? (byte)1 : (byte)0]);

    /// <summary>Goes on where the last activation stopped.</summary>
    public void Rehydrate(IRehydrationContext context)
    {
        if (context.TryGetBytes(DirtyKey, out var dirty) && dirty.FirstSpan is [1, ..]) Changed();
    }

    private static byte[] HashOf(StoredRecord record) => SHA256.HashData(record.Payload);

    /// <summary>A conflict says that a write of ours landed whose answer was lost, or that another activation wrote.</summary>
    private async Task WriteAsync(StoredRecord record)
    {
        try
        {
            await stored.WriteStateAsync();
        }
        catch (InconsistentStateException e)
        {
            await stored.ReadStateAsync();
            if (_doubt is null || !HashOf(stored.State).AsSpan().SequenceEqual(_doubt))
            {
                Supersede(e);
                return;
            }

            stored.State = record;
            await stored.WriteStateAsync();
        }

        _doubt = null;
    }

    private void Supersede(InconsistentStateException e)
    {
        IsSuperseded = true;
        IsDirty = false;
        scheduler.Forget(grain.GrainId);
        stored.State = new StoredRecord();
        Log.Superseded(logger, e, grain.GrainId);
        grain.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationError, "Another activation stored this grain's state."));
    }
}
