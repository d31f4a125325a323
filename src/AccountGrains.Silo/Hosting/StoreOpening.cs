using System.Data.Common;
using AccountGrains.Silo.Storage;
using AccountGrains.Silo.Storage.Postgres;
using Azure;
using Azure.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Npgsql;
using SQLitePCL;
using StackExchange.Redis;

namespace AccountGrains.Silo.Hosting;

/// <summary>Opens the store and the place where silos find each other, before anything starts.</summary>
internal static class StoreOpening
{
    private const string Restore = $"The file is damaged, or was never a store: put one back that was saved, or set {StorageOptions.Section}:DataDirectory to another directory.";
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    /// <summary>Opens both; what cannot be opened refuses the start.</summary>
    public static async Task RunAsync(IServiceProvider services)
    {
        var storage = services.GetRequiredService<IOptions<StorageOptions>>().Value;
        var store = services.GetRequiredService<IStore>();
        var mend = storage.IsEmbedded ? $"Set {StorageOptions.Section}:DataDirectory to a directory that can be written." : $"Check {StorageOptions.Section}:Storage:ConnectionStrings, and that it runs.";
        await OpenAsync(store.OpenAsync, $"The store {store.Where} cannot be opened", mend).ConfigureAwait(false);
        Take(services.GetRequiredService<DataDirectoryLock>(), store.Where);

        var cluster = services.GetRequiredService<IOptions<TrackerOptions>>().Value.Cluster;
        if (cluster.Provider != ClusterProvider.Postgres) return;
        await OpenAsync(stop => PrepareAsync(ClusterRules.ConnectionOf(cluster, storage)!, stop), "The cluster's database cannot be opened", $"Check {ClusterOptions.Section}:ConnectionString, and that it runs.")
            .ConfigureAwait(false);
    }

    private static void Take(DataDirectoryLock directory, string where)
    {
        try
        {
            directory.Take();
        }
        catch (IOException e)
        {
            throw new StartRefusedException($"Another silo keeps its state in {where}. Stop it, or set {StorageOptions.Section}:DataDirectory to another directory.", e);
        }
    }

    private static async Task PrepareAsync(string connection, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await PostgresStore.EnsureSchemaAsync(source, cancellationToken).ConfigureAwait(false);
    }

    private static async Task OpenAsync(Func<CancellationToken, Task> open, string failure, string mend)
    {
        using var limit = new CancellationTokenSource(Longest);
        try
        {
            await open(limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DbException or RedisException or RequestFailedException or AuthenticationFailedException or TimeoutException or OperationCanceledException)
        {
            throw new StartRefusedException($"{failure}: {FirstLine(e).TrimEnd('.')}. {(e is SqliteException { SqliteErrorCode: raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB } ? Restore : mend)}", e);
        }
    }

    /// <summary>The Azure SDK writes whole answers into its messages.</summary>
    private static string FirstLine(Exception exception) => exception.Message.Split('\n')[0].Trim();
}
