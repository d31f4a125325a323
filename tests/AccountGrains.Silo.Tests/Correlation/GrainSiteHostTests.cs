using AccountGrains.Silo.Correlation;
using Microsoft.Extensions.Time.Testing;

namespace AccountGrains.Silo.Tests.Correlation;

public sealed class GrainSiteHostTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly List<string> _order = [];

    /// <summary>The turns of a silo's part in epochs are one after the other, as those of this scheduler are.</summary>
    [Fact]
    public async Task EachAsync_AfterAMillisecond_LetsWhatWaitsGoFirst_AndGoesOnInItsOwnTurns()
    {
        await EachAsync(TimeSpan.FromMilliseconds(1));

        Assert.Equal(["0", "other", "1", "2"], _order);
    }

    [Fact]
    public async Task EachAsync_OfLittleWork_DoesAllOfItAtOnce()
    {
        await EachAsync(TimeSpan.FromMilliseconds(0.1));

        Assert.Equal(["0", "1", "2", "other"], _order);
    }

    private async Task EachAsync(TimeSpan each)
    {
        var turns = new TaskFactory(new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler);
        var host = new GrainSiteHost(null!, null!, _clock);
        Task? other = null;
        var all = await turns.StartNew(() => host.EachAsync(3, i =>
        {
            Assert.Same(turns.Scheduler, TaskScheduler.Current);
            _order.Add($"{i}");
            other ??= turns.StartNew(() => _order.Add("other"));
            _clock.Advance(each);
        }).AsTask());
        await all;
        await other!;
    }
}
