using System.Collections.Concurrent;

namespace AccountGrains.Silo.Storage;

/// <summary>This process's memory as a store.</summary>
internal sealed class VolatileStore : IStore, IStoreProperties
{
    private readonly ConcurrentDictionary<string, string> _properties = new();

    /// <inheritdoc/>
    public string Where => "memory; it ends with the process";

    /// <inheritdoc/>
    public Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public IStoreProperties PropertiesOf(int shard) => this;

    /// <inheritdoc/>
    public ValueTask<string?> GetAsync(string name, CancellationToken cancellationToken) => new(_properties.GetValueOrDefault(name));

    /// <inheritdoc/>
    public ValueTask<string> SetIfAbsentAsync(string name, string value, CancellationToken cancellationToken) => new(_properties.GetOrAdd(name, value));
}
