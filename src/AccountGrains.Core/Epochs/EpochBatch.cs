using System.Numerics;
using System.Runtime.InteropServices;
using AccountGrains.Core.Accounts;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Door;

namespace AccountGrains.Core.Epochs;

/// <summary>
/// What the accounts of a silo left behind in one epoch, bounded. The shards that it goes to put it into a fixed order, so that the order in which accounts
/// were served plays no part, nor which silo served them. Not safe for several threads.
/// </summary>
public sealed class EpochBatch(int limit = 1_000_000)
{
    private readonly List<BatchReport> _reports = [];
    private readonly List<MemberActivity> _activity = [];
    private readonly SightingStore _sightings = new();
    private IdleRoom _room = new(smallest: 16_384);

    /// <summary>The number of reports that wait.</summary>
    public int Depth => _reports.Count + _activity.Count;

    /// <summary>True when there is no room for more.</summary>
    public bool IsFull => Depth >= limit;

    /// <summary>Reports and activities dropped because the batch was full; what reports said is said again at the next refresh.</summary>
    public long Dropped { get; private set; }

    /// <summary>The reports, as they came.</summary>
    public IReadOnlyList<BatchReport> Reports => _reports;

    /// <summary>What members did, as it came.</summary>
    public IReadOnlyList<MemberActivity> Activity => _activity;

    /// <summary>Accounts to count in the population.</summary>
    public Population Active { get; private set; } = new();

    /// <summary>The latest event time of its observations, 0 when it has none.</summary>
    public long Latest { get; private set; }

    /// <summary>The rows of its sightings that were filled since it was emptied: nobody adds to them any more.</summary>
    internal IReadOnlyList<SightingRows> Filled => _sightings.Filled;

    /// <summary>Adds what came of an account's observation.</summary>
    public void Add(in AccountInput input, AccountState state, in AccountOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(state);
        Latest = Math.Max(Latest, input.Time);
        if (outcome.Active) Active.Add(input.Account, input.Time, state.Behaviour.SignupAt > 0 || input.Type == ObservationType.Signup, outcome.Hops);
        if (outcome.Day is { } day) Active.Panel.Add(input.Account, day);
        if (input is { Type: ObservationType.Request, Model: { } model, Status: < 400 }) Active.Models.Note(model, input.Account, input.Time);
        if (outcome.First is { } first) Add(first);
        if (outcome.Second is { } second) Add(second);
        if (outcome.Reports == 0) return;
        if (IsFull)
        {
            Dropped += BitOperations.PopCount(outcome.Reports);
            return;
        }

        var sighting = _sightings.Next();
        _sightings[sighting].Fill(input, state, outcome.Traits);
        for (var left = outcome.Reports; left != 0; left &= left - 1)
        {
            var fingerprint = ReportSet.At(input, BitOperations.TrailingZeroCount(left));
            if (!fingerprint.IsNone) _reports.Add(new BatchReport(fingerprint, sighting, outcome.Bans));
        }
    }

    /// <summary>Adds a report that waited elsewhere, for instance one that was not acknowledged: with what it showed, which is not kept there.</summary>
    public void Add(in BatchReport report)
    {
        if (IsFull)
        {
            Dropped++;
            return;
        }

        _reports.Add(report.At(_sightings.CopyOf(report.Sighting)));
    }

    /// <summary>Adds what a member did, for instance what was not acknowledged.</summary>
    public void Add(MemberActivity activity)
    {
        if (IsFull) Dropped++;
        else _activity.Add(activity);
    }

    /// <summary>Empties it, so that it can be filled again.</summary>
    public void Clear()
    {
        _room.Empty(_reports);
        _activity.Clear();
        _sightings.Forget();
        Active = new Population();
        Latest = 0;
    }

    /// <summary>A copy that refers to no rows of others, which go on being filled and used again.</summary>
    public EpochBatch Copy()
    {
        var copy = new EpochBatch(limit);
        copy.Add(_reports, _activity, Active, Latest);
        return copy;
    }

    /// <summary>Moves everything into another one. Rows that are not filled stay: they go on being filled here.</summary>
    public void MoveTo(EpochBatch other)
    {
        ArgumentNullException.ThrowIfNull(other);
        other.Append(this);
        Clear();
    }

    /// <summary>Adds what a silo that stopped left behind.</summary>
    public void Inherit(LeftBehind left)
    {
        ArgumentNullException.ThrowIfNull(left);
        Add(left.Delivery.Reports, left.Delivery.Activity, left.Population, left.Latest);
    }

    private void Add(IReadOnlyList<BatchReport> reports, IReadOnlyList<MemberActivity> activities, Population active, long latest)
    {
        foreach (var report in reports) Add(report);
        foreach (var activity in activities) Add(activity);
        Active.Merge(active);
        Latest = Math.Max(Latest, latest);
    }

    private void Append(EpochBatch other)
    {
        var room = Math.Max(0, limit - Depth);
        _reports.AddRange(CollectionsMarshal.AsSpan(other._reports)[..Math.Min(room, other._reports.Count)]);
        Dropped += Math.Max(0, other._reports.Count - room);
        _sightings.Take(other._sightings);
        Add([], other._activity, other.Active, other.Latest);
    }
}
