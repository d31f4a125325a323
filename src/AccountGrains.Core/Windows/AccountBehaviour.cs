using AccountGrains.Core.Conduct;
using AccountGrains.Core.Door;
using AccountGrains.Core.Sketches;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Windows;

/// <summary>
/// Everything that an account remembers of what it did, in a fixed size and one object. All its windows share the time of the
/// account's last event, which never moves back: a late event counts at its decayed weight and in its own day and hour.
/// </summary>
public sealed class AccountBehaviour
{
    /// <summary>Bytes of the stored form, always.</summary>
    public const int StoredSize = DecayedCounters.StoredSize + ShortTime.StoredSize + AccountProfile.StoredSize
        + DailyTotals.StoredSize + SeenFrom.StoredSize + RequestTimes.StoredSize + TemplatesSize + CapabilitiesSize + RecentRequests.StoredSize + FadingShare.StoredSize + ModelPivot.StoredSize;

    private const int TemplatesSize = HeavyHitters<TemplateKey>.Capacity * (4 + 2);
    private const int CapabilitiesSize = HeavyHitters<ShortLabel>.Capacity * (ShortLabel.MaxBytes + 2);

    private DecayedCounters _counters;
    private DailyTotals _days;
    private SeenFrom _seenFrom;
    private RequestTimes _times;
    private HeavyHitters<TemplateKey> _templates;
    private HeavyHitters<ShortLabel> _capabilities;
    private AccountProfile _profile;
    private FadingShare _elicitation;
    private ModelPivot _pivot;
    private RecentRequests _recent;

    /// <summary>The earliest event's time: milliseconds since 1970, UTC; 0 before the first.</summary>
    public long FirstSeen { get; private set; }

    /// <summary>The latest event's time: milliseconds since 1970, UTC; 0 before the first.</summary>
    public long LastSeen => _counters.Time;

    /// <summary>When the account was opened, by its earliest sign-up: milliseconds since 1970, UTC; 0 when not known.</summary>
    public long SignupAt => _profile.SignupAt;

    /// <summary>The keyed token of the organization that was declared last, 0 for none.</summary>
    public ulong Organization => _profile.Organization;

    /// <summary>The plan that was named last, its first 12 bytes of UTF-8; empty for none.</summary>
    public string Plan => _profile.Plan.ToString();

    /// <summary>What stands for the plan where accounts are compared, 0 for none.</summary>
    public uint PlanMark => _profile.PlanMark;

    /// <summary>How much its latest prompts asked for the reasoning itself, 0..1.</summary>
    public double Elicitation => _elicitation.Value;

    /// <summary>The share of its last day's requests that went to models which came out after it began, 0..1.</summary>
    public double Pivot => _pivot.Share;

    /// <summary>The requests that count once. Ask before <see cref="Observe"/>, and remember after it; a duplicate is not observed.</summary>
    internal ref RecentRequests Recent => ref _recent;

    /// <summary>The decayed sums.</summary>
    public ref readonly DecayedCounters Counters => ref _counters;

    /// <summary>The last fourteen days.</summary>
    public ref readonly DailyTotals Days => ref _days;

    /// <summary>The shape of the gaps between requests.</summary>
    public ref readonly GapShape Gaps => ref _times.Gaps;

    /// <summary>The hours of requests.</summary>
    public ref readonly HourProfile Hours => ref _times.Hours;

    /// <summary>The most frequent templates.</summary>
    public ref readonly HeavyHitters<TemplateKey> Templates => ref _templates;

    /// <summary>The most frequent capabilities.</summary>
    public ref readonly HeavyHitters<ShortLabel> Capabilities => ref _capabilities;

    /// <summary>The numbers of addresses, networks and clients.</summary>
    public ref readonly SeenFrom SeenFrom => ref _seenFrom;

    /// <summary>The longest time without a request in the last seven days, in seconds, up to <paramref name="asOf"/>.</summary>
    public int LongestQuietSeconds(long asOf) => _times.LongestQuietSeconds(Math.Max(asOf, LastSeen), FirstSeen);

    /// <summary>Takes an observation in. A duplicate request must not come here.</summary>
    public ObserveOutcome Observe(in AccountInput input)
    {
        var day = Decay.DayOf(input.Time);
        var firstEver = FirstSeen == 0;
        var newDay = firstEver || day > Decay.DayOf(LastSeen);
        if (input.Type is ObservationType.Request or ObservationType.Signup)
        {
            _profile.Take(input, isLate: input.Time < LastSeen);
            _seenFrom.Add(input);
        }

        if (newDay && !firstEver) _pivot.EndDay(_days[_days.NewestDay].Requests);
        Advance(input.Time, day);
        var output = input.Type switch
        {
            ObservationType.Request => TakeRequest(input),
            ObservationType.Completion => TakeCompletion(input),
            _ => 0,
        };
        return new ObserveOutcome(firstEver, newDay, output);
    }

    /// <summary>Counts a request, observed just before, as one to a model that came out after the account began.</summary>
    public void NotePivot() => _pivot.Add();

    /// <summary>
    /// Adds what another copy saw of other traffic. Days, hours below their limit and distinct counts are exact, decayed sums to
    /// rounding, heavy hitters within their bound, gaps pooled, quiet spells not below the true ones but for rounding.
    /// </summary>
    public void Merge(AccountBehaviour other)
    {
        if (other.FirstSeen == 0) return;
        _profile.Merge(other._profile, other.LastSeen > LastSeen);
        if (other.LastSeen > LastSeen) (_elicitation, _pivot) = (other._elicitation, other._pivot);
        _times.Merge(other._times, FirstSeen, other.FirstSeen);
        _times.Advance(Math.Max(LastSeen, other.LastSeen));
        FirstSeen = AccountProfile.EarlierOf(FirstSeen, other.FirstSeen);
        _counters.Merge(other._counters);
        _days.Merge(other._days);
        _seenFrom.Merge(other._seenFrom);
        _templates.Merge(other._templates);
        _capabilities.Merge(other._capabilities);
        _recent.Merge(other._recent);
    }

    /// <summary>Writes the stored form.</summary>
    public void Write(StateWriter writer)
    {
        _counters.Write(writer);
        ShortTime.Write(writer, FirstSeen);
        _profile.Write(writer);
        _days.Write(writer);
        _seenFrom.Write(writer);
        _times.Write(writer, LastSeen);
        _templates.Write(writer);
        _capabilities.Write(writer);
        _recent.Write(writer);
        _elicitation.Write(writer);
        _pivot.Write(writer);
    }

    /// <summary>
    /// Reads the stored form of an account's schema: the first did not say of which requests the capability is known, the first two had the decayed sums
    /// as doubles, and the first four no shares of what is asked for.
    /// </summary>
    internal static AccountBehaviour Read(ref StateReader reader, byte schema)
    {
        var counters = DecayedCounters.Read(ref reader, doubles: schema < 3);
        return new AccountBehaviour
        {
            _counters = counters,
            FirstSeen = ShortTime.Read(ref reader),
            _profile = AccountProfile.Read(ref reader),
            _days = DailyTotals.Read(ref reader, Decay.DayOf(counters.Time)),
            _seenFrom = SeenFrom.Read(ref reader),
            _times = RequestTimes.Read(ref reader, counters.Time),
            _templates = HeavyHitters<TemplateKey>.Read(ref reader),
            _capabilities = HeavyHitters<ShortLabel>.Read(ref reader),
            _recent = RecentRequests.Read(ref reader, counters.Time, labelled: schema > 1),
            _elicitation = schema < 5 ? default : FadingShare.Read(ref reader),
            _pivot = schema < 5 ? default : ModelPivot.Read(ref reader),
        };
    }

    /// <summary>What operators see, as of a time: milliseconds since 1970, UTC; one before the last event is taken as that.</summary>
    public BehaviourView At(long asOf) => BehaviourView.Of(this, Math.Max(asOf, LastSeen));

    private void Advance(long time, int day)
    {
        FirstSeen = AccountProfile.EarlierOf(FirstSeen, time);
        _counters.Advance(time);
        _days.Advance(day);
        _times.Advance(time);
        _recent.Advance(time);
    }

    private long TakeRequest(in AccountInput input)
    {
        var output = Math.Max(0, input.OutputTokens);
        Count(input, requests: 1, Math.Max(0, input.InputTokens), output, IsError(input));
        _times.Add(input.Time, FirstSeen, LastSeen);
        var template = (uint)input.Sketch[0];
        if (template != 0) _templates.Add(new TemplateKey(template));
        TakeCapability(input);
        if (input.ReasoningElicitation >= 0) _elicitation.Add(input.ReasoningElicitation);
        return output;
    }

    private long TakeCompletion(in AccountInput input)
    {
        var needs = _recent.Complete(input.Request, input.Time, input.OutputTokens >= 0, input.Status > 0, input.Capability is not null);
        if (!needs.Matched || needs.Capability) TakeCapability(input);
        if (needs is { Matched: true, Output: false, Status: false }) return 0;
        var inputTokens = needs.Matched ? 0 : Math.Max(0, input.InputTokens);
        var output = needs.Matched && !needs.Output ? 0 : Math.Max(0, input.OutputTokens);
        Count(input, requests: 0, inputTokens, output, (!needs.Matched || needs.Status) && IsError(input));
        return output;
    }

    private void Count(in AccountInput input, long requests, long inputTokens, long outputTokens, bool isError)
    {
        _counters.Add(input.Time, requests, inputTokens, outputTokens, isError ? 1 : 0);
        _days.Add(Decay.DayOf(input.Time), requests, inputTokens, outputTokens);
    }

    private void TakeCapability(in AccountInput input)
    {
        if (!string.IsNullOrEmpty(input.Capability)) _capabilities.Add(new ShortLabel(input.Capability));
    }

    private static bool IsError(in AccountInput input) => input.Status >= 400;
}
