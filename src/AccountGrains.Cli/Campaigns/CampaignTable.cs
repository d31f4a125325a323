using System.Globalization;
using AccountGrains.Cli.Management;
using AccountGrains.Silo.Http.Views;
using Spectre.Console;

namespace AccountGrains.Cli.Campaigns;

/// <summary>Campaigns as a table, a line each.</summary>
internal static class CampaignTable
{
    public static void Write(IAnsiConsole console, IReadOnlyCollection<CampaignItem> campaigns)
    {
        if (campaigns.Count == 0)
        {
            console.WriteLine("No campaigns.");
            return;
        }

        var table = JsonTables.Table("campaigns", "id", "status", "score", "members", "opened", "families", "requests taken", "output tokens");
        foreach (var campaign in campaigns)
        {
            string[] cells =
            [
                campaign.Id, campaign.Status, campaign.Score.ToString("0.0000", CultureInfo.InvariantCulture), Number(campaign.Size),
                campaign.OpenedAt, string.Join(", ", campaign.Families), Number(campaign.Taken.Requests), Number(campaign.Taken.OutputTokens),
            ];
            table.AddRow(cells.Select(SafeText.Markup).ToArray());
        }

        console.Write(table);
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
