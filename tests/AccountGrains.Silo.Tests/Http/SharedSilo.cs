namespace AccountGrains.Silo.Tests.Http;

/// <summary>One process for all tests of a class; each uses keys of its own.</summary>
public sealed class SharedSilo : IAsyncLifetime
{
    internal HttpSilo Silo { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Silo = await HttpSilo.StartAsync();

    public ValueTask DisposeAsync() => Silo.DisposeAsync();
}
