using AccountGrains.Abstractions.Accounts;
using AccountGrains.Core;
using AccountGrains.Core.Door;
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
    IGrainFactory grains, KeyRing keys, LabelCache labels, LastVerdicts known, PolicyHolder policies, VerdictMetrics metrics, TimeProvider clock,
    IOptions<TrackerOptions> options, ILogger<FrontDoor> logger)
{
    private readonly TimeSpan _deadline = options.Value.Deadline;
    private readonly Verdict _fallback = options.Value.Fallback;

    /// <summary>Reads an observation; false, with what is wrong, for anything else.</summary>
    public bool TryRead(ReadOnlySpan<byte> utf8Json, out Arrival arrival, out ObservationError error)
    {
        arrival = default;
        var context = new DoorContext(keys, labels, clock.GetUtcNow().ToUnixTimeMilliseconds());
        if (!ObservationReader.TryRead(utf8Json, context, out var input, out error)) return false;
        arrival = new Arrival(new Observation(input), input.Request == 0 ? null : RequestIdReader.Find(utf8Json));
        return true;
    }

    /// <summary>Passes an observation to its account.</summary>
    public ValueTask<VerdictReply> PassAsync(Arrival arrival) =>
        grains.GetGrain<IAccountGrain>(arrival.Input.Account.ToString()).ObserveAsync(new(arrival.Observation));

    /// <summary>The answer to an observation that was passed on. The call goes on after the deadline: a late answer still counts.</summary>
    public async ValueTask<VerdictView> AnswerAsync(Arrival arrival, ValueTask<VerdictReply> passed)
    {
        VerdictView answer;
        try
        {
            var reply = passed.IsCompleted ? await passed.ConfigureAwait(false) : await passed.AsTask().WaitAsync(_deadline, TimeProvider.System).ConfigureAwait(false);
            answer = reply.HistoryUnknown ? Known(arrival) : VerdictView.Live(arrival, reply, policies.Current);
        }
        catch (Exception e)
        {
            // Whatever the reason, who asks for a verdict gets one.
            Log.NoAnswer(logger, e);
            answer = Known(arrival);
        }

        metrics.Add(answer);
        return answer;
    }

    /// <summary>What is answered without the account: the last known verdict, else the fallback.</summary>
    private VerdictView Known(in Arrival arrival) => known.Find(arrival.Input.Account) is { } last
        ? VerdictView.Stale(arrival, last, policies.Current)
        : VerdictView.Fallback(arrival, _fallback, policies.Current);
}
