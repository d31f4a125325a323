using System.Text.Json.Nodes;
using AccountGrains.Silo.Door;
using AccountGrains.Silo.Tests.Door;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrains.Silo.Tests.Http;

public sealed class OverloadTests
{
    [Fact]
    public async Task Observations_BeyondWhatMayBeUnderWay_AreAnsweredAtOnceWithTheFallback()
    {
        await using var silo = await HttpSilo.StartAsync(("InFlight", "2"));
        await silo.ObserveAsync(Of("warm"));
        silo.Calls.Hold("ObserveAsync");

        Task<(int Status, JsonObject Body)>[] calls = [.. Enumerable.Range(0, 3).Select(i => silo.ObserveAsync(Of($"acct_{i}")))];
        var first = await await Task.WhenAny(calls);
        silo.Calls.Release();
        var all = await Task.WhenAll(calls);

        Assert.Equal("fallback", (string?)first.Body["state"]);
        Assert.Equal(["fallback", "live", "live"], all.Select(a => (string?)a.Body["state"]).Order());
        Assert.All(all, a => Assert.Equal(200, a.Status));
    }

    [Fact]
    public async Task Observations_WhileWaitsAreTooLong_AreAnsweredWithWhatIsKnown_ButBansAndLinesGoOn()
    {
        var pool = new HeldPool();
        await using var silo = await HttpSilo.StartAsync(services => services.AddSingleton(pool.Wait));
        await silo.ObserveAsync("""{"type":"ban","account":"banned","reason":"fraud"}""");
        var door = silo.Services.GetRequiredService<FrontDoor>();
        Assert.True(door.GiveWayAsync(new CancellationToken(canceled: true)).IsCompletedSuccessfully);

        pool.Pass(HeldPool.Interval * 2);
        var request = await silo.ObserveAsync(Of("acct_1"));
        var completion = await silo.ObserveAsync("""{"type":"completion","account":"acct_1"}""");
        var known = await silo.ObserveAsync(Of("banned"));
        var line = Assert.Single(await silo.ObserveLinesAsync(Of("acct_1")));
        string[] few = ["signup", "ban", "restore"];
        var fewAnswers = await Task.WhenAll(few.Select(type => silo.ObserveAsync($$"""{"type":"{{type}}","account":"acct_2"}""")));

        Assert.True(door.GiveWayAsync(new CancellationToken(canceled: true)).IsCanceled, "it would wait");
        Assert.Equal((200, "fallback"), (request.Status, (string?)request.Body["state"]));
        Assert.Equal((200, "fallback"), (completion.Status, (string?)completion.Body["state"]));
        Assert.Equal(["stale", "block"], HttpSilo.Texts(known.Body, "state", "verdict"));
        Assert.Equal("live", (string?)line["state"]);
        Assert.All(fewAnswers, a => Assert.Equal((200, "live"), (a.Status, (string?)a.Body["state"])));
        var metrics = await silo.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Matches("""accountgrains_observations_refused_total\{[^}]*reason="overload"[^}]*\} 3""", metrics);
    }

    [Fact]
    public async Task Observations_AfterWaitsWereTooLong_AreLive()
    {
        var pool = new HeldPool();
        await using var silo = await HttpSilo.StartAsync(services => services.AddSingleton(pool.Wait));
        pool.Pass(HeldPool.Interval * 2);
        Assert.Equal("fallback", (string?)(await silo.ObserveAsync(Of("acct_1"))).Body["state"]);

        for (var i = 0; i < 2; i++)
        {
            pool.Run();
            pool.Pass(HeldPool.Tick);
        }

        Assert.Equal("live", (string?)(await silo.ObserveAsync(Of("acct_1"))).Body["state"]);
    }

    [Fact]
    public async Task Bans_BeyondWhatMayBeUnderWay_ArePassedOn()
    {
        await using var silo = await HttpSilo.StartAsync(("InFlight", "2"));
        silo.Calls.Hold("ObserveAsync");

        Task<(int Status, JsonObject Body)>[] calls = [.. Enumerable.Range(0, 3).Select(i => silo.ObserveAsync(Of($"acct_{i}")))];
        await await Task.WhenAny(calls);
        var ban = silo.ObserveAsync("""{"type":"ban","account":"banned"}""");
        silo.Calls.Release();

        Assert.Equal("live", (string?)(await ban).Body["state"]);
        await Task.WhenAll(calls);
    }

    private static string Of(string account) => $$"""{"type":"request","account":"{{account}}"}""";
}
