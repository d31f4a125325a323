using AccountGrains.Silo.AzureStorage;
using Npgsql;
using StackExchange.Redis;

namespace AccountGrains.Silo.Storage;

/// <summary>What connection strings say, without repeating the secrets in them.</summary>
internal static class ConnectionText
{
    /// <summary>What is wrong with a connection string of a provider, as the rest of a sentence; null for nothing.</summary>
    public static string? Check(StorageProvider kind, string text) => kind switch
    {
        StorageProvider.Redis => CheckRedis(text),
        StorageProvider.Postgres => CheckPostgres(text),
        StorageProvider.AzureTable or StorageProvider.AzureBlob => CheckAzure(text),
        _ => null,
    };

    /// <summary>The server that a connection string names.</summary>
    public static string ServerOf(StorageProvider kind, string text) => kind switch
    {
        StorageProvider.Redis => string.Join(',', ConfigurationOptions.Parse(text).EndPoints.Select(e => e.ToString())),
        StorageProvider.Postgres => new NpgsqlConnectionStringBuilder(text) is var parts ? $"{parts.Host}:{parts.Port}/{parts.Database}" : "",
        _ => "",
    };

    private static string? CheckAzure(string text)
    {
        try
        {
            // Neither connects.
            var accounts = new AzureAccounts([text]);
            return accounts.Tables(0).AccountName.Length > 0 && accounts.Blobs(0).AccountName.Length > 0 ? null : "names no storage account.";
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidOperationException)
        {
            return "is no connection string of Azure Storage, nor the address of an account's table or blob service.";
        }
    }

    private static string? CheckRedis(string text)
    {
        try
        {
            return ConfigurationOptions.Parse(text).EndPoints.Count > 0 ? null : "names no server; it should be host:port and options.";
        }
        catch (ArgumentException)
        {
            return "is no connection string of Redis; it should be host:port and options.";
        }
    }

    private static string? CheckPostgres(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 } ? null : "names no server; it should be Host=…;Database=…;Username=….";
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException)
        {
            return "is no connection string of PostgreSQL; it should be Host=…;Database=…;Username=….";
        }
    }
}
