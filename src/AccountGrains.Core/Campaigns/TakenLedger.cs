using AccountGrains.Core.States;

namespace AccountGrains.Core.Campaigns;

/// <summary>Requests and tokens of one capability, model and day.</summary>
/// <param name="Capability">The capability's label, empty when requests carried none.</param>
/// <param name="Model">The model's label, empty when requests carried none.</param>
/// <param name="Day">Days since 1970, UTC.</param>
/// <param name="Requests">How many requests.</param>
/// <param name="InputTokens">Tokens read by the model.</param>
/// <param name="OutputTokens">Tokens written by the model.</param>
public readonly record struct TakenRow(string Capability, string Model, int Day, long Requests, long InputTokens, long OutputTokens);

/// <summary>
/// What a campaign took: exact from each member's joining on, by capability, model and day; before it an estimate from the members' daily totals, kept
/// apart and marked as such. An account may be in two campaigns: what both count is kept apart by the other campaign, so that it counts once when
/// the two become one. Beyond 2,048 rows, new ones are counted under the label <c>other</c>.
/// </summary>
public sealed class TakenLedger
{
    /// <summary>The most rows kept.</summary>
    public const int Limit = 2048;

    private const int EstimateLimit = 64;
    private const string Other = "other";
    private readonly SortedDictionary<Key, Amount> _rows = [];
    private readonly SortedDictionary<CampaignId, Amount> _before = [];

    /// <summary>What members had taken before they joined, from their daily totals: an estimate, since not all of it was the campaign's work.</summary>
    public TakenRow Before => Row("", "", 0, _before.Values);

    /// <summary>The exact rows, by day, capability and model.</summary>
    public IEnumerable<TakenRow> Rows => _rows
        .GroupBy(r => (r.Key.Day, r.Key.Capability, r.Key.Model), r => r.Value)
        .Select(g => Row(g.Key.Capability, g.Key.Model, g.Key.Day, g));

    /// <summary>Counts one request or what its completion adds; <paramref name="alsoIn"/> is the other campaign that counts it too, none for most.</summary>
    public void Add(string? capability, string? model, long time, int requests, long input, long output, CampaignId alsoIn = default) =>
        Add(new Key((int)(time / 86_400_000L), capability ?? "", model ?? "", alsoIn), new Amount(requests, Math.Max(0, input), Math.Max(0, output)));

    /// <summary>Adds what a member had taken before it joined; <paramref name="alsoIn"/> is the campaign that it was in already, none for most.</summary>
    public void AddEstimate(long requests, long input, long output, CampaignId alsoIn = default)
    {
        if (!_before.ContainsKey(alsoIn) && _before.Count >= EstimateLimit) alsoIn = default;
        _before[alsoIn] = _before.GetValueOrDefault(alsoIn) + new Amount(requests, input, output);
    }

    /// <summary>Takes in the ledger of a campaign that becomes part of this one; what both counted counts once.</summary>
    /// <param name="other">The other's ledger.</param>
    /// <param name="these">The ids that this campaign goes by: its own, and those of the ones that became part of it.</param>
    /// <param name="those">The same of the other.</param>
    internal void Merge(TakenLedger other, HashSet<CampaignId> these, HashSet<CampaignId> those)
    {
        foreach (var (key, amount) in _rows.Where(r => those.Contains(r.Key.AlsoIn)).ToList())
        {
            _rows.Remove(key);
            Add(key with { AlsoIn = default }, amount);
        }

        foreach (var (key, amount) in other._rows.Where(r => !these.Contains(r.Key.AlsoIn))) Add(key, amount);

        // Who joined the one while it was in the other said again what the other had counted.
        foreach (var id in _before.Keys.Where(those.Contains).ToList()) _before.Remove(id);
        foreach (var (id, amount) in other._before.Where(b => !these.Contains(b.Key))) AddEstimate(amount.Requests, amount.Input, amount.Output, id);
    }

    internal void Write(StateWriter writer)
    {
        writer.Int32(_rows.Count);
        foreach (var (key, amount) in _rows)
        {
            writer.Text(key.Capability);
            writer.Text(key.Model);
            writer.Int32(key.Day);
            writer.UInt64(key.AlsoIn.Value);
            amount.Write(writer);
        }

        writer.Int32(_before.Count);
        foreach (var (alsoIn, amount) in _before)
        {
            writer.UInt64(alsoIn.Value);
            amount.Write(writer);
        }
    }

    /// <summary>Reads the stored form; that of schema 1 told no campaigns apart.</summary>
    internal void ReadFrom(ref StateReader reader, byte schema)
    {
        for (int i = 0, count = reader.Count(4 * Limit); i < count; i++)
        {
            string capability = reader.Text() ?? "", model = reader.Text() ?? "";
            var key = new Key(reader.Int32(), capability, model, schema == 1 ? default : new CampaignId(reader.UInt64()));
            _rows[key] = Amount.Read(ref reader);
        }

        var estimates = schema == 1 ? 1 : reader.Count(EstimateLimit + 1);
        for (var i = 0; i < estimates; i++) _before[schema == 1 ? default : new CampaignId(reader.UInt64())] = Amount.Read(ref reader);
    }

    private void Add(Key key, Amount added)
    {
        if (!_rows.ContainsKey(key) && _rows.Count >= Limit) key = key with { Capability = Other, Model = Other };
        if (!_rows.ContainsKey(key) && _rows.Count >= Limit) key = new Key(0, Other, Other, default);
        _rows[key] = _rows.GetValueOrDefault(key) + added;
    }

    private static TakenRow Row(string capability, string model, int day, IEnumerable<Amount> amounts)
    {
        var sum = amounts.Aggregate(default(Amount), (a, b) => a + b);
        return new TakenRow(capability, model, day, sum.Requests, sum.Input, sum.Output);
    }

    private readonly record struct Key(int Day, string Capability, string Model, CampaignId AlsoIn) : IComparable<Key>
    {
        public int CompareTo(Key other)
        {
            var order = Day.CompareTo(other.Day);
            if (order == 0) order = string.CompareOrdinal(Capability, other.Capability);
            if (order == 0) order = string.CompareOrdinal(Model, other.Model);
            return order == 0 ? AlsoIn.CompareTo(other.AlsoIn) : order;
        }
    }

    private readonly record struct Amount(long Requests, long Input, long Output)
    {
        public static Amount operator +(Amount a, Amount b) => new(a.Requests + b.Requests, a.Input + b.Input, a.Output + b.Output);

        public void Write(StateWriter writer)
        {
            writer.Int64(Requests);
            writer.Int64(Input);
            writer.Int64(Output);
        }

        public static Amount Read(ref StateReader reader) => new(reader.Int64(), reader.Int64(), reader.Int64());
    }
}
