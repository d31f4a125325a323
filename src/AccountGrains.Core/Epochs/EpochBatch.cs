using System.Numerics;
using AccountGrains.Core.Accounts;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Door;

namespace AccountGrains.Core.Epochs;

/// <summary>An account's report of one fingerprint.</summary>
/// <param name="Fingerprint">Which.</param>
/// <param name="Report">What it says.</param>
public readonly record struct BatchReport(Fingerprint Fingerprint, Report Report);

/// <summary>
/// What the accounts of a silo left behind in one epoch, bounded. The shards that it goes to put it into a fixed order, so that the order in which accounts
/// were served plays no part, nor which silo served them. Not safe for several threads.
/// </summary>
public sealed class EpochBatch(int limit = 1_000_000)
{
    private readonly List<BatchReport> _reports = [];
    private readonly List<MemberActivity> _activity = [];
    private IdleRoom _room = new(smallest: 16_384);

    /// <summary>The number of reports that wait.</summary>
    public int Depth => _reports.Count + _activity.Count;

    /// <summary>Reports dropped because the batch was full; what they said is said again at the next refresh.</summary>
    public long Dropped { get; private set; }

    /// <summary>The reports, as they came.</summary>
    public IReadOnlyList<BatchReport> Reports => _reports;

    /// <summary>What members did, as it came.</summary>
    public IReadOnlyList<MemberActivity> Activity => _activity;

    /// <summary>Accounts to count in the population.</summary>
    public Population Active { get; private set; } = new();

    /// <summary>The latest event time of its observations, 0 when it has none.</summary>
    public long Latest { get; private set; }

    /// <summary>Adds what came of one observation.</summary>
    public void Add(in AccountInput input, in AccountOutcome outcome)
    {
        Latest = Math.Max(Latest, input.Time);
        if (outcome.Active) Active.Add(input.Account, input.Time, outcome.Sighting?.SignupAt > 0 || input.Type == ObservationType.Signup, outcome.Hops);
        if (outcome.Day is { } day) Active.Panel.Add(input.Account, day);
        if (input is { Type: ObservationType.Request, Model: { } model, Status: < 400 }) Active.Models.Note(model, input.Account, input.Time);
        if (outcome.First is { } first) Add(first);
        if (outcome.Second is { } second) Add(second);
        if (outcome.Sighting is not { } sighting) return;
        for (var left = outcome.Reports; left != 0; left &= left - 1)
        {
            var fingerprint = ReportSet.At(input, BitOperations.TrailingZeroCount(left));
            if (!fingerprint.IsNone) Add(new BatchReport(fingerprint, new Report(sighting, outcome.Bans)));
        }
    }

    /// <summary>Adds a report, for instance one that was not acknowledged.</summary>
    public void Add(in BatchReport report)
    {
        if (Depth >= limit) Dropped++;
        else _reports.Add(report);
    }

    /// <summary>Adds what a member did, for instance what was not acknowledged.</summary>
    public void Add(MemberActivity activity)
    {
        if (Depth >= limit) Dropped++;
        else _activity.Add(activity);
    }

    /// <summary>Empties it, so that it can be filled again.</summary>
    public void Clear()
    {
        var isIdle = _room.IsIdle(_reports.Count, _reports.Capacity);
        _reports.Clear();
        _activity.Clear();
        if (isIdle) _reports.TrimExcess();
        Active = new Population();
        Latest = 0;
    }

    /// <summary>Adds what a silo that stopped left behind.</summary>
    public void Inherit(LeftBehind left)
    {
        ArgumentNullException.ThrowIfNull(left);
        foreach (var report in left.Delivery.Reports) Add(report);
        foreach (var activity in left.Delivery.Activity) Add(activity);
        Active.Merge(left.Population);
        Latest = Math.Max(Latest, left.Latest);
    }
}
