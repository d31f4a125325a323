using AccountGrains.Cli.Management;
using AccountGrains.Core;
using AccountGrains.Core.Campaigns;
using AccountGrains.Silo.Http.Views;

namespace AccountGrains.Cli.Replay;

/// <summary>Collects what a server found.</summary>
internal static class UrlFindings
{
    public static async Task<ReplayFindings> CollectAsync(ManagementClient server, UrlBatch batch, CancellationToken cancellationToken)
    {
        List<DecisionView> decisions = [];
        await foreach (var decision in server.ListAsync<DecisionView>("v1/decisions", cancellationToken).ConfigureAwait(false)) decisions.Add(decision);
        return new ReplayFindings(
            batch.Duplicates,
            Count(batch.Verdicts, decisions),
            [.. decisions.OrderBy(d => d.Time, StringComparer.Ordinal).ThenBy(d => d.Account, StringComparer.Ordinal)],
            await CampaignsAsync(server, cancellationToken).ConfigureAwait(false));
    }

    // The end of an epoch may change a verdict after the account's last request.
    private static Dictionary<Verdict, int> Count(IReadOnlyDictionary<string, Verdict> answered, List<DecisionView> decisions)
    {
        var last = answered.ToDictionary(StringComparer.Ordinal);
        foreach (var decision in decisions)
        {
            if (last.ContainsKey(decision.Account)) last[decision.Account] = Enum.Parse<Verdict>(decision.Verdict, ignoreCase: true);
        }

        return last.Values.GroupBy(v => v).ToDictionary(g => g.Key, g => g.Count());
    }

    private static async Task<IReadOnlyList<CampaignItem>> CampaignsAsync(ManagementClient server, CancellationToken cancellationToken)
    {
        string[] gone = [Json.Name(CampaignStatus.Closed), Json.Name(CampaignStatus.Merged)];
        List<CampaignItem> campaigns = [];
        await foreach (var campaign in server.ListAsync<CampaignItem>("v1/campaigns", cancellationToken).ConfigureAwait(false))
        {
            if (gone.Contains(campaign.Status)) continue;
            List<MemberItem> members = [];
            var path = $"v1/campaigns/{Uri.EscapeDataString(campaign.Id)}/members";
            await foreach (var member in server.ListAsync<MemberItem>(path, cancellationToken).ConfigureAwait(false)) members.Add(member);
            campaigns.Add(campaign with { Members = members });
        }

        return campaigns;
    }
}
