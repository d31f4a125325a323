using AccountGrains.Core.Correlation;
using AccountGrains.Core.Policies;

namespace AccountGrains.Core.Campaigns;

/// <summary>
/// Proof C: accounts walk through the same pool of exits. Either most have two of their last three addresses in common with others, from several networks;
/// or, much sooner, most hop through three networks, far more than outside, and meet at addresses that hardly anybody else uses. A carrier's NAT shows
/// many on few addresses of one network, and strangers do not walk through three networks each.
/// </summary>
internal static class ExitProof
{
    private const double StrangersMeet = 1e-3;
    private const int FewestHopping = 5;
    private const int FewestMeetings = 5;
    private const double MostHopWeight = 4;

    public static (bool Holds, double HopWeight) Of(MemberLinks view, EvidenceTable table, PopulationView population, Policy policy)
    {
        var members = view.Members;
        if (members.Length < FewestHopping || policy.NetworkFactor == 0) return default;
        var hopping = members.Count(m => m.Hops);
        var outside = population.HopShareOutside(hopping, members.Length);
        var share = (hopping - (0.5 * Math.Sqrt(hopping))) / (members.Length + 1.0);
        var hop = hopping >= FewestHopping && hopping >= policy.HopCover * members.Length && share >= policy.HopRatio * outside && Meet(members.Length, table, policy);
        var shared = SharedExits(view, table);
        return (hop || shared, hop && share > outside ? policy.NetworkFactor * Math.Min(MostHopWeight, Math.Log(share / outside)) : 0);
    }

    private static bool SharedExits(MemberLinks view, EvidenceTable table)
    {
        if (view.Places.Number < 6) return false;
        var sharing = 0;
        foreach (var member in view.Members)
        {
            var linked = 0;
            for (var i = 0; i < Accounts.Trail.AddressCount; i++) linked += member.Place(i) != 0 && view.Links(table.Find(member.Place(i))) ? 1 : 0;
            if (linked >= 2 && member.Roams) sharing++;
        }

        return sharing >= 0.5 * view.Members.Length;
    }

    private static bool Meet(int members, EvidenceTable table, Policy policy)
    {
        double meetings = 0;
        foreach (var evidence in table.Entries)
        {
            if (evidence.Fingerprint.Kind != FingerprintKind.Ip || !evidence.Measured || evidence.Vetoed) continue;
            var k = Math.Min(members, evidence.Holders.Count);
            if (k >= 2 && evidence.Outside <= k) meetings += k - 1;
        }

        var expected = members * (members - 1) / 2.0 * StrangersMeet;
        return meetings >= FewestMeetings && Likelihood.Surprise(meetings, expected) >= policy.MeetingSurprise;
    }
}
