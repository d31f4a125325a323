using System.Buffers;
using System.Runtime.CompilerServices;
using AccountGrains.Abstractions.Accounts;
using AccountGrains.Core;
using AccountGrains.Core.Door;
using AccountGrains.Silo.Accounts;
using AccountGrains.Silo.Decisions;
using AccountGrains.Silo.Hosting;
using AccountGrains.Silo.Http.Views;
using AccountGrains.Silo.Policies;
using Microsoft.Extensions.Options;

namespace AccountGrains.Silo.Door;

/// <summary>
/// Where observations come in: reads one, asks its account, and answers by the deadline with what the account says, else with the last known verdict,
/// else with the fallback.
/// </summary>
internal sealed class FrontDoor(
    IGrainFactory grains, LocalAccounts local, KeyRing keys, LabelCache labels, LastVerdicts known, PolicyHolder policies, VerdictMetrics metrics, PoolWait wait,
    TimeProvider clock, IOptions<TrackerOptions> options, ILogger<FrontDoor> logger) : IDisposable
{
    private const int Tries = 3;
    private static readonly TimeSpan Way = TimeSpan.FromMilliseconds(10);
    private readonly Deadlines _deadlines = new(options.Value.Deadline);
    private readonly Verdict _fallback = options.Value.Fallback;
    private readonly int _limit = options.Value.InFlight;
    private int _underWay;

    /// <summary>Reads an observation; none, with what is wrong, for anything else.</summary>
    public (Arrival? Arrival, ObservationError Error) Read(ReadOnlySequence<byte> utf8Json)
    {
        var read = utf8Json.IsSingleSegment ? TryRead(utf8Json.FirstSpan, out var arrival, out var error) : TryRead(utf8Json.ToArray(), out arrival, out error);
        return (read ? arrival : null, error);
    }

    /// <summary>Reads an observation; false, with what is wrong, for anything else.</summary>
    public bool TryRead(ReadOnlySpan<byte> utf8Json, out Arrival arrival, out ObservationError error)
    {
        arrival = default;
        var context = new DoorContext(keys, labels, clock.GetUtcNow().ToUnixTimeMilliseconds());
        if (!ObservationReader.TryRead(utf8Json, context, out var input, out var requestId, out error)) return false;
        arrival = new Arrival(new Observation(input), requestId);
        return true;
    }

    /// <summary>
    /// The answer to a single observation. While waits are too long, most requests and completions are not passed on, or every answer would come late;
    /// sign-ups, bans and their ends are few.
    /// </summary>
    public ValueTask<VerdictView> AnswerAsync(Arrival arrival) =>
        AnswerAsync(arrival, arrival.Input.Type is ObservationType.Request or ObservationType.Completion && !wait.Takes() ? Refuse("overload") : PassAsync(arrival));

    /// <summary>Passes an observation to its account; null, without asking it, when too many are under way already. Bans and their ends always are.</summary>
    public ValueTask<VerdictReply?> PassAsync(Arrival arrival)
    {
        if (Interlocked.Increment(ref _underWay) <= _limit || IsBan(arrival)) return CountedAsync(arrival);
        Interlocked.Decrement(ref _underWay);
        return Refuse("limit");
    }

    /// <summary>Waits a little while waits are too long: whoever sends many observations at once can, and whoever waits for one verdict cannot.</summary>
    public Task GiveWayAsync(CancellationToken cancellationToken) => wait.Stands ? Task.Delay(Way, cancellationToken) : Task.CompletedTask;

    /// <summary>The answer to an observation that was passed on. The call goes on after the deadline: a late answer still counts.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<VerdictView> AnswerAsync(Arrival arrival, ValueTask<VerdictReply?> passed)
    {
        VerdictReply? reply = null;
        try
        {
            reply = passed.IsCompleted ? await passed.ConfigureAwait(false) : await _deadlines.WaitAsync(passed).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Whatever the reason, who asks for a verdict gets one.
            Log.NoAnswer(logger, e);
        }

        var answer = reply is { HistoryUnknown: false } live ? VerdictView.Live(arrival, live, policies.Current) : Known(arrival);
        metrics.Add(answer);
        return answer;
    }

    public void Dispose() => _deadlines.Dispose();

    private static bool IsBan(in Arrival arrival) => arrival.Input.Type is ObservationType.Ban or ObservationType.Restore;

    private ValueTask<VerdictReply?> Refuse(string reason)
    {
        metrics.Refused(reason);
        return default;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<VerdictReply?> CountedAsync(Arrival arrival)
    {
        try
        {
            // What is loaded here needs no message; but one that goes does not count it. Bans and their ends, which nothing else bounds, are calls, of which Orleans lets only so many wait.
            if (!IsBan(arrival) && local.Find(arrival.Input.Account) is { } here && await here.ObserveAsync(arrival.Observation).ConfigureAwait(false) is { } reply) return reply;
            for (var left = Tries; ; left--)
            {
                try
                {
                    return await grains.Account(arrival.Input.Account).ObserveAsync(new(arrival.Observation)).ConfigureAwait(false);
                }
                catch (OrleansMessageRejectionException) when (left > 1 && arrival.Input.Request != 0)
                {
                    // Its silo went before it answered. The account is on another by now, and counts what has a request id once.
                }
            }
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    /// <summary>What is answered without the account: the last known verdict, else the fallback.</summary>
    private VerdictView Known(in Arrival arrival) => known.Find(arrival.Input.Account) is { } last
        ? VerdictView.Stale(arrival, last, policies.Current)
        : VerdictView.Fallback(arrival, _fallback, policies.Current);
}
