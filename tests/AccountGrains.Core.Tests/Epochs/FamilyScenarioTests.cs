using AccountGrains.Core.Policies;

namespace AccountGrains.Core.Tests.Epochs;

/// <summary>Small traces in which one family carries the finding, what is left without it, and the innocent twin.</summary>
public sealed class FamilyScenarioTests
{
    [Fact]
    public void Observe_OfAFleetWithSharedCards_IsFoundByCardsAndTemplates()
    {
        var inputs = Traffic.Mixed(1).Inputs;

        Assert.True(new Replay(inputs).Restricted.Count >= 38);
        Assert.Empty(new Replay(inputs, policy: Policy.Default with { PaymentFactor = 0 }).Restricted);
        Assert.Empty(new Replay(inputs, policy: Policy.Default with { TemplateFactor = 0 }).Restricted);
    }

    [Fact]
    public void Observe_OfAFleetThatActsAtTheSameMoments_IsFoundByTimeAlone()
    {
        var inputs = new Traffic(31).People(1500, 2).Batches(40, 6, together: true).Inputs;

        var found = new Replay(inputs).Restricted;

        Assert.True(found.Count >= 36, $"{found.Count} restricted");
        Assert.All(found, name => Assert.StartsWith("batch-", name, StringComparison.Ordinal));
        Assert.Empty(new Replay(inputs, policy: Policy.Default with { TimingFactor = 0 }).Restricted);
    }

    [Fact]
    public void Observe_OfPeopleWhoSendTheSameWhenTheyLike_RestrictsNobody() =>
        Assert.Empty(new Replay(new Traffic(31).People(1500, 2).Batches(40, 6, together: false).Inputs).Restricted);

    [Fact]
    public void Observe_OfAccountsThatBeginRightAfterABan_RestrictsThemByIt()
    {
        var inputs = Fleet().Bans(10, Traffic.Start + (12 * Traffic.Hour)).Heirs("heir", 8, Traffic.Start + (12 * Traffic.Hour) + 300_000, 20).Inputs;

        Assert.Equal(8, Of(new Replay(inputs), "heir"));
        Assert.Equal(0, Of(new Replay(inputs, policy: Policy.Default with { SuccessionFactor = 0 }), "heir"));
    }

    [Fact]
    public void Observe_OfAccountsThatBeginHoursAfterABan_RestrictsNoneOfThem()
    {
        var inputs = Fleet().Bans(10, Traffic.Start + (12 * Traffic.Hour)).Heirs("late", 8, Traffic.Start + (15 * Traffic.Hour), 20).Inputs;

        Assert.Equal(0, Of(new Replay(inputs), "late"));
    }

    [Fact]
    public void Observe_OfAccountsThatPresentWhatTheFleetWasHanded_RestrictsThemByIt()
    {
        var inputs = Fleet().Heirs("heir", 8, Traffic.Start + (12 * Traffic.Hour), 20, published: false).Inputs;

        Assert.Equal(8, Of(new Replay(inputs), "heir"));
        Assert.Equal(0, Of(new Replay(inputs, policy: Policy.Default with { ArtefactFactor = 0 }), "heir"));
    }

    [Fact]
    public void Observe_OfAccountsThatPresentWhatWasPublished_RestrictsNoneOfThem()
    {
        var inputs = Fleet().Heirs("reader", 30, Traffic.Start + (12 * Traffic.Hour), 20, published: true).Inputs;

        Assert.Equal(0, Of(new Replay(inputs), "reader"));
    }

    private static Traffic Fleet() => new Traffic(7).People(1500, 2).Fleet(40, 8, 12);

    private static int Of(Replay replay, string prefix) => replay.Restricted.Count(name => name.StartsWith(prefix, StringComparison.Ordinal));
}
