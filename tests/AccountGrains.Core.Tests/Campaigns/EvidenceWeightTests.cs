using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Policies;
using AccountGrains.Core.Tests.Correlation;

namespace AccountGrains.Core.Tests.Campaigns;

public sealed class EvidenceWeightTests
{
    [Fact]
    public void Weigh_OfAPhraseOfNearlyAllOfACampaignThatIsASeventhOfEverybody_StaysItsOwn()
    {
        var evidence = new Evidence { Fingerprint = Sightings.Head };
        for (var member = 1U; member <= 950; member++) evidence.Holders.Add((uint)Mixing.Mix64(member));

        evidence.Weigh(1000, evidence.Holders.Count, new PopulationView(7_700, 100), Policy.Default);

        Assert.InRange(evidence.Weight, Policy.Default.TokenWeight, Policy.Default.FamilyCap);
    }

    [Fact]
    public void Weigh_OfAPhraseThatAsManyOthersHave_IsNoneOfItsOwn()
    {
        var evidence = new Evidence { Fingerprint = Sightings.Head };
        for (var member = 1U; member <= 950; member++) evidence.Holders.Add((uint)Mixing.Mix64(member));

        evidence.Weigh(1000, 3 * evidence.Holders.Count, new PopulationView(7_700, 100), Policy.Default);

        Assert.True(evidence.Weight < Policy.Default.TokenWeight);
    }
}
