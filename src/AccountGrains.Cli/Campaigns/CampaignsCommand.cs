using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AccountGrains.Cli.Management;
using AccountGrains.Core.Campaigns;
using AccountGrains.Silo.Http.Views;
using Spectre.Console;

namespace AccountGrains.Cli.Campaigns;

/// <summary><c>campaigns</c>: a page of the campaigns, by score.</summary>
internal static class CampaignsCommand
{
    public static Command Create(Terminal terminal)
    {
        var statuses = Enum.GetValues<CampaignStatus>().Select(Json.Name).ToArray();
        var status = new Option<string?>("--status") { Description = $"Only those that are {string.Join(", ", statuses)}.", HelpName = "STATUS" };
        status.AcceptOnlyFromAmong(statuses);
        var minScore = new Option<double?>("--min-score") { Description = "Only those with at least this score, 0 to 1.", HelpName = "SCORE" };
        minScore.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !(double.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var score) && score is >= 0 and <= 1)) result.AddError("--min-score takes 0 to 1.");
        });
        var (limit, cursor, url, json) = (ServerOptions.Limit(), ServerOptions.Cursor(), ServerOptions.Url("The server to ask."), ServerOptions.Json());
        var command = new Command("campaigns", "List the campaigns found, the surest first.") { status, minScore, limit, cursor, url, json };
        command.Runs(terminal, async (parsed, cancellationToken) =>
        {
            using var server = new ManagementClient(parsed.GetRequiredValue(url)!);
            var path = ManagementClient.Query(
                "v1/campaigns",
                ("status", parsed.GetValue(status)),
                ("minScore", parsed.GetValue(minScore)?.ToString(CultureInfo.InvariantCulture)),
                ("limit", parsed.GetValue(limit).ToString(CultureInfo.InvariantCulture)),
                ("cursor", parsed.GetValue(cursor)));
            var found = await server.GetAsync(path, "The server has no list of campaigns: is it an AccountGrains server?", cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(json)) terminal.Output.WriteLine(found.GetRawText());
            else Show(terminal, Page.Of(found));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Show(Terminal terminal, Page page)
    {
        CampaignTable.Write(terminal.Console, [.. page.Items.Select(i => i.Deserialize<CampaignItem>(Json.Line)!)]);
        if (page.Items.Count > 0) terminal.Console.WriteLine("One of them with its evidence: campaign ID");
        if (page.Cursor is { } next) terminal.Console.WriteLine($"There are more: --cursor {SafeText.Clean(next)}");
    }
}
