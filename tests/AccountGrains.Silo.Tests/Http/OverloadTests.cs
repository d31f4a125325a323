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

    private static string Of(string account) => $$"""{"type":"request","account":"{{account}}"}""";
}
