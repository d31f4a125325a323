using AccountGrains.Core.Correlation;

namespace AccountGrains.Core.Campaigns;

/// <summary>How campaigns become one, and how one becomes two.</summary>
internal static class CampaignLineage
{
    private const int SmallestPart = 5;
    private const int KnownRequests = 7;
    private const long YoungestSplit = 86_400_000L;
    private const double JoiningWeight = 1;

    /// <summary>Takes the members, evidence and ledger of another campaign in; the latter two once, however often it is asked to. Whom to tell that it moved comes back.</summary>
    public static IReadOnlyList<Standing> Absorb(Campaign into, Campaign other, long end)
    {
        var standings = new List<Standing>();
        foreach (var theirs in other.Members.Values)
        {
            theirs.LastTurn = 0;
            theirs.HeadsCredited = false;
            theirs.Relabel(label => label < other.Labels.Count ? CampaignRules.LabelOf(into, other.Labels[label]) : label);
            if (!into.Members.TryAdd(theirs)) into.Members[theirs.Account].Paired |= theirs.Paired;

            // Who is a member of both is told what this one knows of it.
            standings.Add(new Standing(theirs.Account, other.Id, StandingChange.Moved, into.Members[theirs.Account].Timing, into.Id));
        }

        if (into.AbsorbedList.Contains(other.Id)) return standings;
        into.Evidence.Merge(other.Evidence);
        into.Bursts.Merge(other.Bursts);
        into.Prompts += other.Prompts;
        into.Seen += other.Seen;
        into.Taken.Merge(other.Taken, into.Names, other.Names);
        into.Signature = null;
        into.Departed = (into.Departed.Walk + other.Departed.Walk, into.Departed.Lenient + other.Departed.Lenient);
        into.LastActivity = Math.Max(into.LastActivity, other.LastActivity);
        into.AbsorbedList.Add(other.Id);
        CampaignRules.Note(into, end, CampaignEventKind.Absorbed, other.Id);
        return standings;
    }

    /// <summary>Makes a campaign the tombstone that forwards to the one that took it in.</summary>
    public static void Bury(Campaign campaign, CampaignId into, long end)
    {
        CampaignRules.Note(campaign, end, CampaignEventKind.Merged, into);
        campaign.Status = CampaignStatus.Merged;
        campaign.MergedInto = into;
        campaign.Members.Clear();
        campaign.Evidence.Clear();
    }

    /// <summary>
    /// Finds members that no evidence joins with the rest any more. The id stays with the larger part, of equal ones with the older; the other
    /// part is founded anew. Evidence that more members share than a set can name joins everybody. A campaign younger than a day, or with members
    /// that were hardly seen, is left alone: what joins them may still come. Null when nothing falls apart.
    /// </summary>
    public static Campaign? Split(Campaign campaign, long end)
    {
        if (campaign.MemberCount < 2 * SmallestPart || end - campaign.FoundedAt < YoungestSplit) return null;
        var members = campaign.Members.Values.ToArray();
        var byMark = members.Select((m, i) => (m.Mark, i)).GroupBy(m => m.Mark).ToDictionary(g => g.Key, g => g.First().i);
        var sets = new DisjointSets(members.Length);
        foreach (var evidence in campaign.Evidence.Entries)
        {
            if (evidence.Holders.Count < 2 || evidence.Weight < JoiningWeight) continue;
            if (evidence.Holders.Exact is not { } holders) return null;
            sets.Join([.. holders.Where(byMark.ContainsKey).Select(h => byMark[h])]);
        }

        var parts = sets.Groups().Where(g => g.Count >= SmallestPart && g.All(i => members[i].Requests >= KnownRequests)).OrderByDescending(g => g.Count).ThenBy(g => g.Min(i => members[i].Since)).ToList();
        return parts.Count < 2 ? null : Part(campaign, [.. parts[1].Select(i => members[i])], end);
    }

    private static Campaign Part(Campaign campaign, Member[] members, long end)
    {
        var marks = members.Select(m => m.Mark).ToHashSet();
        var part = new Campaign(CampaignId.Found(campaign.FoundedOn, members[0].Account, end))
        {
            FoundedAt = end,
            FoundedOn = campaign.FoundedOn,
            LastActivity = members.Max(m => m.LastSeen),
            SplitFrom = campaign.Id,
        };
        foreach (var member in members)
        {
            campaign.Signature = null;
            campaign.Members.Remove(member.Account);
            part.Members.TryAdd(member);
            part.Seen += member.Requests;
            part.Prompts += member.Requests;
            member.LastTurn = 0;
            member.HeadsCredited = false;
        }

        foreach (var evidence in campaign.Evidence.Entries)
        {
            foreach (var mark in evidence.Holders.Exact?.Where(marks.Contains).ToArray() ?? [])
            {
                part.Evidence.Add(evidence.Fingerprint, mark, evidence.LastSeen);
                evidence.Holders.Remove(mark);
            }
        }

        part.Labels.AddRange(campaign.Labels);
        CampaignRules.Note(campaign, end, CampaignEventKind.Split, part.Id);
        CampaignRules.Note(part, end, CampaignEventKind.Founded);
        return part;
    }
}
