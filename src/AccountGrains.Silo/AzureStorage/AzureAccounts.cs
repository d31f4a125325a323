using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;

namespace AccountGrains.Silo.AzureStorage;

/// <summary>
/// The storage accounts of a store, in their order: each by a connection string, or by the address of its table or blob service, as whom the environment says.
/// What belongs to the whole store is in the first; what belongs to a grain is in the one that its id's hash names.
/// </summary>
internal sealed class AzureAccounts
{
    /// <summary>How often the SDK tries a call again, where the caller does not try by itself.</summary>
    public const int Tries = 3;

    private static readonly TimeSpan NetworkTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly IReadOnlyList<string> _connections;
    private readonly Lazy<TokenCredential> _identity;

    /// <summary>Takes the accounts; nothing is connected yet.</summary>
    public AzureAccounts(IReadOnlyList<string> connections, TokenCredential? identity = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(connections.Count);
        _connections = connections;
        _identity = new(() => identity ?? new DefaultAzureCredential());
    }

    /// <summary>How many there are.</summary>
    public int Count => _connections.Count;

    /// <summary>The place of the account that holds a grain's states.</summary>
    public int ShardOf(GrainId grain) => (int)(grain.GetUniformHashCode() % (uint)_connections.Count);

    /// <summary>A client of an account's tables.</summary>
    public TableServiceClient Tables(int shard, int tries = Tries)
    {
        var options = Tuned(new TableClientOptions(), tries);
        if (AddressOf(shard, ".table.") is not { } address) return new TableServiceClient(_connections[shard], options);
        return IsSigned(address) ? new TableServiceClient(address, options) : new TableServiceClient(address, _identity.Value, options);
    }

    /// <summary>A client of an account's blobs.</summary>
    public BlobServiceClient Blobs(int shard, int tries = Tries)
    {
        var options = Tuned(new BlobClientOptions(), tries);
        if (AddressOf(shard, ".blob.") is not { } address) return new BlobServiceClient(_connections[shard], options);
        return IsSigned(address) ? new BlobServiceClient(address, options) : new BlobServiceClient(address, _identity.Value, options);
    }

    private static TOptions Tuned<TOptions>(TOptions options, int tries)
        where TOptions : ClientOptions
    {
        options.Retry.MaxRetries = tries;
        options.Retry.Delay = FirstPause;
        options.Retry.MaxDelay = LongestPause;
        options.Retry.NetworkTimeout = NetworkTimeout;
        return options;
    }

    private static bool IsSigned(Uri address) => address.Query.Contains("sig=", StringComparison.Ordinal);

    /// <summary>An account's address for a service, which may be given as that of the other service; null for a connection string.</summary>
    private Uri? AddressOf(int shard, string service)
    {
        if (!Uri.TryCreate(_connections[shard], UriKind.Absolute, out var address)) return null;
        if (address.Host.Contains(service, StringComparison.OrdinalIgnoreCase)) return address;
        var other = service == ".table." ? ".blob." : ".table.";
        return new UriBuilder(address) { Host = address.Host.Replace(other, service, StringComparison.OrdinalIgnoreCase) }.Uri;
    }
}
