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

        Task<(int Status, System.Text.Json.Nodes.JsonObject Body)>[] calls = [.. Enumerable.Range(0, 3).Select(i => silo.ObserveAsync(Of($"acct_{i}")))];
        var first = await await Task.WhenAny(calls);
        silo.Calls.Release();
        var all = await Task.WhenAll(calls);

        Assert.Equal("fallback", (string?)first.Body["state"]);
        Assert.Equal(["fallback", "live", "live"], all.Select(a => (string?)a.Body["state"]).Order());
        Assert.All(all, a => Assert.Equal(200, a.Status));
    }

    [Fact]
    public async Task Observations_WhileWorkComesFasterThanItIsDone_AreAnsweredWithTheFallback_ButNotBansAndLines()
    {
        var pool = new HeldPool();
        await using var silo = await HttpSilo.StartAsync(services => services.AddSingleton(pool.Wait));

        pool.Pass(HeldPool.Interval * 2);
        var meanwhile = await silo.ObserveAsync(Of("acct_1"));
        var line = Assert.Single(await silo.ObserveLinesAsync(Of("acct_1")));
        var ban = await silo.ObserveAsync("""{"type":"ban","account":"acct_2","reason":"fraud"}""");
        pool.Run();
        pool.Pass(HeldPool.Tick);
        pool.Run();
        pool.Pass(HeldPool.Tick);
        var afterwards = await silo.ObserveAsync(Of("acct_1"));

        Assert.Equal((200, "fallback"), (meanwhile.Status, (string?)meanwhile.Body["state"]));
        Assert.Equal("live", (string?)line["state"]);
        Assert.Equal((200, "live"), (ban.Status, (string?)ban.Body["state"]));
        Assert.Equal("live", (string?)afterwards.Body["state"]);
    }

    private static string Of(string account) => $$"""{"type":"request","account":"{{account}}"}""";
}
