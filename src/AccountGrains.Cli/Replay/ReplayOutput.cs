using System.Text.Json;
using AccountGrains.Silo.Http.Views;

namespace AccountGrains.Cli.Replay;

/// <summary>One line that was refused.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Field">The field that is wrong.</param>
/// <param name="Rule">The rule that it breaks.</param>
internal sealed record Reject(long Line, string Field, string Rule);

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

    public async ValueTask RejectAsync(Reject reject)
    {
        if (_rejects is null) return;
        await _rejects.WriteLineAsync(JsonSerializer.Serialize(reject, Json.Line)).ConfigureAwait(false);
    }

    public async ValueTask WriteAsync(ReplayFindings findings, ReplaySummary summary)
    {
        if (_directory is null) return;
        var decisions = Create("decisions.jsonl");
        await using (decisions.ConfigureAwait(false))
        {
            foreach (var decision in findings.Decisions)
            {
                await decisions.WriteLineAsync(JsonSerializer.Serialize(decision, Json.Line)).ConfigureAwait(false);
            }
        }

        await File.WriteAllTextAsync(Path.Combine(_directory, "campaigns.json"), JsonSerializer.Serialize(findings.Campaigns, Json.Indented) + "\n").ConfigureAwait(false);
        await File.WriteAllTextAsync(Path.Combine(_directory, "summary.json"), JsonSerializer.Serialize(summary, Json.Indented) + "\n").ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_rejects is not null) await _rejects.DisposeAsync().ConfigureAwait(false);
    }

    private StreamWriter Create(string name) => new(Path.Combine(_directory!, name)) { NewLine = "\n" };
}
