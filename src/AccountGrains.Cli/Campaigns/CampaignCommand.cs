using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AccountGrains.Cli.Management;
using Spectre.Console;

namespace AccountGrains.Cli.Campaigns;

/// <summary><c>campaign ID</c>: one campaign with its evidence, its timeline and a page of its members.</summary>
internal static class CampaignCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "The campaign's id, such as c_0123456789abcdef." };
        var (limit, cursor, url, json) = (ServerOptions.Limit(), ServerOptions.Cursor(), ServerOptions.Url("The server to ask."), ServerOptions.Json());
        var command = new Command("campaign", "Show a campaign: evidence, timeline, what was taken, and a page of its members.") { id, limit, cursor, url, json };
        command.Runs(terminal, async (parsed, cancellationToken) =>
        {
            var campaign = parsed.GetRequiredValue(id);
            using var server = new ManagementClient(parsed.GetRequiredValue(url)!);
            var path = $"v1/campaigns/{Uri.EscapeDataString(campaign)}";
            var notFound = $"The server knows no campaign '{campaign}'. The command 'campaigns' lists those it knows.";
            var found = await server.GetAsync(path, notFound, cancellationToken).ConfigureAwait(false);
            var members = await server.GetAsync(
                ManagementClient.Query($"{path}/members", ("limit", parsed.GetValue(limit).ToString(CultureInfo.InvariantCulture)), ("cursor", parsed.GetValue(cursor))),
                notFound, cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(json)) WriteJson(terminal, found, members);
            else Show(terminal, campaign, found, Page.Of(members));
            return ExitCode.Done;
        });
        return command;
    }

    private static void WriteJson(Terminal terminal, JsonElement campaign, JsonElement members) =>
        terminal.Output.WriteLine($"{{\"campaign\":{campaign.GetRawText()},\"members\":{members.GetRawText()}}}");

    private static void Show(Terminal terminal, string id, JsonElement campaign, Page members)
    {
        JsonTables.Write(terminal.Console, $"campaign {id}", campaign);
        JsonTables.WriteList(terminal.Console, "members", members.Items);
        if (members.Cursor is { } next) terminal.Console.WriteLine($"There are more members: --cursor {SafeText.Clean(next)}");
    }
}
