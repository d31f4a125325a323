using AccountGrains.Abstractions;
using AccountGrains.Abstractions.Accounts;
using AccountGrains.Abstractions.Messages;
using AccountGrains.Core;
using AccountGrains.Core.Accounts;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.Door;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.States;
using AccountGrains.Silo.Correlation;
using AccountGrains.Silo.Decisions;
using AccountGrains.Silo.Storage;
using Orleans.Placement;

namespace AccountGrains.Silo.Accounts;

/// <summary>What accounts use of their silo.</summary>
/// <param name="Snapshots">What verdicts read.</param>
/// <param name="Batch">Where reports go.</param>
/// <param name="Writer">Where decisions go.</param>
/// <param name="Verdicts">The last decisions.</param>
/// <param name="Losses">Reads the decisions of silos that were lost.</param>
/// <param name="Behind">How what changed is stored.</param>
/// <param name="Local">Which accounts are here.</param>
/// <param name="Mail">What they are told without a call.</param>
/// <param name="Agents">The other silos.</param>
/// <param name="Ages">How long accounts stay loaded.</param>
/// <param name="Logger">Where they tell what is wrong.</param>
internal sealed record AccountServices(
    SnapshotHolder Snapshots, CorrelationBatch Batch, DecisionWriter Writer, LastVerdicts Verdicts, LostSilos Losses, BehindServices Behind, LocalAccounts Local, Mailroom Mail, EpochAgents Agents,
    AccountAges Ages, ILogger<AccountGrain> Logger);

/// <summary>How long an account that nobody calls stays loaded.</summary>
/// <param name="Account">One that is not young, see <see cref="AccountState.IsYoung"/>.</param>
/// <param name="Young">One that is.</param>
internal sealed record AccountAges(TimeSpan Account, TimeSpan Young)
{
    /// <summary>How long one that takes observations in without calls needs to say only once that it is in use, in milliseconds.</summary>
    public long Stretch { get; } = (long)(Young / 4).TotalMilliseconds;
}

/// <inheritdoc cref="IAccountGrain"/>
[GrainType("account"), PreferLocalPlacement]
internal sealed class AccountGrain : Grain, IAccountGrain, IKeptBehind, ILocalAccount, ITakesTurns, IGrainMigrationParticipant
{
    private readonly AccountServices _silo;
    private readonly WriteBehind _behind;
    private AccountState _state = null!;
    private AccountLuggage? _arrived;
    private Task? _learning;
    private DecisionTicket? _ticket;
    private Mailbox _mail;
    private int _storedDecision;

    // The state is what it did since it was loaded; what is stored could not be read yet.
    private bool _isUnknown;

    // Others find it on this silo. From its first turn on: an activation that came to nothing would have none, and would never be told to go.
    private bool _isListed;

    // In which stretch of time it last said that it is in use: Orleans does not know of observations that come without a call. Small, since there are millions.
    private ushort _inUse;

    public AccountGrain(AccountServices silo)
    {
        _silo = silo;
        _behind = new WriteBehind(silo.Behind, this);
    }

    GrainId IStoredBehind.Id => GrainContext.GrainId;

    IGrainContext IKeptBehind.Context => GrainContext;

    string IKeptBehind.StateName => StorageNames.Account;

    AccountId ILocalAccount.Account => _state.Id;

    private uint Owner => GrainContext.GrainId.GetUniformHashCode();

    // While it is not ready, or has to read first, a call: that waits, or keeps it from going.
    ValueTask IStoredBehind.AskToFlushAsync() =>
        _state is null || _isUnknown
            ? _silo.Behind.Grains.Account(GrainContext.GrainId).FlushAsync()
            : new(GrainContext.InTurnAsync(static grain => ((AccountGrain)grain!).FlushUnlessGoneAsync(), this));

    void IStoredBehind.StayFor(TimeSpan time) => DelayDeactivation(time);

    bool ILocalAccount.TryTell(IReadOnlyList<LinkNotice> links)
    {
        if (_isUnknown || _behind.IsSuperseded || !_silo.Mail.TryPut(ref _mail, Owner, links)) return false;
        _behind.Expect();
        return true;
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = this.GetPrimaryKeyString();
        if (!AccountId.TryParse(key, out var id)) throw new ArgumentException("The key of an account is k, the key's number, a dash and 32 hex digits.");

        await _behind.BeginAsync(cancellationToken);

        // Without a snapshot no campaign is known, and who is restricted because of one would be let go.
        await _silo.Snapshots.FirstAsync(cancellationToken);
        var caughtUp = await CaughtUpAsync(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();

        // The state is set last: from then on it is asked to store what it has, also by who does not know that its activation failed.
        if (_arrived is { } arrived)
        {
            Unpack(id, arrived);
        }
        else if (_behind.IsUnknown || !caughtUp)
        {
            _isUnknown = true;
            _state = new AccountState(id);
            _behind.Changed();
        }
        else
        {
            _state = Begin(id);
        }
    }

    // Between turns that are called: no observation waits for anything within its own, so that no two of them are ever under way at once.
    ValueTask<VerdictReply?> ILocalAccount.ObserveAsync(Observation observation) => ObservationTurn.TakeAsync(GrainContext.Scheduler, this, observation);

    // One that goes stores what it has for the last time, or nothing any more: the next activation is to be asked.
    VerdictReply? ITakesTurns.Observe(Observation observation)
    {
        if (_behind.IsGone) return null;
        SayInUse();
        return Observe(observation);
    }

    public ValueTask<VerdictReply> ObserveAsync(Message<Observation> observation) => new(Observe(observation.Value));

    public ValueTask<Message<AccountReply>> TellAsync(Message<AccountCall> call)
    {
        RequireHistory();
        BeginTurn();
        var reply = AccountRules.Apply(_state, call.Value, _silo.Snapshots.Current);
        Changed(reply.Decisions.Count > 0 ? reply.Decisions[0] : null);
        if (reply.Joined.Count > 0) _behind.Hurry();
        return new(new Message<AccountReply>(reply));
    }

    public ValueTask<StoredRecord> GetAsync()
    {
        RequireHistory();
        BeginTurn();
        if (_state.Behaviour.FirstSeen != 0) return new(Record());
        DeactivateOnIdle();
        return new(new StoredRecord());
    }

    public ValueTask FlushAsync() => new(StoreAsync());

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_isListed) _silo.Local.Remove(this);
        if (TakeIn(_silo.Mail.Close(ref _mail, Owner))) _behind.Changed();
        if (!_isUnknown)
        {
            await _behind.LeaveAsync(reason, _silo.Agents.Others.Count > 0, this.MigrateOnIdle, Record, cancellationToken);
            return;
        }

        _behind.Leave();
        if (reason.ReasonCode == DeactivationReasonCode.ShuttingDown && _silo.Agents.Others.Count > 0) this.MigrateOnIdle();
        else await FlushAsync();
    }

    public void OnDehydrate(IDehydrationContext dehydrationContext)
    {
        if (_behind.IsSuperseded) return;
        _behind.Dehydrate(dehydrationContext);
        new AccountLuggage(_state.Write(), _state.Name, _storedDecision, _ticket?.Stored ?? true, _isUnknown).Pack(dehydrationContext);
    }

    public void OnRehydrate(IRehydrationContext rehydrationContext)
    {
        _arrived = AccountLuggage.Unpack(rehydrationContext);
        if (_arrived is not null) _behind.Rehydrate(rehydrationContext);
    }

    private Task FlushUnlessGoneAsync() => _behind.IsGone ? Task.CompletedTask : StoreAsync();

    // Interleaves with observations, so that no verdict waits for the store, and with its own end, which waits for it.
    private async Task StoreAsync()
    {
        if (_isUnknown) await LearnOnceAsync();
        var decision = _state.DecisionNumber;

        // Not as at other turns: it is asked already. What is taken in here is stored also when another flush has to end first.
        if (!await _behind.FlushAsync(Record, changed: TakeIn(_silo.Mail.Take(ref _mail, Owner)))) return;
        _storedDecision = decision;
        if (_ticket is { Refused: true }) RecordAgain();

        // Who was hardly seen is the first to be collected.
        if (!_state.IsYoung) DelayDeactivation(_silo.Ages.Account);
    }

    /// <summary>False when the decisions of a silo that was lost cannot be read: without them the last verdict is not known.</summary>
    private async Task<bool> CaughtUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _silo.Losses.CaughtUpAsync(cancellationToken);
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.Postponed(_silo.Logger, e);
            return false;
        }
    }

    private static AccountState Read(AccountId id, StoredRecord record)
    {
        var state = AccountState.Read(id, record.Name ?? "", record.Payload);
        state.Resume();
        return state;
    }

    private void Unpack(AccountId id, AccountLuggage arrived)
    {
        _arrived = null;
        _isUnknown = arrived.IsUnknown;
        _state = AccountState.Read(id, arrived.Name, arrived.State);
        if (_isUnknown) return;
        _storedDecision = arrived.StoredDecision;
        _ticket = _silo.Writer.Find(id);
        if (!arrived.IsRecorded) _ticket = _silo.Writer.Add(InForce(_state));
    }

    /// <summary>Goes on from what is stored, and takes over a decision that was made after that.</summary>
    private AccountState Begin(AccountId id)
    {
        var state = _behind.Load(record => Read(id, record)) ?? new AccountState(id);
        var last = _silo.Verdicts.Find(id);
        if (last is not null) state.Adopt(last);
        _ticket = _silo.Writer.Find(id);

        // A crash came between the state and the record of its decision, or the record is too old to be kept in memory; writing it twice does no harm.
        if (state.DecisionNumber > (last?.Number ?? 0) || _ticket is { Refused: true }) _ticket = _silo.Writer.Add(InForce(state));
        _storedDecision = state.DecisionNumber;
        return state;
    }

    // What could not be stored keeps it loaded for longer than this would.
    private void SayInUse()
    {
        var now = (ushort)((Environment.TickCount64 / _silo.Ages.Stretch % ushort.MaxValue) + 1);
        if (now == _inUse || _behind.IsHeld) return;
        _inUse = now;
        DelayDeactivation(_state.IsYoung ? _silo.Ages.Young : _silo.Ages.Account);
    }

    private VerdictReply Observe(Observation observation)
    {
        if (_isUnknown) return ObserveUnknown(observation);
        if (!_isListed || _mail.HasSome) BeginTurn();
        var outcome = AccountRules.Observe(_state, observation.Input, _silo.Snapshots.Current);
        if (!outcome.Duplicate)
        {
            _silo.Batch.Add(observation, _state, outcome);
            Changed(outcome.Decision);
        }

        return Reply(outcome);
    }

    private VerdictReply ObserveUnknown(Observation observation)
    {
        var outcome = AccountRules.ObserveUnknown(_state, observation.Input);
        if (!outcome.Duplicate) _silo.Batch.Add(observation, _state, outcome);
        return VerdictReply.Unknown(outcome.Duplicate);
    }

    private void RequireHistory()
    {
        if (_isUnknown) throw new OrleansException("What is stored of the account cannot be read at the moment.");
    }

    /// <summary>One reads for all who ask meanwhile, and one that failed is not what the next gets: it may have failed before it was noted.</summary>
    private async Task LearnOnceAsync()
    {
        var learning = _learning ??= LearnAsync();
        try
        {
            await learning;
        }
        finally
        {
            if (_learning == learning) _learning = null;
        }
    }

    /// <summary>Reads what could not be read when the account was loaded, and adds what it did since.</summary>
    private async Task LearnAsync()
    {
        await _behind.ReadAgainAsync();
        await _silo.Losses.CaughtUpAsync(CancellationToken.None);
        var meanwhile = _state;
        var state = Begin(meanwhile.Id);
        var decision = AccountRules.Learn(state, meanwhile, _silo.Snapshots.Current);
        (_state, _isUnknown) = (state, false);
        Changed(decision);
    }

    /// <summary>There was no room for the record of the last decision; when there still is none, it is tried at the next flush.</summary>
    private void RecordAgain()
    {
        _ticket = _silo.Writer.Add(InForce(_state));
        if (_ticket.Refused) _behind.Changed();
    }

    private Decision InForce(AccountState state) => state.DecisionInForce(_silo.Snapshots.Current.Policy.Version);

    private StoredRecord Record() => new() { Payload = ThreadWriter.BytesOf(_state, static (writer, state) => state.Write(writer)), Name = _state.Name };

    private void Changed(Decision? decision)
    {
        _behind.Changed();
        if (decision is null) return;
        _ticket = _silo.Writer.Add(decision);
        _behind.Hurry();
    }

    private void BeginTurn()
    {
        if (!_isListed) _silo.Local.Add(this);
        _isListed = true;
        if (TakeIn(_silo.Mail.Take(ref _mail, Owner))) _behind.Changed();
    }

    /// <summary>True when there was something to take in.</summary>
    private bool TakeIn(LinkNotice[] links)
    {
        if (links.Length == 0) return false;
        AccountRules.Note(_state, links);
        return true;
    }

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
