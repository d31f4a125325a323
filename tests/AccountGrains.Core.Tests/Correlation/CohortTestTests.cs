using AccountGrains.Core.Correlation;
using AccountGrains.Core.Policies;

namespace AccountGrains.Core.Tests.Correlation;

public sealed class CohortTestTests
{
    private static readonly PopulationView Population = new(5_000, 100);

    [Fact]
    public void Run_OfACohortThatSharesThreeCards_ProposesIt()
    {
        Sighting[] sample = [.. Enumerable.Range(0, 12).Select(i => Sightings.Of(i, card: i % 3))];

        var proposal = Assert.Single(Run(sample, Within(sample)));

        Assert.Equal(12, proposal.Members.Count);
        Assert.Equal(Sightings.Head, proposal.Token);
        Assert.True(proposal.Significance >= Policy.Default.CohortThreshold);
    }

    [Fact]
    public void Run_OfStrangersOnAPopularClientAndNat_ProposesNobody()
    {
        Sighting[] sample = [.. Enumerable.Range(0, 16).Select(i => Sightings.Of(i, place: i % 4 == 0 ? 7 : null, client: i % 2 == 0 ? 7 : null))];
        var nat = sample[0].Value(0);
        var prefix = sample[0].Value(1);

        var proposals = Run(sample, f => f == nat || f == prefix ? 1_000 : f.Kind is FingerprintKind.Ja4 or FingerprintKind.UserAgent ? 2_000 : 1);

        Assert.Empty(proposals);
    }

    [Fact]
    public void Run_OfStrangers_ProposesNobody()
    {
        Sighting[] sample = [.. Enumerable.Range(0, 16).Select(i => Sightings.Of(i))];

        Assert.Empty(Run(sample, Within(sample)));
    }

    [Fact]
    public void Run_OfOneDeclaredOrganization_CountsItOnce()
    {
        Sighting[] company = [.. Enumerable.Range(0, 12).Select(i => Sightings.Of(i, card: 1, place: 1, organization: 99))];
        Sighting[] others = [.. Enumerable.Range(12, 3).Select(i => Sightings.Of(i))];

        Assert.Empty(Run([.. company, .. others], Within(company)));
        Assert.Single(Run([.. company.Select((_, i) => Sightings.Of(i, card: 1, place: 1)), .. others], Within(company)));
    }

    [Fact]
    public void Run_OfTwoGroupsOnCardsThatOthersHaveToo_ProposesEach()
    {
        Sighting[] sample = [.. Enumerable.Range(0, 16).Select(i => Sightings.Of(i, card: i % 2))];

        var proposals = Run(sample, f => f.Kind == FingerprintKind.Payment ? 17 : 1);

        Assert.Equal([8, 8], proposals.Select(p => p.Members.Count).Order());
        Assert.Empty(proposals[0].Members.Select(m => m.Account).Intersect(proposals[1].Members.Select(m => m.Account)));
    }

    [Fact]
    public void Needed_OfASample_NamesWhatTwoShow()
    {
        var cohort = new Cohort(Sightings.Head, [Sightings.Of(1, card: 5), Sightings.Of(2, card: 5), Sightings.Of(3)]);

        var needed = cohort.Needed.Select(f => f.Kind);

        Assert.Equal([FingerprintKind.Payment], needed);
    }

    private static IReadOnlyList<Proposal> Run(Sighting[] sample, Func<Fingerprint, int> popularity) =>
        CohortTest.Run(new Cohort(Sightings.Head, sample), popularity, Population, Policy.Default);

    /// <summary>Nobody but the sample shows its values.</summary>
    private static Func<Fingerprint, int> Within(Sighting[] sample) =>
        f => sample.Count(s => Enumerable.Range(0, Sighting.ValueCount).Any(i => s.Value(i) == f));
}
