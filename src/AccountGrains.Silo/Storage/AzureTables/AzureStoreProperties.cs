using Azure;
using Azure.Data.Tables;

namespace AccountGrains.Silo.Storage.AzureTables;

/// <summary>The properties in a table: a row each.</summary>
internal sealed class AzureStoreProperties(TableClient table, string service) : IStoreProperties
{
    private const string Value = "Value";

    /// <inheritdoc/>
    public async ValueTask<string?> GetAsync(string name, CancellationToken cancellationToken)
    {
        var found = await table.GetEntityIfExistsAsync<TableEntity>(service, name, cancellationToken: cancellationToken).ConfigureAwait(false);
        return found.HasValue ? found.Value!.GetString(Value) : null;
    }

    /// <inheritdoc/>
    public async ValueTask<string> SetIfAbsentAsync(string name, string value, CancellationToken cancellationToken)
    {
        if (await GetAsync(name, cancellationToken).ConfigureAwait(false) is { } earlier) return earlier;
        try
        {
            await table.AddEntityAsync(new TableEntity(service, name) { [Value] = value }, cancellationToken).ConfigureAwait(false);
            return value;
        }
        catch (RequestFailedException e) when (e.Status == StatusCodes.Status409Conflict)
        {
            return (await GetAsync(name, cancellationToken).ConfigureAwait(false))!;
        }
    }
}
