using System.Diagnostics;
using System.Runtime.CompilerServices;
using AccountGrains.Abstractions;
using AccountGrains.Silo.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Storage;

namespace AccountGrains.Silo.Storage;

/// <summary>What states that are stored behind share in a silo.</summary>
/// <param name="Grains">How they are asked to.</param>
/// <param name="Scheduler">Who has them stored.</param>
/// <param name="Storage">Where they are.</param>
/// <param name="Losses">Whether a silo was lost lately.</param>
/// <param name="Limits">How long a grain may take to go.</param>
/// <param name="Calls">How long a write may take.</param>
/// <param name="Logger">Where it is told.</param>
internal sealed record BehindServices(
    IGrainFactory Grains, FlushScheduler Scheduler, [FromKeyedServices(StorageNames.State)] IGrainStorage Storage, RecentLosses Losses, IOptions<TrackerOptions> Limits,
    IOptions<StorageOptions> Calls, ILogger<WriteBehind> Logger)
{
    /// <summary>
    /// How long a grain that goes tries again when the store has enough to do. A try takes one and a half times what a write may; one that ended after the grain had to be gone would write behind
    /// the back of the next activation, and the grain would stay in the directory.
    /// </summary>
    public TimeSpan Patience { get; } = Limits.Value.Silo.DeactivationTimeout - (2 * Calls.Value.Storage.WriteTimeout);
}

/// <summary>
/// What accounts and fingerprints have in common: their state is changed in memory and stored behind, and moves to another silo with what is not stored.
/// A record that another activation wrote stays as it is: then this one is not the right one any more, and goes. It is itself what the scheduler notes of its grain: there is one for each
/// that is loaded, and an object less in each is memory.
/// </summary>
/// <param name="silo">What all of them in a silo share.</param>
/// <param name="grain">Whose state it is.</param>
internal sealed class WriteBehind(BehindServices silo, IKeptBehind grain) : DirtyGrain(grain)
{
    private const string DirtyKey = "dirty";
    private const int MostOwn = 16;

    private readonly StoredState _stored = new(grain, silo.Storage);

    // What this activation read and wrote last, in turn. A write without an answer may have come through, or may yet, and a store that was restored may be back at an earlier one.
    private OwnMarks _own;
    private byte _nextOwn;

    // What comes late from a silo that was lost must not take the place of what is done here.
    private bool _hasHaste;

    private StoredRecord? _unreadable;
    private Task? _flushing;

    /// <summary>True while something is not stored.</summary>
    public bool IsDirty { get; private set; }

    /// <summary>True while it stays loaded until it is stored.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>True when another activation stored this grain's state.</summary>
    public bool IsSuperseded { get; private set; }

    /// <summary>True when what is stored could not be read yet.</summary>
    public bool IsUnknown => _stored.Etag == GrainStates.Unknown;

    /// <summary>Reads what could not be read.</summary>
    public async ValueTask ReadAgainAsync()
    {
        try
        {
            await _stored.ReadStateAsync();
            if (IsUnknown) throw new StoreUnavailableException("What is stored of a grain cannot be read.");
        }
        catch
        {
            Hold();
            throw;
        }
    }

    /// <summary>Asks the store, unless it came along what is there; the first that a grain does when it is activated.</summary>
    public Task BeginAsync(CancellationToken cancellationToken) => _stored.IsRead ? Task.CompletedTask : _stored.ReadStateAsync(cancellationToken);

    /// <summary>Reads what is stored; what cannot be read is none. When a silo was lost lately, it is stored anew at once, or as soon as there is something to store.</summary>
    public T? Load<T>(Func<StoredRecord, T> read)
        where T : class
    {
        var record = _stored.State;
        _stored.Forget(record);
        _hasHaste = silo.Losses.Any;
        if (record.Payload.Length == 0) return null;
        Remember(record);
        try
        {
            var state = read(record);
            if (_hasHaste) Changed();
            return state;
        }
        catch (InvalidDataException e)
        {
            Silo.Log.Unreadable(silo.Logger, e, Kept.StateName, Grain.Id);
            _unreadable = record;
            return null;
        }
    }

    /// <summary>Has the state stored in time.</summary>
    public void Changed()
    {
        if (IsDirty || IsSuperseded) return;
        IsDirty = true;
        silo.Scheduler.Register(this, atOnce: _hasHaste);
        _hasHaste = false;
    }

    /// <summary>Has its grain store what it is about to take in, with its next change or some time after; from any thread.</summary>
    public void Expect() => silo.Scheduler.Expect(this);

    /// <summary>The activation goes, and stores what is left itself.</summary>
    public void Leave() => silo.Scheduler.Leave(this);

    /// <summary>Has it stored soon.</summary>
    public void Hurry() => silo.Scheduler.Hurry(this);

    /// <summary>
    /// Stores what changed; false when there was nothing to store. It may be called while it waits for the store: what is written is what was there when the
    /// write began, and what changes meanwhile makes the state dirty again. One flush ends before the next begins: what a conflict means is known only when the
    /// record was read again, and until then nobody else may write with what that reading brought.
    /// </summary>
    /// <param name="write">Writes the state.</param>
    /// <param name="changed">Something changed that was not told by <see cref="Changed"/>.</param>
    public Task<bool> FlushAsync(Func<StoredRecord> write, bool changed = false)
    {
        IsDirty |= changed;
        if (_flushing is { IsCompleted: false } running) return FlushAfterAsync(running, write);
        if (!IsDirty || IsSuperseded) return Task.FromResult(false);
        var flush = FlushNowAsync(write);
        if (!flush.IsCompleted) _flushing = flush;
        return flush;
    }

    private async Task<bool> FlushAfterAsync(Task running, Func<StoredRecord> write)
    {
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return await FlushAsync(write);
    }

    // Thousands a second, each for as long as the store takes: what is usual is awaited once.
    private async Task<bool> FlushNowAsync(Func<StoredRecord> write)
    {
        var record = write();
        IsDirty = false;
        _stored.State = record;
        try
        {
            if (_unreadable is { } earlier) await Unreadable.KeepAsync(Kept.Context, Kept.StateName, earlier);
            _unreadable = null;
            InconsistentStateException? conflict = null;
            var isWritten = false;
            try
            {
                // Unknown since a conflict whose other side could not be read.
                if (!IsUnknown)
                {
                    await PutAsync(record);
                    isWritten = true;
                }
            }
            catch (InconsistentStateException e)
            {
                conflict = e;
            }

            if (!isWritten) await SettleAsync(record, conflict);
            if (IsHeld) Grain.StayFor(TimeSpan.Zero);
            IsHeld = false;
            return !IsSuperseded;
        }
        catch
        {
            IsDirty = true;
            silo.Scheduler.Register(this);

            // What is nowhere else is not collected.
            Hold();
            throw;
        }
        finally
        {
            _stored.Forget(record);
            _flushing = null;
        }
    }

    /// <summary>
    /// Before the activation goes: it stores what is not stored, and moves when this silo stops and another is there; what could not be stored moves with it.
    /// To move alone would lose it when the other silo stops at the same time.
    /// </summary>
    /// <param name="reason">Why it goes.</param>
    /// <param name="hasOthers">Another silo is there.</param>
    /// <param name="migrate">Has it move.</param>
    /// <param name="write">Writes the state.</param>
    /// <param name="cancellationToken">Ends when it has to be gone.</param>
    public async ValueTask LeaveAsync(DeactivationReason reason, bool hasOthers, Action migrate, Func<StoredRecord> write, CancellationToken cancellationToken)
    {
        Leave();
        if (IsSuperseded) return;
        var isToMove = reason.ReasonCode == DeactivationReasonCode.ShuttingDown && hasOthers;
        var moves = isToMove || reason.ReasonCode == DeactivationReasonCode.Migrating;
        try
        {
            await (moves ? FlushAsync(write) : FlushLastAsync(write, cancellationToken));
        }
        catch (Exception e) when (moves)
        {
            Log.Moved(silo.Logger, e, Grain.Id);
        }
        catch
        {
            silo.Scheduler.Lose();
            throw;
        }

        if (isToMove) migrate();
    }

    // Thousands go at once when they are due or memory is short, more than the store takes while a call waits for its turn: then it waits again, as long as that leaves time for the write.
    private async Task FlushLastAsync(Func<StoredRecord> write, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await FlushAsync(write);
                return;
            }
            catch (Exception e) when (e is StoreBusyException or { InnerException: StoreBusyException } && Stopwatch.GetElapsedTime(began) < silo.Patience && !cancellationToken.IsCancellationRequested)
            {
            }
        }
    }

    /// <summary>Takes along whether something is not stored, and what is known of what is.</summary>
    public void Dehydrate(IDehydrationContext context)
    {
        context.AddBytes(DirtyKey, [IsDirty ? (byte)1 : (byte)0]);
        _stored.Dehydrate(context);
    }

    /// <summary>Goes on where the last activation stopped.</summary>
    public void Rehydrate(IRehydrationContext context)
    {
        if (context.TryGetBytes(DirtyKey, out var dirty) && dirty.FirstSpan is [1, ..]) Changed();
        try
        {
            _stored.Rehydrate(context);
        }
        catch (Exception e)
        {
            // Then the store is asked.
            Silo.Log.Unreadable(silo.Logger, e, Kept.StateName, Grain.Id);
        }
    }

    // Its grain is kept once: there are millions of these.
    private IKeptBehind Kept => (IKeptBehind)Grain;

    // Never 0, which stands for none. At a conflict, which is seldom, another's record has one of these marks with a chance of four in a thousand million.
    private static uint MarkOf(StoredRecord record)
    {
        var hash = new HashCode();
        hash.AddBytes(record.Payload);
        return Math.Max(1, (uint)hash.ToHashCode());
    }

    /// <summary>A conflict says that a write of ours came through whose answer was lost, that the store lost one, or that another activation wrote.</summary>
    private async Task SettleAsync(StoredRecord record, InconsistentStateException? conflict)
    {
        await ReadAgainAsync();
        var isOwn = ((ReadOnlySpan<uint>)_own).Contains(MarkOf(_stored.State));
        _stored.State = record;
        if (isOwn) await PutAsync(record);
        else Supersede(conflict);
    }

    private void Hold()
    {
        IsHeld = true;
        Grain.StayFor(Timeout.InfiniteTimeSpan);
    }

    private Task PutAsync(StoredRecord record)
    {
        Remember(record);
        return _stored.WriteStateAsync();
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
        Log.Superseded(silo.Logger, e, Grain.Id);
        Kept.Context.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationError, "Another activation stored this grain's state."));
    }

    [InlineArray(MostOwn)]
    private struct OwnMarks
    {
        private uint _first;
    }
}
