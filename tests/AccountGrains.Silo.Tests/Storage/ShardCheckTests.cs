using AccountGrains.Silo.Hosting;
using AccountGrains.Silo.Storage;
using Microsoft.Extensions.Options;

namespace AccountGrains.Silo.Tests.Storage;

/// <summary>Which servers a silo takes for those of its store, and what is written to them before it knows.</summary>
public sealed class ShardCheckTests
{
    private readonly Dictionary<char, Server> _servers = "ABC".ToDictionary(name => name, _ => new Server());

    [Theory]
    [InlineData("AB", "AC", "ConnectionStrings:1 is store 2 of 2, and is none of the stores that the others belong to")]
    [InlineData("AB", "CB", "ConnectionStrings:0 is store 1 of 2, and is none of the stores that the others belong to")]
    [InlineData("AB", "BA", "ConnectionStrings:0 is store 1 of 2, and was made as store 2 of 2")]
    [InlineData("AB", "A", "ConnectionStrings:0 is store 1 of 1, and was made as store 1 of 2")]
    [InlineData("A", "AB", "ConnectionStrings:0 is store 1 of 2, and was made as store 1 of 1")]
    [InlineData("A", "BA", "ConnectionStrings:1 is store 2 of 2, and was made as store 1 of 1")]
    public async Task OtherServers_AreRefused_AndNothingIsWrittenToThem(string before, string after, string refusal)
    {
        await RunAsync(before);
        var held = Held();

        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => RunAsync(after));

        Assert.Contains(refusal, refused.Message, StringComparison.Ordinal);
        Assert.Equal(held, Held());
    }

    [Theory]
    [InlineData("A")]
    [InlineData("ABC")]
    public async Task TheSameServers_AreTakenAgain(string names)
    {
        await RunAsync(names);
        var held = Held();

        await RunAsync(names);

        Assert.Equal(held, Held());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task AFirstStartThatBreaksOff_IsCompletedByTheNext(int writes)
    {
        var left = writes;
        Action ending = () =>
        {
            if (left-- == 0) throw new IOException("The first start ends here.");
        };
        await Assert.ThrowsAsync<IOException>(() => RunAsync("ABC", beforeWrite: ending));

        await RunAsync("ABC");

        await Assert.ThrowsAsync<StartRefusedException>(() => RunAsync("AB"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task AnotherSilosFirstStart_BetweenAnyTwoCalls_StopsNobody(int calls)
    {
        var left = calls;
        Func<Task> other = () => left-- == 0 ? RunAsync("ABC") : Task.CompletedTask;

        await RunAsync("ABC", beforeCall: other);

        await RunAsync("ABC");
    }

    private string[] Held() => [.. _servers.SelectMany(s => s.Value.Values.Select(v => $"{s.Key} {v.Key} {v.Value}")).Order(StringComparer.Ordinal)];

    private Task RunAsync(string names, Action? beforeWrite = null, Func<Task>? beforeCall = null) => new ShardCheck(
        new Servers([.. names.Select(n => new Calls(_servers[n], beforeWrite, beforeCall))]),
        Options.Create(new StorageOptions { Storage = new() { ConnectionStrings = [.. names.Select(n => $"{n}")] } })).RunAsync(TestContext.Current.CancellationToken);

    private sealed class Server
    {
        public Dictionary<string, string> Values { get; } = [];
    }

    private sealed class Calls(Server server, Action? beforeWrite, Func<Task>? beforeCall) : IStoreProperties
    {
        public async ValueTask<string?> GetAsync(string name, CancellationToken cancellationToken)
        {
            if (beforeCall is not null) await beforeCall();
            return server.Values.GetValueOrDefault(name);
        }

        public async ValueTask<string> SetIfAbsentAsync(string name, string value, CancellationToken cancellationToken)
        {
            if (beforeCall is not null) await beforeCall();
            beforeWrite?.Invoke();
            server.Values.TryAdd(name, value);
            return server.Values[name];
        }
    }

    private sealed class Servers(IStoreProperties[] properties) : IStore
    {
        public string Where => "here";

        public Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public IStoreProperties PropertiesOf(int shard) => properties[shard];
    }
}
