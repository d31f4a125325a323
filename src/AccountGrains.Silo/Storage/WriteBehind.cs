using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using AccountGrains.Abstractions;
using Orleans.Storage;

namespace AccountGrains.Silo.Storage;

/// <summary>
/// What accounts and fingerprints have in common: their state is changed in memory and stored behind, and moves to another silo with what is not stored.
/// A record that another activation wrote stays as it is: then this one is not the right one any more, and goes. It is itself what the scheduler notes of its grain: there is one for each
/// that is loaded, and an object less in each is memory.
/// </summary>
internal sealed class WriteBehind(IPersistentState<StoredRecord> stored, FlushScheduler scheduler, IStoredBehind grain, IGrainContext context, ILogger logger) : DirtyGrain(grain)
{
    private const string DirtyKey = "dirty";
    private const int MostOwn = 16;

    // What this activation read and wrote last, in turn. A write without an answer may have come through, or may yet, and a store that was restored may be back at an earlier one.
    private OwnMarks _own;
    private byte _nextOwn;
    private Unread? _unreadable;

    /// <summary>True while something is not stored.</summary>
    public bool IsDirty { get; private set; }

    /// <summary>True when another activation stored this grain's state.</summary>
    public bool IsSuperseded { get; private set; }

    /// <summary>True when what is stored could not be read yet.</summary>
    public bool IsUnknown => stored.Etag == GrainStates.Unknown;

    /// <summary>Reads what could not be read.</summary>
    public async ValueTask ReadAgainAsync()
    {
        try
        {
            await stored.ReadStateAsync();
            if (IsUnknown) throw new StoreUnavailableException("What is stored of a grain cannot be read.");
        }
        catch
        {
            Grain.StayFor(Timeout.InfiniteTimeSpan);
            throw;
        }
    }

    /// <summary>Reads what is stored; what cannot be read is none.</summary>
    public T? Load<T>(string what, Func<StoredRecord, T> read)
        where T : class
    {
        var record = stored.State;
        stored.State = new StoredRecord();
        if (record.Payload.Length == 0) return null;
        Remember(record);
        try
        {
            return read(record);
        }
        catch (InvalidDataException e)
        {
            Silo.Log.Unreadable(logger, e, what, Grain.Id);
            _unreadable = new Unread(what, record);
            return null;
        }
    }

    /// <summary>Has the state stored in time.</summary>
    public void Changed()
    {
        if (IsDirty || IsSuperseded) return;
        IsDirty = true;
        scheduler.Register(this);
    }

    /// <summary>The activation goes, and stores what is left itself.</summary>
    public void Leave() => scheduler.Leave(this);

    /// <summary>Has it stored soon.</summary>
    public void Hurry() => scheduler.Hurry(this);

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
            Grain.StayFor(TimeSpan.Zero);
            return !IsSuperseded;
        }
        catch
        {
            IsDirty = true;

            // This write may have hung so long that another flush came and found nothing to do.
            scheduler.Register(this);

            // What is nowhere else is not collected.
            Grain.StayFor(Timeout.InfiniteTimeSpan);
            throw;
        }
        finally
        {
            // Another flush may have come meanwhile, when this one hung: its record is the one to be written then.
            if (ReferenceEquals(stored.State, record)) stored.State = new StoredRecord();
        }
    }

    /// <summary>
    /// Before the activation goes: it stores what is not stored, and moves when this silo stops and another is there; what could not be stored moves with it.
    /// To move alone would lose it when the other silo stops at the same time.
    /// </summary>
    public async ValueTask LeaveAsync(DeactivationReason reason, bool hasOthers, Action migrate, Func<StoredRecord> write)
    {
        Leave();
        if (IsSuperseded) return;
        var moves = reason.ReasonCode == DeactivationReasonCode.ShuttingDown && hasOthers;
        try
        {
            await FlushAsync(write);
        }
        catch (Exception e) when (moves)
        {
            Log.Moved(logger, e, Grain.Id);
        }
        catch
        {
            scheduler.Lose();
            throw;
        }

        if (moves) migrate();
    }

    /// <summary>Takes along whether something is not stored.</summary>
    public void Dehydrate(IDehydrationContext context) => context.AddBytes(DirtyKey, [IsDirty ? (byte)1 : (byte)0]);

    /// <summary>Goes on where the last activation stopped.</summary>
    public void Rehydrate(IRehydrationContext context)
    {
        if (context.TryGetBytes(DirtyKey, out var dirty) && dirty.FirstSpan is [1, ..]) Changed();
    }

    // Never 0, which stands for none. At a conflict, which is seldom, another's record has one of these marks with a chance of four in a thousand million.
    private static uint MarkOf(StoredRecord record) => Math.Max(1, BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(record.Payload)));

    private async Task WriteAsync(StoredRecord record)
    {
        if (_unreadable is { } earlier) await Unreadable.KeepAsync(context, earlier.State, earlier.Record);
        _unreadable = null;
        InconsistentStateException? conflict = null;
        try
        {
            // Unknown since a conflict whose other side could not be read.
            if (!IsUnknown)
            {
                await PutAsync(record);
                return;
            }
        }
        catch (InconsistentStateException e)
        {
            conflict = e;
        }

        // A conflict says that a write of ours came through whose answer was lost, that the store lost one, or that another activation wrote.
        await ReadAgainAsync();
        var isOwn = ((ReadOnlySpan<uint>)_own).Contains(MarkOf(stored.State));
        stored.State = record;
        if (isOwn) await PutAsync(record);
        else Supersede(conflict);
    }

    private async Task PutAsync(StoredRecord record)
    {
        Remember(record);
        await stored.WriteStateAsync();
    }

    private void Remember(StoredRecord record)
    {
        var mark = MarkOf(record);
        if (((ReadOnlySpan<uint>)_own).Contains(mark)) return;
        _own[_nextOwn] = mark;
        _nextOwn = (byte)((_nextOwn + 1) % MostOwn);
    }

    private void Supersede(InconsistentStateException? e)
    {
        IsSuperseded = true;
        IsDirty = false;
        Leave();
        stored.State = new StoredRecord();
        Log.Superseded(logger, e, Grain.Id);
        context.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationError, "Another activation stored this grain's state."));
    }

    /// <summary>What could not be read, until it is moved out of the way.</summary>
    private sealed record Unread(string State, StoredRecord Record);

    [InlineArray(MostOwn)]
    private struct OwnMarks
    {
        private uint _first;
    }
}
