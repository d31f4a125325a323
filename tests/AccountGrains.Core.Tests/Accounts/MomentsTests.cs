using AccountGrains.Core.Accounts;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Door;
using AccountGrains.Core.Policies;
using AccountGrains.Core.Tests.Epochs;
using static AccountGrains.Core.Tests.Accounts.Cases;

namespace AccountGrains.Core.Tests.Accounts;

public sealed class MomentsTests
{
    private const long Quarter = 15 * 60_000;

    [Fact]
    public void Take_OfWhatIsSentInOneGo_IsOneMoment()
    {
        var moments = new Moments();

        for (var i = 0; i < 20; i++) moments.Take(Traffic.Start + (i * 10_000L));

        Assert.Equal((Moments.MarkOf(Traffic.Start / BurstWatch.Bucket), 0u), (moments[0], moments[1]));
    }

    [Fact]
    public void Take_OfALateRequest_ChangesNothing()
    {
        var moments = new Moments();

        moments.Take(Traffic.Start);
        moments.Take(Traffic.Start - Quarter);

        Assert.Equal((Moments.MarkOf(Traffic.Start / BurstWatch.Bucket), 0u), (moments[0], moments[1]));
    }

    [Theory]
    [InlineData(0, true, true)]
    [InlineData(8_000, true, true)]
    [InlineData(100_000, true, false)]
    [InlineData(0, false, true)]
    [InlineData(100_000, false, false)]
    public void Observe_OfAnAccountThatComesWhenACampaignDoes_AsksToJoinAlsoWhereItIsWatchedOnly(long late, bool active, bool asks)
    {
        var state = new AccountState(Account) { Name = "someone" };
        var snapshot = Bursting(active);

        AccountOutcome outcome = default;
        for (var i = 1; i <= 6; i++) outcome = AccountRules.Observe(state, Request(Traffic.Start + (i * Quarter) + late, i), snapshot);

        Assert.Equal(asks, outcome.First is { Joins: true, InTime: true });
        Assert.Equal(Verdict.Allow, state.Verdict);
    }

    private static AccountInput Request(long time, int number) =>
        Traffic.Input("someone", ObservationType.Request, time) with { Account = Account, Request = (ulong)number, Sketch = Traffic.Prompt((ulong)number, new Random(number), 0) };

    private static Core.Correlation.Snapshot Bursting(bool active)
    {
        var signature = new CampaignSignature([])
        {
            Id = First,
            Active = active,
            Gathers = true,
            FoundedAt = 1,
            Members = 40,
            Prior = -4,
            MatchedShare = 0.5f,
            Newness = 0,
            NewWeight = 0,
            Families = ~0,
            Proofs = active ? CoordinationProofs.Bursts : CoordinationProofs.None,
            Cards = [],
            Bursts = [.. Enumerable.Range(1, 20).Select(i => (Traffic.Start + (i * Quarter)) / BurstWatch.Bucket)],
        };
        return Core.Correlation.Snapshot.Empty(Policy.Default).Next(Policy.Default, new PopulationView(10_000, 100), [signature], [], null);
    }
}
