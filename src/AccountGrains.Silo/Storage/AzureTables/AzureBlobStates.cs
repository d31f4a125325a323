using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Orleans.Configuration;

namespace AccountGrains.Silo.Storage.AzureTables;

/// <summary>States in blobs, <c>STATE-TYPE/KEY.json</c> each. A campaign's pages stay as long as its head, which is written after each of them.</summary>
internal sealed class AzureBlobStates(AzureStore store) : IAzureStates
{
    private const string Head = "campaign-campaign/";
    private const string PageOfCampaign = "-campaign/";

    /// <inheritdoc/>
    public async ValueTask<long> ForgetAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var forgotten = 0L;
        for (var shard = 0; shard < store.Accounts.Count; shard++)
        {
            var container = store.Accounts.Blobs(shard).GetBlobContainerClient(new AzureBlobStorageOptions().ContainerName);
            await foreach (var blob in container.GetBlobsAsync(cancellationToken: cancellationToken).ConfigureAwait(false))
            {
                if (blob.Properties.LastModified < before && await IsDueAsync(container, blob.Name, before, cancellationToken).ConfigureAwait(false))
                {
                    forgotten += await DeleteAsync(container, blob, cancellationToken).ConfigureAwait(false);
                }
            }
        }

        return forgotten;
    }

    private static async ValueTask<bool> IsDueAsync(BlobContainerClient container, string name, DateTimeOffset before, CancellationToken cancellationToken)
    {
        if (!Forgetting.Types.Any(t => name.AsSpan(0, Math.Max(name.IndexOf('/', StringComparison.Ordinal), 0)).EndsWith($"-{t}", StringComparison.Ordinal))) return false;
        var key = name.IndexOf(PageOfCampaign, StringComparison.Ordinal);
        if (key < 0 || name.StartsWith(Head, StringComparison.Ordinal)) return true;
        try
        {
            var head = await container.GetBlobClient(string.Concat(Head, name.AsSpan(key + PageOfCampaign.Length))).GetPropertiesAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            return head.Value.LastModified < before;
        }
        catch (RequestFailedException e) when (e.Status == StatusCodes.Status404NotFound)
        {
            return true;
        }
    }

    private static async Task<int> DeleteAsync(BlobContainerClient container, BlobItem blob, CancellationToken cancellationToken)
    {
        try
        {
            var unchanged = new BlobRequestConditions { IfMatch = blob.Properties.ETag };
            return await container.DeleteBlobIfExistsAsync(blob.Name, DeleteSnapshotsOption.IncludeSnapshots, unchanged, cancellationToken).ConfigureAwait(false) ? 1 : 0;
        }
        catch (RequestFailedException e) when (e.Status == StatusCodes.Status412PreconditionFailed)
        {
            return 0;
        }
    }
}
