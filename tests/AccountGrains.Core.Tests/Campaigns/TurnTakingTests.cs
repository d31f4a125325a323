using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Tests.Epochs;

namespace AccountGrains.Core.Tests.Campaigns;

public sealed class TurnTakingTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(6, 0.0, 1.0)]
    [InlineData(20, 0.0, 1.0)]
    [InlineData(20, 0.05, 0.7)]
    [InlineData(60, 0.1, 0.5)]
    public void Regular_OfADispatcherThatHandsAQueueRound_IsTrue(int accounts, double disorder, double inTime)
    {
        var members = MembersOf(accounts);
        var turns = new TurnTaking();
        var random = new Random(1);

        for (var i = 0; i < accounts * 8; i++) turns.Take(members[random.NextDouble() < disorder ? random.Next(accounts) : i % accounts], accounts);

        Assert.True(turns.Regular(accounts));
        Assert.True(members.Count(m => m.TimingNow) >= inTime * accounts);
    }

    [Fact]
    public void Regular_OfPeopleAtRandom_IsFalse()
    {
        var found = 0;
        for (var run = 0; run < 200; run++)
        {
            var random = new Random(run);
            var members = MembersOf(5 + (run % 60));
            var rates = members.Select(_ => Math.Exp(random.NextDouble() * 2 * (run % 3))).ToArray();
            var turns = new TurnTaking();
            for (var i = 0; i < 600; i++)
            {
                turns.Take(members[Pick(rates, random)], members.Length);
                if (i % 20 == 19 && turns.Regular(members.Length)) found++;
            }
        }

        output.WriteLine($"{found} of {200 * 30} looks were false positives");
        Assert.Equal(0, found);
    }

    private static int Pick(double[] rates, Random random)
    {
        var left = random.NextDouble() * rates.Sum();
        for (var i = 0; i < rates.Length; i++)
        {
            if ((left -= rates[i]) < 0) return i;
        }

        return rates.Length - 1;
    }

    private static Member[] MembersOf(int count) => [.. Enumerable.Range(0, count).Select(i => new Member(new AccountId(1, Traffic.Id(60, (ulong)i))))];
}
