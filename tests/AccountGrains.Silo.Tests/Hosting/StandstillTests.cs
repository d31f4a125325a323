using AccountGrains.Silo.Hosting;
using AccountGrains.Silo.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AccountGrains.Silo.Tests.Hosting;

/// <summary>What a silo that stood still may store; <c>DrillTests</c> has real ones stand still.</summary>
public sealed class StandstillTests
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly FakeMembership _cluster = new();
    private readonly Standstill _standstill;

    public StandstillTests() => _standstill = new Standstill(_cluster, _cluster, _clock, NullLogger<Standstill>.Instance);

    [Fact]
    public async Task Check_WhileTimeGoesOn_AsksNobody()
    {
        _clock.Advance(Short);
        await _standstill.CheckAsync();

        Assert.Equal(0, _cluster.Asked);
    }

    [Fact]
    public async Task Check_AfterAStandstill_AsksOnceForAll_AndNotAgainAfterTheNextLook()
    {
        _cluster.Answers = new TaskCompletionSource();
        _clock.Advance(Long);
        var first = _standstill.CheckAsync().AsTask();
        var second = _standstill.CheckAsync().AsTask();
        var waited = (first.IsCompleted, second.IsCompleted);
        _cluster.Answers.SetResult();
        await Task.WhenAll(first, second);
        var asked = _cluster.Asked;
        await _standstill.LookAsync(_clock.GetTimestamp());
        await _standstill.CheckAsync();

        Assert.Equal((false, false), waited);
        Assert.Equal((1, 2), (asked, _cluster.Asked));
    }

    [Fact]
    public async Task Check_OfASiloThatTheClusterGoesOnWithout_Refuses_AlsoWhenItHasLooked()
    {
        _cluster.Status = SiloStatus.Dead;
        _clock.Advance(Long);

        await _standstill.LookAsync(_clock.GetTimestamp());

        await RefusedAsync();
    }

    [Fact]
    public async Task Check_OfASiloThatIsStopped_DoesNotAsk_UnlessItStoodStillUntilThen()
    {
        var stopped = new Standstill(_cluster, _cluster, _clock, NullLogger<Standstill>.Instance);
        await stopped.RunAsync(new CancellationToken(canceled: true));
        _clock.Advance(Long);
        await stopped.CheckAsync();
        var asked = _cluster.Asked;
        _cluster.Status = SiloStatus.Dead;

        await _standstill.LookAsync(long.MaxValue);

        Assert.Equal(0, asked);
        await RefusedAsync();
    }

    [Fact]
    public async Task Check_OfAClusterThatDoesNotAnswer_Refuses_AndAsksOnceASecond_UntilItDoes()
    {
        _cluster.Answers = new TaskCompletionSource();
        _clock.Advance(Long);
        var unanswered = _standstill.CheckAsync().AsTask();
        _clock.Advance(Long);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => unanswered);
        for (var i = 0; i < 5; i++) await RefusedAsync();
        var asked = _cluster.Asked;
        _cluster.Answers = null;
        _clock.Advance(Short);

        await _standstill.CheckAsync();

        Assert.Equal((1, 2), (asked, _cluster.Asked));
    }

    [Fact]
    public async Task Check_WhoseAnswerIsFromBeforeAnotherStandstill_Refuses()
    {
        _cluster.Answers = new TaskCompletionSource();
        _cluster.Asks = () => _clock.Advance(Long);
        _cluster.Answers.SetResult();
        _clock.Advance(Long);

        await RefusedAsync();
    }

    private Task<StoreUnavailableException> RefusedAsync() => Assert.ThrowsAsync<StoreUnavailableException>(() => _standstill.CheckAsync().AsTask());
}
