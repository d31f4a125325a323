using System.Collections.Concurrent;
using System.Threading.Channels;
using AccountGrains.Core;
using AccountGrains.Core.Decisions;
using AccountGrains.Silo.Hosting;
using AccountGrains.Silo.Storage;

namespace AccountGrains.Silo.Decisions;

/// <summary>Says whether a decision's record is stored.</summary>
internal sealed class DecisionTicket
{
    private volatile bool _stored;
    private volatile bool _refused;

    /// <summary>True from the moment that the record is stored.</summary>
    public bool Stored
    {
        get => _stored;
        set => _stored = value;
    }

    /// <summary>True when there was no room for the record: whoever has the decision adds it again.</summary>
    public bool Refused
    {
        get => _refused;
        set => _refused = value;
    }
}

/// <summary>
/// Stores the records of this silo's decisions: in groups, bounded, tried again until they are stored. A decision takes effect at once; only its
/// record comes here.
/// </summary>
internal sealed partial class DecisionWriter : IAsyncDisposable
{
    private const int Limit = 100_000;
    private const int Group = 1_000;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    // A write that came through after all is added once: it is known by account and number.
    private static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(15);
    private readonly Channel<(Decision Decision, DecisionTicket Ticket)> _waiting = Channel.CreateBounded<(Decision, DecisionTicket)>(new BoundedChannelOptions(Limit) { SingleReader = true });
    private readonly ConcurrentDictionary<AccountId, DecisionTicket> _open = new();
    private readonly IDecisionLog _log;
    private readonly LastVerdicts _verdicts;
    private readonly TimeProvider _clock;
    private readonly Standstill? _standstill;
    private readonly ILogger<DecisionWriter> _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;
    private long _pending;
    private long _lost;

    public DecisionWriter(IDecisionLog log, LastVerdicts verdicts, TimeProvider clock, ILogger<DecisionWriter> logger, Standstill? standstill = null)
    {
        _standstill = standstill;
        _log = log;
        _verdicts = verdicts;
        _clock = clock;
        _logger = logger;
        _work = Task.Run(WorkAsync);
    }

    /// <summary>Decisions that are not stored yet.</summary>
    public long Pending => Interlocked.Read(ref _pending);

    /// <summary>How often a record found no room: the verdict holds, says that it is not durable, and the account adds it again.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Takes a decision in.</summary>
    public DecisionTicket Add(Decision decision)
    {
        var ticket = new DecisionTicket();
        _verdicts.KeepOwn(decision);
        _open[decision.Account] = ticket;
        Interlocked.Increment(ref _pending);
        if (_waiting.Writer.TryWrite((decision, ticket))) return ticket;
        Interlocked.Decrement(ref _pending);
        Interlocked.Increment(ref _lost);
        ticket.Refused = true;
        return ticket;
    }

    /// <summary>The ticket of an account's last decision while that is not stored, else null: an account that is loaded meanwhile must not call it durable.</summary>
    public DecisionTicket? Find(AccountId account) => _open.GetValueOrDefault(account);

    /// <summary>Waits until everything taken in so far is stored.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        while (Pending > 0 && !_work.IsCompleted) await Task.Delay(5, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _stop.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task WorkAsync()
    {
        var group = new List<(Decision Decision, DecisionTicket Ticket)>();
        while (await _waiting.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (group.Count < Group && _waiting.Reader.TryRead(out var item)) group.Add(item);
            if (!await StoreAsync([.. group.Select(g => g.Decision)]).ConfigureAwait(false)) return;
            foreach (var (decision, ticket) in group)
            {
                ticket.Stored = true;
                _open.TryRemove(new(decision.Account, ticket));
            }

            Interlocked.Add(ref _pending, -group.Count);
            group.Clear();
        }
    }

    private async Task<bool> StoreAsync(Decision[] decisions)
    {
        var pause = TimeSpan.FromMilliseconds(50);
        while (true)
        {
            try
            {
                if (_standstill is not null) await _standstill.CheckAsync().ConfigureAwait(false);
                using var limit = new CancellationTokenSource(LongestWrite);
                await _log.AppendAsync(decisions, limit.Token).AsTask().WaitAsync(LongestWrite, TimeProvider.System).ConfigureAwait(false);
                return true;
            }
            catch (Exception e)
            {
                NotStored(e, decisions.Length, pause.TotalMilliseconds);
            }

            if (_stop.IsCancellationRequested) return false;
            await Task.Delay(pause, _clock).ConfigureAwait(false);
            pause = pause * 2 > LongestPause ? LongestPause : pause * 2;
        }
    }

    [LoggerMessage(1300, LogLevel.Warning, "{Count} decisions were not stored; they are tried again in {Milliseconds} ms")]
    private partial void NotStored(Exception exception, int count, double milliseconds);
}
