using AccountGrains.Abstractions;
using AccountGrains.Abstractions.Accounts;
using AccountGrains.Abstractions.Messages;
using AccountGrains.Core;
using AccountGrains.Core.Accounts;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.Door;
using AccountGrains.Core.Epochs;
using AccountGrains.Silo.Correlation;
using AccountGrains.Silo.Decisions;
using AccountGrains.Silo.Storage;
using Orleans.Storage;

namespace AccountGrains.Silo.Accounts;

/// <summary>What accounts use of their silo.</summary>
/// <param name="Snapshots">What verdicts read.</param>
/// <param name="Batch">Where reports go.</param>
/// <param name="Writer">Where decisions go.</param>
/// <param name="Verdicts">The last decisions.</param>
/// <param name="Flush">Who stores what changed.</param>
internal sealed record AccountServices(SnapshotHolder Snapshots, CorrelationBatch Batch, DecisionWriter Writer, LastVerdicts Verdicts, FlushScheduler Flush);

/// <inheritdoc cref="IAccountGrain"/>
[GrainType("account")]
internal sealed class AccountGrain(
    [PersistentState("account", StorageNames.State)] IPersistentState<StoredRecord> stored, AccountServices silo, ILogger<AccountGrain> logger) : Grain, IAccountGrain
{
    private AccountState _state = null!;
    private AccountState? _meanwhile;
    private Task? _learning;
    private DecisionTicket? _ticket;
    private bool _dirty;
    private int _storedDecision;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString();
        if (!AccountId.TryParse(key, out var id)) throw new ArgumentException("The key of an account is k, the key's number, a dash and 32 hex digits.");
        if (stored.Etag == GrainStates.Unknown)
        {
            _meanwhile = new AccountState(id);
            Changed(null);
        }
        else
        {
            Begin(id);
        }

        return Task.CompletedTask;
    }

    private void Begin(AccountId id)
    {
        _state = Load(id);
        var last = silo.Verdicts.Find(id);
        if (last is not null) _state.Adopt(last);
        _ticket = silo.Writer.Find(id);

        // A crash came between the state and the record of its decision, or the record is too old to be kept in memory; writing it twice does no harm.
        if (_state.DecisionNumber > (last?.Number ?? 0)) _ticket = silo.Writer.Add(_state.DecisionInForce(silo.Snapshots.Current.Policy.Version));
        _storedDecision = _state.DecisionNumber;
    }

    public ValueTask<VerdictReply> ObserveAsync(Message<Observation> observation)
    {
        if (_meanwhile is not null) return new(ObserveUnknown(observation.Value));
        var outcome = AccountRules.Observe(_state, observation.Value.Input, silo.Snapshots.Current);
        if (!outcome.Duplicate)
        {
            silo.Batch.Add(observation.Value, outcome);
            Changed(outcome.Decision);
        }

        return new(Reply(outcome));
    }

    public ValueTask<Message<AccountReply>> TellAsync(Message<AccountCall> call)
    {
        RequireHistory();
        var reply = AccountRules.Apply(_state, call.Value, silo.Snapshots.Current);
        Changed(reply.Decisions.Count > 0 ? reply.Decisions[0] : null);
        if (reply.Joined.Count > 0) silo.Flush.Hurry(GrainContext.GrainId);
        return new(new Message<AccountReply>(reply));
    }

    public ValueTask<StoredRecord> GetAsync()
    {
        RequireHistory();
        if (_state.Behaviour.FirstSeen != 0) return new(new StoredRecord { Payload = _state.Write(), Name = _state.Name });
        DeactivateOnIdle();
        return new(new StoredRecord());
    }

    // Interleaves with observations, so that no verdict waits for the store: what is written is what was there when the write began, and whatever
    // changes meanwhile makes the account dirty again.
    public async ValueTask FlushAsync()
    {
        if (!_dirty) return;
        if (_meanwhile is not null) await (_learning ??= LearnAsync());
        _dirty = false;
        var decision = _state.DecisionNumber;
        var record = new StoredRecord { Payload = _state.Write(), Name = _state.Name };
        stored.State = record;
        try
        {
            await WriteAsync(record);
            _storedDecision = decision;
            DelayDeactivation(TimeSpan.Zero);
        }
        catch
        {
            _dirty = true;

            // What is nowhere else is not collected.
            DelayDeactivation(Timeout.InfiniteTimeSpan);
            throw;
        }
        finally
        {
            // Another flush may have come meanwhile, when this one hung: its record is the one to be written then.
            if (ReferenceEquals(stored.State, record)) stored.State = new StoredRecord();
        }
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await FlushAsync();
        silo.Flush.Forget(GrainContext.GrainId);
    }

    /// <summary>A conflict says that a write of ours landed whose answer was lost, or that another activation wrote around a crash: this state is the newer one.</summary>
    private async Task WriteAsync(StoredRecord record)
    {
        try
        {
            await stored.WriteStateAsync();
        }
        catch (InconsistentStateException)
        {
            await stored.ReadStateAsync();
            stored.State = record;
            await stored.WriteStateAsync();
        }
    }

    private VerdictReply ObserveUnknown(Observation observation)
    {
        var outcome = AccountRules.ObserveUnknown(_meanwhile!, observation.Input);
        if (!outcome.Duplicate) silo.Batch.Add(observation, outcome);
        return VerdictReply.Unknown(outcome.Duplicate);
    }

    private void RequireHistory()
    {
        if (_meanwhile is not null) throw new OrleansException("What is stored of the account cannot be read at the moment.");
    }

    /// <summary>Reads what could not be read when the account was loaded, and adds what it did since.</summary>
    private async Task LearnAsync()
    {
        try
        {
            await stored.ReadStateAsync();
            if (stored.Etag == GrainStates.Unknown) throw new StoreUnavailableException("What is stored of an account cannot be read.");
            var meanwhile = _meanwhile!;
            _meanwhile = null;
            Begin(meanwhile.Id);
            Changed(AccountRules.Learn(_state, meanwhile, silo.Snapshots.Current));
        }
        catch
        {
            DelayDeactivation(Timeout.InfiniteTimeSpan);
            throw;
        }
        finally
        {
            _learning = null;
        }
    }

    private AccountState Load(AccountId id)
    {
        var record = stored.State;
        stored.State = new StoredRecord();
        if (record.Payload.Length == 0) return new AccountState(id);
        try
        {
            var state = AccountState.Read(id, record.Name ?? "", record.Payload);
            state.Resume();
            return state;
        }
        catch (InvalidDataException e)
        {
            Log.Unreadable(logger, e, "account", GrainContext.GrainId);
            return new AccountState(id) { Name = record.Name ?? "" };
        }
    }

    private void Changed(Decision? decision)
    {
        if (!_dirty)
        {
            _dirty = true;
            silo.Flush.Register(GrainContext.GrainId, Flush);
        }

        if (decision is null) return;
        _ticket = silo.Writer.Add(decision);
        silo.Flush.Hurry(GrainContext.GrainId);
    }

    private ValueTask Flush() => this.AsReference<IAccountGrain>().FlushAsync();

    private VerdictReply Reply(in AccountOutcome outcome) => new()
    {
        Verdict = outcome.Verdict,
        DecisionNumber = _state.DecisionNumber,
        Durable = (_ticket?.Stored ?? true) && _storedDecision == _state.DecisionNumber,
        Campaign = _state.Campaign.Value,
        Score = _state.Score,
        Duplicate = outcome.Duplicate,
        Reasons = outcome.Verdict == Verdict.Allow || _state.Case is null ? [] : [.. _state.Case.Reasons.Select(ReasonWire.Of)],
    };
}
