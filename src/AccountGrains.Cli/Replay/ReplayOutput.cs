using System.Text.Json;
using AccountGrains.Core;
using AccountGrains.Core.Door;
using AccountGrains.Silo.Http.Views;

namespace AccountGrains.Cli.Replay;

/// <summary>One line that was refused.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Field">The field that is wrong.</param>
/// <param name="Rule">The rule that it breaks.</param>
internal sealed record Reject(long Line, string Field, string Rule);

/// <summary>What a replay adds up to.</summary>
internal sealed record ReplaySummary
{
    /// <summary>Lines read.</summary>
    public long Events { get; init; }

    /// <summary>Lines taken in, duplicates among them.</summary>
    public long Accepted { get; init; }

    /// <summary>Requests that were seen before, and counted once.</summary>
    public long Duplicates { get; init; }

    /// <summary>Lines refused.</summary>
    public long Rejected { get; init; }

    /// <summary>How long it took.</summary>
    public double Seconds { get; init; }

    /// <summary>Accounts seen.</summary>
    public int Accounts { get; init; }

    /// <summary>Accounts by their final verdict.</summary>
    public required IReadOnlyDictionary<string, int> Verdicts { get; init; }

    /// <summary>Campaigns by their status.</summary>
    public required IReadOnlyDictionary<string, int> Campaigns { get; init; }

    /// <summary>The span of event time between two exchanges among accounts.</summary>
    public required string EpochLength { get; init; }
}

/// <summary>Writes the files of a replay.</summary>
internal sealed class ReplayOutput : IAsyncDisposable
{
    private readonly string? _directory;
    private readonly StreamWriter? _rejects;

    public ReplayOutput(string? directory)
    {
        _directory = directory;
        if (directory is null) return;
        Directory.CreateDirectory(directory);
        _rejects = Create("rejects.jsonl");
    }

    public async ValueTask RejectAsync(long line, ObservationError error)
    {
        if (_rejects is null) return;
        await _rejects.WriteLineAsync(JsonSerializer.Serialize(new Reject(line, error.Field, error.Rule), Json.Line)).ConfigureAwait(false);
    }

    public async ValueTask WriteAsync(ReplayResult result, ReplaySummary summary)
    {
        if (_directory is null) return;
        var decisions = Create("decisions.jsonl");
        await using (decisions.ConfigureAwait(false))
        {
            foreach (var decision in result.Decisions.OrderBy(d => d.Time).ThenBy(d => d.Name, StringComparer.Ordinal).ThenBy(d => d.Number))
            {
                await decisions.WriteLineAsync(JsonSerializer.Serialize(DecisionView.Of(decision), Json.Line)).ConfigureAwait(false);
            }
        }

        await File.WriteAllTextAsync(Path.Combine(_directory, "campaigns.json"), JsonSerializer.Serialize(result.Campaigns, Json.Indented) + "\n").ConfigureAwait(false);
        await File.WriteAllTextAsync(Path.Combine(_directory, "summary.json"), JsonSerializer.Serialize(summary, Json.Indented) + "\n").ConfigureAwait(false);
    }

    public static ReplaySummary Summarise(ReplayResult result, long lines, long rejected, TimeSpan elapsed, TimeSpan epochLength) => new()
    {
        Events = lines,
        Accepted = lines - rejected,
        Duplicates = result.Duplicates,
        Rejected = rejected,
        Seconds = Math.Round(elapsed.TotalSeconds, 3),
        Accounts = result.Verdicts.Values.Sum(),
        Verdicts = Enum.GetValues<Verdict>().ToDictionary(v => Json.Name(v), v => result.Verdicts.GetValueOrDefault(v)),
        Campaigns = result.Campaigns.GroupBy(c => c.Status).OrderBy(g => g.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count()),
        EpochLength = epochLength.ToString("c", System.Globalization.CultureInfo.InvariantCulture),
    };

    public async ValueTask DisposeAsync()
    {
        if (_rejects is not null) await _rejects.DisposeAsync().ConfigureAwait(false);
    }

    private StreamWriter Create(string name) => new(Path.Combine(_directory!, name)) { NewLine = "\n" };
}
