using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AccountGrains.Cli.Campaigns;
using AccountGrains.Cli.Management;
using AccountGrains.Silo.Http.Views;
using Spectre.Console;

namespace AccountGrains.Cli.Replay;

/// <summary>Shows a replay to people.</summary>
internal static class ReplayView
{
    /// <summary>The most campaigns shown; the file has them all.</summary>
    private const int MaxCampaigns = 20;

    /// <summary>Runs a replay under a progress bar, when a person looks on.</summary>
    public static async Task<ReplayReport> WithProgressAsync(Terminal terminal, Func<Action<double, long>?, Task<ReplayReport>> run)
    {
        if (!terminal.IsInteractive) return await run(null).ConfigureAwait(false);
        return await terminal.Console.Progress().AutoClear(true).StartAsync(context =>
        {
            var task = context.AddTask("replaying", maxValue: 1);
            return run((share, lines) =>
            {
                task.Value = share;
                task.Description = string.Create(CultureInfo.InvariantCulture, $"{lines:N0} observations");
            });
        }).ConfigureAwait(false);
    }

    public static void Write(Terminal terminal, ReplayReport report, string? directory, bool asJson)
    {
        if (asJson)
        {
            terminal.Output.WriteLine(AsJson(report).ToJsonString(Json.Indented));
        }
        else
        {
            JsonTables.Write(terminal.Console, "summary", JsonSerializer.SerializeToElement(report.Summary, Json.Line));
            CampaignTable.Write(terminal.Console, [.. report.Findings.Campaigns.Take(MaxCampaigns)]);
            WriteMessages(terminal.Console, report);
            WriteTime(terminal.Console, report);
            if (directory is not null) terminal.Console.WriteLine($"decisions.jsonl, campaigns.json, rejects.jsonl and summary.json are in {SafeText.Clean(directory)}");
        }

        foreach (var sentence in report.Faults.Sentences) terminal.Complain(sentence);
        if (report.Summary.Rejected > 0)
        {
            terminal.Complain(string.Create(CultureInfo.InvariantCulture, $"{report.Summary.Rejected:N0} lines were rejected; {(directory is null ? "--out DIR writes down which and why" : "rejects.jsonl says which and why")}."));
        }
    }

    /// <summary>The summary, what it took, and what was sent.</summary>
    private static JsonObject AsJson(ReplayReport report)
    {
        var json = JsonSerializer.SerializeToNode(report.Summary, Json.Line)!.AsObject();
        if (report.EnginePerObservation is { } microseconds)
        {
            json["engineSeconds"] = Math.Round(report.Engine!.Value.TotalSeconds, 3);
            json["engineMicrosecondsPerObservation"] = microseconds;
        }

        if (report.MessagesPerObservation is not { } perObservation) return json;
        json["calls"] = new JsonObject(report.Messages.Calls.Select(c => KeyValuePair.Create(c.What, (JsonNode?)c.Count)));
        json["correlationMessages"] = report.Messages.Correlation;
        json["correlationMessagesPerObservation"] = perObservation;
        return json;
    }

    private static void WriteTime(IAnsiConsole console, ReplayReport report)
    {
        if (report.EnginePerObservation is not { } microseconds) return;
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Engine!.Value.TotalSeconds:0.000} s in the engine, {microseconds:0.00} µs per observation, without reading lines and writing files"));
    }

    private static void WriteMessages(IAnsiConsole console, ReplayReport report)
    {
        if (report.MessagesPerObservation is not { } perObservation) return;
        var table = JsonTables.Table("messages", "what", "count");
        foreach (var (what, count) in report.Messages.Calls) table.AddRow(SafeText.Markup(what), count.ToString("N0", CultureInfo.InvariantCulture));
        console.Write(table);
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Messages.Correlation:N0} correlation messages, {perObservation:0.####} per observation"));
    }
}
