using AccountGrains.Core.Correlation;
using AccountGrains.Core.Policies;

namespace AccountGrains.Core.Campaigns;

/// <summary>Whether two campaigns are one: by their members, phrases, cards or moments.</summary>
internal static class Sameness
{
    public const int SmallestOverlap = 4;
    private const int SmallestTokens = 5;
    private const int SmallestCards = 2;
    private const int SmallestBursts = 3;

    /// <summary>What nothing but a template joins does not grow by merging either.</summary>
    public static bool Fits(IndexEntry entry, IndexEntry other) =>
        Math.Max(entry.Signature?.Room ?? 0, other.Signature!.Room) >= Math.Min(entry.Accounts.Count, other.Accounts.Count);

    public static bool SameMembers(IndexEntry entry, IndexEntry other, int common) => (common > 0 && entry.IsRing && other.IsRing) || (
        common >= SmallestOverlap && common >= 0.5 * Math.Min(entry.Accounts.Count, other.Accounts.Count));

    /// <summary>Cohorts that act at the same moments, one of them provably as one, and want the same.</summary>
    public static bool SameBursts(IndexEntry entry, IndexEntry other, int common) =>
        common >= SmallestBursts && common >= 0.4 * Math.Min(entry.Signature!.Bursts.Count, other.Signature!.Bursts.Count)
        && ((entry.Signature.Proofs | other.Signature.Proofs) & (CoordinationProofs.Turns | CoordinationProofs.Bursts)) != 0 && SameWishes(entry.Signature, other.Signature);

    /// <summary>Cosine of what both ask for; true where nothing is known.</summary>
    private static bool SameWishes(CampaignSignature one, CampaignSignature other)
    {
        double dot = 0, ones = one.Capabilities.Sum(c => (double)c.Count * c.Count), others = other.Capabilities.Sum(c => (double)c.Count * c.Count);
        foreach (var (label, count) in one.Capabilities) dot += (double)count * other.Capabilities.FirstOrDefault(c => c.Label == label).Count;
        return ones == 0 || others == 0 || dot >= 0.5 * Math.Sqrt(ones * others);
    }

    public static bool SameTokens(IndexEntry entry, IndexEntry other, int common, Policy policy) =>
        common >= SmallestTokens && ClassesInCommon(entry, other) >= 2 && common >= TokenShare(entry, other, policy) * Math.Max(SmallestTokens, Math.Min(Phrases(entry.Signature).Count(), Phrases(other.Signature).Count()));

    /// <summary>
    /// The share of the smaller one's phrases that both must have. Of two fleets with many templates, each proved to act as one, neither knows more than
    /// a part of the templates: the less of them have to be known to both.
    /// </summary>
    private static double TokenShare(IndexEntry entry, IndexEntry other, Policy policy) =>
        entry.Signature is { BurstsProved: true } && other.Signature is { BurstsProved: true } && SameWishes(entry.Signature, other.Signature) ? policy.MergeTokensTogether : policy.MergeTokens;

    /// <summary>
    /// Cohorts with different templates that pay with the same several cards, which are most of what either pays with. One card would be a company
    /// with two prompts.
    /// </summary>
    public static bool SameCards(IndexEntry entry, IndexEntry other, int common, Policy policy) =>
        common >= SmallestCards && CardCover(entry, other) >= policy.MergeCards && CardCover(other, entry) >= policy.MergeCards;

    /// <summary>The share of a campaign's members that hold a card that the other's members share too.</summary>
    private static double CardCover(IndexEntry entry, IndexEntry other)
    {
        var theirs = (other.Signature?.Cards ?? []).Select(c => c.Token).ToHashSet();
        return (double)(entry.Signature?.Cards ?? []).Where(c => theirs.Contains(c.Token)).Sum(c => c.Members) / Math.Max(1, entry.Accounts.Count);
    }

    /// <summary>
    /// Template tokens that at least a tenth of the members have, or that members who act together have in common. Those that only tell a member's request from others count too: of two halves of
    /// one operation, each makes the other's tokens look common.
    /// </summary>
    public static IEnumerable<Fingerprint> Phrases(CampaignSignature? signature) => signature is null ? [] : signature.Entries
        .Where(e => e.Fingerprint.Kind == FingerprintKind.Template && (signature.BurstsProved || (e.Seen >= 3 && e.Seen >= 0.1 * signature.Members)))
        .Select(e => e.Fingerprint);

    /// <summary>Heads, tails and bodies: one sentence that two templates share is of one class.</summary>
    private static int ClassesInCommon(IndexEntry entry, IndexEntry other) =>
        Phrases(entry.Signature).Intersect(Phrases(other.Signature)).Select(Sighting.ClassOf).Distinct().Count();
}
