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
/// apart and marked as such. Beyond 2,048 rows, new ones are counted under the label <c>other</c>.
/// </summary>
public sealed class TakenLedger
{
    /// <summary>The most rows kept.</summary>
    public const int Limit = 2048;

    private const string Other = "other";
    private readonly SortedDictionary<(int Day, string Capability, string Model), (long Requests, long Input, long Output)> _rows = [];

    /// <summary>What members had taken before they joined, from their daily totals: an estimate, since not all of it was the campaign's work.</summary>
    public TakenRow Before { get; private set; } = new("", "", 0, 0, 0, 0);

    /// <summary>The exact rows, by day, capability and model.</summary>
    public IEnumerable<TakenRow> Rows => _rows.Select(r => new TakenRow(r.Key.Capability, r.Key.Model, r.Key.Day, r.Value.Requests, r.Value.Input, r.Value.Output));

    /// <summary>Counts one request or what its completion adds.</summary>
    public void Add(string? capability, string? model, long time, int requests, long input, long output) =>
        Add(new TakenRow(capability ?? "", model ?? "", (int)(time / 86_400_000L), requests, Math.Max(0, input), Math.Max(0, output)));

    private void Add(in TakenRow added)
    {
        var key = (added.Day, added.Capability, added.Model);
        if (!_rows.ContainsKey(key) && _rows.Count >= Limit) key = (added.Day, Other, Other);
        if (!_rows.ContainsKey(key) && _rows.Count >= Limit) key = (0, Other, Other);
        var row = _rows.GetValueOrDefault(key);
        _rows[key] = (row.Requests + added.Requests, row.Input + added.InputTokens, row.Output + added.OutputTokens);
    }

    /// <summary>Adds what a member had taken before it joined.</summary>
    public void AddEstimate(long requests, long input, long output) =>
        Before = Before with { Requests = Before.Requests + requests, InputTokens = Before.InputTokens + input, OutputTokens = Before.OutputTokens + output };

    internal void Merge(TakenLedger other)
    {
        foreach (var row in other.Rows) Add(row);
        AddEstimate(other.Before.Requests, other.Before.InputTokens, other.Before.OutputTokens);
    }

    internal void Write(StateWriter writer)
    {
        writer.Int32(_rows.Count);
        foreach (var row in Rows)
        {
            writer.Text(row.Capability);
            writer.Text(row.Model);
            writer.Int32(row.Day);
            writer.Int64(row.Requests);
            writer.Int64(row.InputTokens);
            writer.Int64(row.OutputTokens);
        }

        writer.Int64(Before.Requests);
        writer.Int64(Before.InputTokens);
        writer.Int64(Before.OutputTokens);
    }

    internal void ReadFrom(ref StateReader reader)
    {
        for (int i = 0, count = reader.Count(4 * Limit); i < count; i++)
        {
            string capability = reader.Text() ?? "", model = reader.Text() ?? "";
            var day = reader.Int32();
            _rows[(day, capability, model)] = (reader.Int64(), reader.Int64(), reader.Int64());
        }

        AddEstimate(reader.Int64(), reader.Int64(), reader.Int64());
    }
}
