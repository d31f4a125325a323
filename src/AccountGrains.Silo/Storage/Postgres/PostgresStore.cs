using System.Reflection;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;

namespace AccountGrains.Silo.Storage.Postgres;

/// <summary>One or several PostgreSQL databases. Tables and queries, those of Orleans' own providers included, are made at the first start.</summary>
internal sealed class PostgresStore(IOptions<StorageOptions> options, IOptions<ClusterOptions> cluster) : IStore, IAsyncDisposable, IDisposable
{
    private readonly NpgsqlDataSource[] _sources = [.. options.Value.Storage.ConnectionStrings.Select(NpgsqlDataSource.Create)];

    /// <inheritdoc/>
    public string Where => $"PostgreSQL {string.Join(' ', options.Value.Storage.ConnectionStrings.Select(c => ConnectionText.ServerOf(StorageProvider.Postgres, c)))}";

    /// <summary>The service whose rows these are.</summary>
    public string Service => cluster.Value.ServiceId;

    /// <summary>The database of everything that is not shared out.</summary>
    public NpgsqlDataSource First => _sources[0];

    /// <summary>All databases.</summary>
    public IReadOnlyList<NpgsqlDataSource> Sources => _sources;

    /// <summary>Makes what is missing in a database. Silos that start at the same time do it one after the other.</summary>
    public static async Task EnsureSchemaAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(typeof(PostgresStore), "Schema.sql")!;
        using var reader = new StreamReader(stream);
        await using var command = source.CreateCommand(await reader.ReadToEndAsync(cancellationToken).ConfigureAwait(false));
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        foreach (var source in _sources) await EnsureSchemaAsync(source, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public IStoreProperties PropertiesOf(int shard) => new PostgresStoreProperties(_sources[shard], Service);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources) await source.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>For containers that are not disposed asynchronously.</summary>
    public void Dispose()
    {
        foreach (var source in _sources) source.Dispose();
    }
}
