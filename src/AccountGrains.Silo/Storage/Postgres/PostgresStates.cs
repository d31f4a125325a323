using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Storage;

namespace AccountGrains.Silo.Storage.Postgres;

/// <summary>Orleans' own grain storage for relational databases, over the databases of the store.</summary>
internal static class PostgresStates
{
    /// <summary>The name under which Orleans knows the driver.</summary>
    public const string Invariant = "Npgsql";

    /// <summary>Makes the grain storage.</summary>
    public static IGrainStorage Create(IServiceProvider services, string name) => ShardedGrainStorage.Of(services, name, AdoNetGrainStorageFactory.Create);

    /// <summary>Sets the options of one database's grain storage.</summary>
    internal sealed class Setup(IOptions<StorageOptions> options, IServiceProvider services) : IConfigureNamedOptions<AdoNetGrainStorageOptions>
    {
        /// <inheritdoc/>
        public void Configure(string? name, AdoNetGrainStorageOptions database)
        {
            if (!ShardedGrainStorage.TryParse(name, out var storage, out var shard)) return;
            database.Invariant = Invariant;
            database.ConnectionString = options.Value.Storage.ConnectionStrings[shard];
            database.GrainStorageSerializer = services.GetRequiredKeyedService<IGrainStorageSerializer>(storage);
            database.DeleteStateOnClear = options.Value.Storage.DeleteStateOnClear;
        }

        /// <inheritdoc/>
        public void Configure(AdoNetGrainStorageOptions database) => Configure(Options.DefaultName, database);
    }
}
