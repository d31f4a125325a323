using AccountGrains.Core.Accounts;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Policies;
using AccountGrains.Core.Tests.Epochs;

namespace AccountGrains.Core.Tests.Accounts;

/// <summary>Accounts with a case, and snapshots that know its campaign.</summary>
internal static class Cases
{
    public static readonly CampaignId First = new(11);
    public static readonly CampaignId Second = new(13);
    public static readonly AccountId Account = Traffic.AccountOf("someone");

    public static Snapshot Snapshot(bool active = true, float prior = -4, float newness = 0, params CampaignId[] campaigns) => Core.Correlation.Snapshot.Empty(Policy.Default)
        .Next(Policy.Default, new PopulationView(10_000, 100), [.. (campaigns.Length > 0 ? campaigns : [First]).Select(id => Signature(id, active, prior, newness))], [], null);

    public static CampaignSignature Signature(CampaignId id, bool active = true, float prior = -4, float newness = 0, int members = 40, long bannedAt = 0, params SignatureEntry[] entries) => new(entries)
    {
        Id = id,
        Active = active,
        FoundedAt = 1,
        Members = members,
        Prior = prior,
        MatchedShare = 0.5f,
        Newness = newness,
        NewWeight = newness > 0 ? 3 : 0,
        Families = ~0,
        Cards = [],
        Bans = bannedAt == 0 ? [] : [bannedAt],
        SuccessionWeight = bannedAt == 0 ? 0 : 3,
    };

    /// <summary>A member whose last three requests matched at both ends, with links of the given weights.</summary>
    public static AccountState Member(float template = 0, float network = 0, float client = 0, float payment = 0, float own = 2, int matched = 3, int requests = 3)
    {
        var state = new AccountState(Account) { Name = "someone" };
        var slot = state.OpenCase().Open(First, Traffic.Start)!;
        (slot.Member, slot.Own, slot.Matched, slot.Requests, slot.Classes) = (true, own, matched, requests, 3);
        Link(slot, 0, FingerprintKind.Ip, network);
        Link(slot, 1, FingerprintKind.Ja4, client);
        Link(slot, 2, FingerprintKind.Payment, payment);
        Link(slot, 4, FingerprintKind.Template, template);
        return state;
    }

    public static void Link(CampaignSlot slot, int index, FingerprintKind kind, float weight) =>
        slot.SetLink(index, new FamilyLink(new Fingerprint(kind, 1, (UInt128)(100 + index)), weight, 40, 0.5f));
}
