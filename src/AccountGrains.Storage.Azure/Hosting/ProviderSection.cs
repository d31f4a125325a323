using Azure.Data.Tables;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Persistence.AzureStorage;

namespace Orleans.Hosting;

/// <summary>The section of a provider in Orleans' own configuration.</summary>
internal static class ProviderSection
{
    /// <summary>Names the table and its account: by a client that is registered, a named connection, a connection string, or an address.</summary>
    public static void ApplyTo(this IConfigurationSection section, AzureStorageOperationOptions options, IServiceProvider services)
    {
        if (section["TableName"] is { Length: > 0 } table) options.TableName = table;
        if (section["ServiceKey"] is { Length: > 0 } key)
        {
            options.TableServiceClient = services.GetRequiredKeyedService<TableServiceClient>(key);
            return;
        }

        if (section.Connection(services) is not { } connection) return;
        if (Uri.TryCreate(connection, UriKind.Absolute, out var address)) options.ConfigureTableServiceClient(address);
        else options.ConfigureTableServiceClient(connection);
    }

    /// <summary>The connection string or address that a section gives, or that it names; null when it does neither.</summary>
    public static string? Connection(this IConfigurationSection section, IServiceProvider services)
    {
        if (section["ConnectionString"] is { Length: > 0 } connection) return connection;
        if (section["ConnectionName"] is not { Length: > 0 } name) return null;
        return services.GetRequiredService<IConfiguration>().GetConnectionString(name) is { Length: > 0 } named ? named : null;
    }
}
