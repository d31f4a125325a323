using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Conduct;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.Door;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.Policies;
using AccountGrains.Core.Windows;

namespace AccountGrains.Core.Accounts;

/// <summary>
/// What happens to an account: an observation, a standing with a campaign, a link. Reads the account's own state and the snapshot, nothing else, and
/// tells nobody itself.
/// </summary>
public static class AccountRules
{
    /// <summary>Works one observation.</summary>
    public static AccountOutcome Observe(AccountState state, in AccountInput input, Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(snapshot);
        if (input.Type == ObservationType.Request && input.Request != 0 && state.Behaviour.Recent.TryFind(input.Request, input.Time, out var given))
        {
            return new AccountOutcome { Duplicate = true, Verdict = given };
        }

        if (state.Name.Length == 0) state.Name = input.Name.ToString();
        var seen = state.Behaviour.Observe(input);
        if (input.Payment != 0) state.Payment = input.Payment;
        var steps = Steps.Take(state, input);
        return input.Type switch
        {
            ObservationType.Request => Request(state, input, snapshot, seen, steps),
            ObservationType.Ban or ObservationType.Restore => Ban(state, input, snapshot, seen),
            _ => Tell(state, input, default, snapshot, seen, steps, NewReports(state, input, snapshot, steps)),
        };
    }

    /// <summary>
    /// Takes in an observation of an account whose stored state cannot be read: it counts, but nothing is judged or reported, since what speaks for the
    /// account, such as its age and its organization, is not known. <see cref="Learn"/> makes good for it.
    /// </summary>
    public static AccountOutcome ObserveUnknown(AccountState meanwhile, in AccountInput input)
    {
        ArgumentNullException.ThrowIfNull(meanwhile);
        var isRequest = input.Type == ObservationType.Request && input.Request != 0;
        if (isRequest && meanwhile.Behaviour.Recent.TryFind(input.Request, input.Time, out var given)) return new AccountOutcome { Duplicate = true, Verdict = given };
        if (meanwhile.Name.Length == 0) meanwhile.Name = input.Name.ToString();
        var seen = meanwhile.Behaviour.Observe(input);
        if (input.Payment != 0) meanwhile.Payment = input.Payment;
        if (isRequest) meanwhile.Behaviour.Recent.Remember(input.Request, input.Time, Verdict.Allow, input.OutputTokens >= 0, input.Status != 0);
        if (input.Type is ObservationType.Ban or ObservationType.Restore) meanwhile.BanMeanwhile = input.Type == ObservationType.Ban;
        return new AccountOutcome { Active = seen.NewDay || input.Type == ObservationType.Signup };
    }

    /// <summary>Joins the stored state, now that it could be read, with what was observed meanwhile, and judges anew: the decision, null when the verdict stays.</summary>
    public static Decision? Learn(AccountState stored, AccountState meanwhile, Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(stored);
        ArgumentNullException.ThrowIfNull(meanwhile);
        ArgumentNullException.ThrowIfNull(snapshot);
        var changed = meanwhile.BanMeanwhile is { } banned && banned != stored.Banned;
        stored.Absorb(meanwhile);
        if (changed && !stored.Banned) Restore(stored, snapshot.Policy);
        return changed ? Judge(stored, snapshot, stored.Behaviour.LastSeen) : null;
    }

    /// <summary>Works all that an account is told at the end of an epoch.</summary>
    public static AccountReply Apply(AccountState state, AccountCall call, Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(snapshot);
        Note(state, call.Links);
        if (call.Standings.Count == 0) return AccountReply.Nothing;
        var before = state.Campaign;
        var joined = new List<(CampaignSlot Slot, JoinReply Reply)>();
        foreach (var standing in call.Standings)
        {
            if (Apply(state, standing) is { } reply && state.Case?.Find(standing.Campaign) is { } slot) joined.Add((slot, reply));
        }

        var decision = VerdictLadder.Judge(state, snapshot, default, call.End, state.Campaign != before);
        return new AccountReply(decision is null ? [] : [decision], [.. joined.Select(j => (j.Slot.Campaign, j.Reply))]);
    }

    /// <summary>Takes in what it shares with others. That alone changes no verdict: the next observation is judged with it.</summary>
    public static void Note(AccountState state, IReadOnlyList<LinkNotice> links)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(links);
        foreach (var link in links) state.OpenCase().Note(link);
    }

    /// <summary>Judges anew, for instance because the policy changed.</summary>
    public static Decision? Judge(AccountState state, Snapshot snapshot, long time)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(snapshot);
        return VerdictLadder.Judge(state, snapshot, default, time);
    }

    /// <summary>Works one standing; the reply is for the campaign, and none where the account did not just join.</summary>
    private static JoinReply? Apply(AccountState state, in Standing standing)
    {
        var slot = state.Case?.Find(standing.Campaign);
        JoinReply? reply = null;
        switch (standing.Change)
        {
            case StandingChange.Joined:
                if (slot is { Member: true }) break;
                reply = Reply(state, standing.Campaign);
                slot ??= state.OpenCase().Open(standing.Campaign, state.Behaviour.LastSeen);
                if (slot is not null) slot.Member = true;
                break;
            case StandingChange.Changed when slot is not { Member: true }:
                // Only members are told of changes: that this is one was forgotten in a crash.
                slot ??= state.OpenCase().Open(standing.Campaign, state.Behaviour.LastSeen);
                if (slot is not null) slot.Member = true;
                break;
            case StandingChange.Left when slot is not null:
                state.Case!.Close(slot);
                slot = null;
                break;
            case StandingChange.Moved when slot is not null:
                if (state.Case!.Find(standing.Into) is { } other)
                {
                    slot.Told = Math.Max(slot.Told, other.Told);
                    state.Case.Close(other);
                }

                slot.Campaign = standing.Into;

                // The verdict in force moves along, or it would have to be reached anew.
                if (state.Campaign == standing.Campaign) state.Campaign = standing.Into;
                break;
        }

        if (slot is not null) slot.Timing = standing.Timing;
        return reply;
    }

    private static AccountOutcome Request(AccountState state, in AccountInput input, Snapshot snapshot, ObserveOutcome seen, Steps steps)
    {
        if (snapshot.Norms.IsNew(input.Model, state.Behaviour.FirstSeen)) state.Behaviour.NotePivot();
        var match = input.Sketch.IsEmpty ? default : SlotMatching.Match(state, input, snapshot);
        var decision = VerdictLadder.Judge(state, snapshot, match, input.Time);
        if (input.Request != 0)
        {
            state.Behaviour.Recent.Remember(input.Request, input.Time, state.Verdict, input.OutputTokens >= 0, input.Status != 0, input.Capability is not null);
        }

        return Tell(state, input, match, snapshot, seen, steps, NewReports(state, input, snapshot, steps)) with { Decision = decision };
    }

    private static AccountOutcome Ban(AccountState state, in AccountInput input, Snapshot snapshot, ObserveOutcome seen)
    {
        var banned = input.Type == ObservationType.Ban;
        var changed = state.Banned != banned;
        if (changed) (state.Banned, state.BanReason) = (banned, banned ? input.Reason : null);
        if (!banned) Restore(state, snapshot.Policy);
        var decision = VerdictLadder.Judge(state, snapshot, default, input.Time, lifted: banned ? null : input.Reason);
        var shown = changed ? ReportSet.Shown(input with { Payment = state.Payment }) : 0;
        return Tell(state, input, default, snapshot, seen, default, shown) with { Decision = decision };
    }

    /// <summary>What restored an account speaks for it: no verdict stays because it was there.</summary>
    private static void Restore(AccountState state, Policy policy)
    {
        foreach (var slot in state.Case?.Slots ?? []) slot.Restore(policy.RestoreWeight);
        if (policy.RestoreWeight > 0) state.Campaign = default;
    }

    private static AccountOutcome Tell(AccountState state, in AccountInput input, SlotMatch match, Snapshot snapshot, ObserveOutcome seen, Steps steps, ulong reports)
    {
        var traits = Traits(state, steps);
        var sighting = state.Case is { Slots.Count: > 0 } ? Sighting.Of(input, state, traits) : null;
        var bans = BansOf(input);
        if (input.Type == ObservationType.Request) state.Case?.NoteLabels(input.Capability, input.Model);
        return new AccountOutcome
        {
            Verdict = state.Verdict,
            Active = seen.NewDay || input.Type == ObservationType.Signup || steps.BeganToHop,
            Hops = state.Trail.Hops,
            Day = seen is { NewDay: true, FirstEver: false } ? DayOf(state) : null,
            Reports = reports,
            Traits = traits,
            Bans = bans,
            First = Activity(state, 0, input, match, snapshot, seen, sighting),
            Second = Activity(state, 1, input, match, snapshot, seen, sighting),
        };
    }

    /// <summary>What an account under a verdict does is not what is normal.</summary>
    private static PanelReport DayOf(AccountState state) =>
        new(state.Behaviour.Days.NewestDay, state.Behaviour.PlanMark, state.Verdict > Verdict.Allow ? default : ConductProfile.Of(state.Behaviour));

    private static SightingTraits Traits(AccountState state, Steps steps) =>
        (steps.Repeats ? SightingTraits.Repeats : 0) | (OnlyRefused(state) ? SightingTraits.Fails : 0);

    /// <summary>True when everything that it asked for was refused, errors fading as requests do.</summary>
    private static bool OnlyRefused(AccountState state)
    {
        ref readonly var counters = ref state.Behaviour.Counters;
        var errors = counters.ValueAt(Measure.Errors, Horizon.Fortnight, counters.Time);
        return errors > 0.5 && errors >= 0.99 * counters.ValueAt(Measure.Requests, Horizon.Fortnight, counters.Time);
    }

    /// <summary>A head that the account begins to repeat is told once more: that it is repeated is news.</summary>
    private static ulong NewReports(AccountState state, in AccountInput input, Snapshot snapshot, Steps steps)
    {
        state.Reported.Refresh(state.Behaviour.LastSeen, state.Id.Token, snapshot.Policy.RefreshInterval);
        var again = steps.BeganToRepeat && ReportSet.TryGetToken(input, 0, out var head) && !snapshot.IsCommon(head) ? 1UL : 0;
        return again | ReportSet.NewOnes(input, ref state.Reported, snapshot);
    }

    private static MemberActivity? Activity(AccountState state, int index, in AccountInput input, SlotMatch match, Snapshot snapshot, ObserveOutcome seen, Sighting? sighting)
    {
        if (sighting is null || state.Case is not { } file || index >= file.Slots.Count) return null;
        var slot = file.Slots[index];
        var joins = !slot.Member && input.Type == ObservationType.Request && SlotMatching.AsksToJoin(slot, snapshot);
        if (!slot.Member && !joins) return null;
        var isCompletion = input.Type == ObservationType.Completion;
        return new MemberActivity
        {
            Campaign = slot.Campaign,
            Sighting = sighting,
            Number = ++slot.Told,
            Name = state.Name,
            IsRequest = input.Type == ObservationType.Request,
            Joins = joins,
            InTime = joins && slot.Timing,
            Matched = match.Contains(index),
            Score = slot.Score,
            Bans = BansOf(input),
            Capability = input.Capability ?? (isCompletion ? file.Capability : null),
            Model = input.Model ?? (isCompletion ? file.Model : null),
            InputTokens = input.Type == ObservationType.Request ? Math.Max(0, input.InputTokens) : 0,
            OutputTokens = seen.OutputTokens,
            AlsoIn = file.MemberOfOther(slot.Campaign),
        };
    }

    private static sbyte BansOf(in AccountInput input) => input.Type switch { ObservationType.Ban => 1, ObservationType.Restore => -1, _ => 0 };

    private static JoinReply Reply(AccountState state, CampaignId joins)
    {
        long requests = 0, input = 0, output = 0;
        for (var i = 0; i < DailyTotals.Days; i++)
        {
            var day = state.Behaviour.Days[state.Behaviour.Days.NewestDay - i];
            requests += day.Requests;
            input += day.InputTokens;
            output += day.OutputTokens;
        }

        return new JoinReply(state.Id, state.Name, requests, input, output, state.Case?.MemberOfOther(joins) ?? default);
    }
}
