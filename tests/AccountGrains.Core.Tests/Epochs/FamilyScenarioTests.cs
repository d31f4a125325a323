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
}
