using AccountGrains.Core.Correlation;
using AccountGrains.Core.Policies;

namespace AccountGrains.Core.Campaigns;

/// <summary>What bans from elsewhere say of a campaign, and of accounts that begin right after one.</summary>
internal static class BanEvidence
{
    private const int FewestBans = 3;
    private const double Cap = 6;
    private const int MostTimes = 64;
    private const int FewestHeirs = 3;
    private const double HeirsCap = 4;
    private const double Alike = 0.5;
    private const long Hour = 3_600_000L;
    private const double Soon = 0.5;
    private const long Day = 86_400_000L;
    private const long Horizon = 7 * Day;

    /// <summary>What it is worth that so many of its accounts are banned, where of all accounts a small share is; a ban that was lifted counts no longer.</summary>
    public static double Of(IList<Member> members, Policy policy)
    {
        var banned = members.Count(m => m.Banned);
        return banned < FewestBans ? 0 : policy.BanFactor * Math.Min(Cap, Likelihood.Enrichment(banned, members.Count, policy.BanShare));
    }

    /// <summary>
    /// Throughput conserved across the last ban: more accounts joined since than joined in as much time before it, and together they send about as much as the
    /// banned ones did. A crowd that grows goes on growing as before.
    /// </summary>
    public static double Conserved(Campaign campaign, Policy policy)
    {
        var now = campaign.WeighedAt;
        var banned = campaign.Timeline.LastOrDefault(e => e.Kind == CampaignEventKind.MemberBanned).Time;
        if (policy.ConservationFactor <= 0 || banned == 0 || now - banned is < Hour or > Day) return 0;
        double lost = 0, gained = 0;
        int heirs = 0, before = 0;
        foreach (var member in campaign.Members.All)
        {
            if (member.Banned) lost += member.Requests / (double)Math.Max(Hour, banned - member.Since);
            else if (member.Since > banned) gained += member.Requests / (double)Math.Max(Hour, now - member.Since);
            heirs += member.Since > banned ? 1 : 0;
            before += member.Since <= banned && member.Since > banned - (now - banned) ? 1 : 0;
        }

        if (heirs < FewestHeirs || Math.Min(lost, gained) < Alike * Math.Max(lost, gained)) return 0;
        return policy.ConservationFactor * Math.Min(HeirsCap, Likelihood.Surprise(heirs, Math.Max(1, before)));
    }

    /// <summary>
    /// When accounts of it were banned, in the last seven days, and what it is worth that an account begins right after: one half of what replaces them does,
    /// and of others as many as there is time right after a ban. Many bans in little time say nothing.
    /// </summary>
    public static (long[] Times, float Weight) Succession(Campaign campaign, Policy policy)
    {
        var now = Math.Max(campaign.WeighedAt, campaign.LastActivity);
        long[] times = [.. campaign.Timeline.Where(e => e.Kind == CampaignEventKind.MemberBanned && e.Time > now - Horizon).Select(e => e.Time).Distinct().Order().TakeLast(MostTimes)];
        if (times.Length == 0) return ([], 0);
        var span = Math.Clamp(now - campaign.FoundedAt, Day, Horizon);
        double covered = policy.SuccessionWindow;
        for (var i = 1; i < times.Length; i++) covered += Math.Min(policy.SuccessionWindow, times[i] - times[i - 1]);
        return (times, (float)Math.Clamp(Math.Log(Soon * span / covered), 0, policy.TurnsWeight));
    }
}
