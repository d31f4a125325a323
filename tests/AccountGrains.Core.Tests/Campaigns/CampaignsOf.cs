using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Policies;
using AccountGrains.Core.Tests.Correlation;
using AccountGrains.Core.Tests.Epochs;

namespace AccountGrains.Core.Tests.Campaigns;

/// <summary>Campaigns made by hand: members share a template and one of several cards, and everything else is their own; they send at random, as many requests each time as there are members.</summary>
internal static class CampaignsOf
{
    public static readonly PopulationView People = new(10_000, 100);

    private static int _number = 1_000_000;

    public static Campaign Members(int count, int from = 0, int cards = 6, int requests = 8, long end = Traffic.Start, string capability = "reasoning")
    {
        Sighting[] sightings = [.. Enumerable.Range(from, count).Select(i => Member(i, cards, end))];
        var proposal = new Proposal(Sightings.Head, sightings, 30);
        var campaign = Campaign.Found(CampaignId.Found(proposal.Token, sightings[0].Account, end), proposal, end);
        Close(campaign, end, sightings, []);
        var random = new Random(count + from);
        for (var i = 1; i <= requests; i++)
        {
            var time = end + (i * 60_000L);
            Close(campaign, time, [], [.. Enumerable.Range(0, count).Select(n => Request(campaign.Id, Member(from + random.Next(count), cards, time), capability: capability, number: (i * count) + n))]);
        }

        campaign.Acknowledge(sightings.Select(s => new JoinReply(s.Account, $"n{s.Account.Value % 1000}", 2, 20, 200, default)));
        return campaign;
    }

    public static Sighting Member(int number, int cards, long time) => Sightings.Of(number, card: number % cards, time: time, signupAt: Traffic.Start - 5);

    public static MemberActivity Request(CampaignId campaign, Sighting sighting, bool matched = true, string capability = "reasoning", int number = 0) => new()
    {
        Campaign = campaign,
        Sighting = sighting,
        Number = number > 0 ? number : Interlocked.Increment(ref _number),
        Name = "",
        IsRequest = true,
        Matched = matched,
        Score = 5,
        Capability = capability,
        Model = "large",
        InputTokens = 10,
        OutputTokens = 100,
    };

    /// <summary>Ends an epoch; nobody but the members shows what they show.</summary>
    public static CampaignOutcome Close(Campaign campaign, long end, Sighting[] joins, MemberActivity[] activity) =>
        campaign.Close(new CampaignInput(end, joins, activity), _ => 0, People, Policy.Default);

    public static (long Requests, long Input, long Output) Total(this TakenLedger ledger) =>
        ledger.Rows.Aggregate((0L, 0L, 0L), (sum, row) => (sum.Item1 + row.Requests, sum.Item2 + row.InputTokens, sum.Item3 + row.OutputTokens));
}
