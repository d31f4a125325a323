namespace AccountGrains.Silo.Tests.Door;

public sealed class PoolWaitTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly HeldPool _pool = new();

    [Fact]
    public void Stands_WhenAProbeDoesNotComeThrough_IsTrueAfterTheInterval_UntilOneComesThroughSoon()
    {
        _pool.Pass(HeldPool.Interval);
        Assert.False(_pool.Wait.Stands);
        _pool.Pass(HeldPool.Interval);
        Assert.True(_pool.Wait.Stands);

        _pool.Run();
        _pool.Pass(HeldPool.Tick);
        Assert.True(_pool.Wait.Stands, "that one had waited for long");
        _pool.Run();
        _pool.Pass(HeldPool.Tick);

        Assert.False(_pool.Wait.Stands);
    }

    [Fact]
    public void Stands_WhenEachProbeWaitsForLong_IsTrue_ThoughEachBeginsToWaitAnew()
    {
        _pool.Pass(HeldPool.Tick);
        for (var i = 0; i < 5; i++)
        {
            _pool.Pass((HeldPool.Interval / 2) + HeldPool.Tick);
            _pool.Run();
            _pool.Pass(HeldPool.Tick);
        }

        Assert.True(_pool.Wait.Stands);
    }

    [Fact]
    public void Stands_WhenProbesComeThroughAtOnce_StaysFalse()
    {
        for (var i = 0; i < 100; i++)
        {
            _pool.Pass(HeldPool.Tick);
            _pool.Run();
        }

        Assert.False(_pool.Wait.Stands);
    }

    [Fact]
    public void Probes_ThatDoNotComeThrough_AreOneAtATime()
    {
        _pool.Pass(HeldPool.Interval * 10);

        Assert.Equal(1, _pool.Waiting);
    }

    [Fact]
    public void Probes_WhereNothingWaits_AreNotSent_AndNothingHasToWait()
    {
        _pool.Pass(HeldPool.Tick);
        _pool.Pass(HeldPool.Interval);
        _pool.Run();
        Assert.Equal(HeldPool.Interval, _pool.Wait.Last);

        _pool.Pending = 0;
        _pool.Pass(HeldPool.Tick);

        Assert.Equal(0, _pool.Waiting);
        Assert.Equal(TimeSpan.Zero, _pool.Wait.Last);
    }

    [Fact]
    public void Share_IsOfTheTimesOfLateAtWhichSomethingWaited_HoweverShortTheWaitsAre()
    {
        Assert.Equal(0, _pool.Wait.Share);
        _pool.RunFor(Second);
        var always = _pool.Wait.Share;
        for (var time = TimeSpan.Zero; time < Second; time += HeldPool.Tick)
        {
            _pool.Pending = 1 - _pool.Pending;
            _pool.RunFor(HeldPool.Tick);
        }

        var halfTheTime = _pool.Wait.Share;
        _pool.Pending = 0;
        _pool.RunFor(Second);

        Assert.InRange(always, 0.95, 1);
        Assert.InRange(halfTheTime, 0.45, 0.55);
        Assert.InRange(_pool.Wait.Share, 0, 0.05);
    }

    [Fact]
    public void Share_WhileAProbeDoesNotComeThrough_CountsItAsWaiting()
    {
        _pool.Pass(HeldPool.Tick);
        _pool.Pending = 0;
        _pool.Pass(Second);

        Assert.InRange(_pool.Wait.Share, 0.95, 1);
    }

    [Fact]
    public void Stands_OnceNothingWaits_IsFalse()
    {
        _pool.Pass(HeldPool.Interval * 2);
        Assert.True(_pool.Wait.Stands);

        _pool.Run();
        _pool.Pending = 0;
        _pool.Pass(HeldPool.Tick);

        Assert.False(_pool.Wait.Stands);
    }

    [Fact]
    public void Overload_ThatLasts_IsSaidOnce_AndItsEndAfterAMinute()
    {
        _pool.Pass(TimeSpan.FromMinutes(2));
        Assert.Equal([1801], _pool.Logs.Lines.Select(l => l.Id));
        for (var i = 0; i < 3; i++)
        {
            _pool.Run();
            _pool.Pass(HeldPool.Tick);
        }

        _pool.RunFor(TimeSpan.FromSeconds(59));
        Assert.Single(_pool.Logs.Lines);
        _pool.RunFor(TimeSpan.FromSeconds(2));

        Assert.Equal([1801, 1802], _pool.Logs.Lines.Select(l => l.Id));
    }
}
