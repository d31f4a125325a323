using System.Net;
using AccountGrains.Silo.Storage;
using Microsoft.Extensions.Options;

namespace AccountGrains.Silo.Hosting;

/// <summary>What settings of the cluster, the store and the keys mean for each other.</summary>
internal sealed class ClusterRules(IOptions<StorageOptions> storage) : IValidateOptions<TrackerOptions>
{
    private const string Provider = $"{ClusterOptions.Section}:Provider";
    private const string Store = $"{StorageOptions.Section}:Storage:Provider";

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, TrackerOptions options)
    {
        string?[] wrong = [Endpoint(options), Alone(options), Shared(options), Memory(options.Silo)];
        var failures = wrong.OfType<string>().ToArray();
        return failures.Length > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;
    }

    /// <summary>Where silos find each other: configured, or the store's first server where that is of the same kind.</summary>
    public static string? ConnectionOf(ClusterOptions cluster, StorageOptions storage)
    {
        if (!string.IsNullOrWhiteSpace(cluster.ConnectionString)) return cluster.ConnectionString;
        var same = cluster.Provider == ClusterProvider.AzureTable ? storage.Kind is StorageProvider.AzureTable or StorageProvider.AzureBlob : storage.Kind == KindOf(cluster.Provider);
        return same && storage.Storage.ConnectionStrings.Count > 0 ? storage.Storage.ConnectionStrings[0] : null;
    }

    private static string? Endpoint(TrackerOptions options)
    {
        if (options.Cluster.SiloPort == options.Cluster.GatewayPort) return $"{ClusterOptions.Section}:SiloPort and {ClusterOptions.Section}:GatewayPort must differ.";
        if (options.Cluster.AdvertisedAddress.Length == 0) return null;
        if (SiloAddresses.TryResolve(options.Cluster.AdvertisedAddress) is not { } address) return $"{ClusterOptions.Section}:AdvertisedAddress must be an address or a host name that can be resolved.";
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)) return $"{ClusterOptions.Section}:AdvertisedAddress must be an address at which others reach this silo; {address} is none.";
        if (!IPAddress.IsLoopback(address) && !options.AllowRemote)
        {
            return $"{ClusterOptions.Section}:AdvertisedAddress is reached from other machines, and whoever reaches a silo can call all of it: set {TrackerOptions.Section}:AllowRemote to true only where nobody else can.";
        }

        return null;
    }

    private static string? Alone(TrackerOptions options) =>
        options.Cluster.Provider == ClusterProvider.Localhost && !string.IsNullOrWhiteSpace(options.Cluster.ConnectionString)
            ? $"{ClusterOptions.Section}:ConnectionString is set, and {Provider} is Localhost, which connects to nothing: leave one of them out."
            : null;

    private string? Shared(TrackerOptions options)
    {
        var cluster = options.Cluster;
        if (cluster.Provider == ClusterProvider.Localhost) return null;
        if (storage.Value.IsEmbedded)
        {
            return $"{Store} is {storage.Value.Kind}, which one silo alone can use, and {Provider} is {cluster.Provider}: keep the states in AzureTable, AzureBlob, Redis or Postgres.";
        }

        if (string.IsNullOrEmpty(options.Keys.Current)) return $"{TrackerOptions.Section}:Keys:Current must be set, the same for all silos: {Provider} is {cluster.Provider}.";
        if (ConnectionOf(cluster, storage.Value) is not { } connection) return $"{ClusterOptions.Section}:ConnectionString must be set: {Provider} is {cluster.Provider}.";
        return ConnectionText.Check(KindOf(cluster.Provider), connection) is { } wrong ? $"{ClusterOptions.Section}:ConnectionString {wrong}" : null;
    }

    private static string? Memory(SiloLimits silo) => silo.MemoryTargetPercent >= silo.MemoryLimitPercent
        ? $"{TrackerOptions.Section}:Silo:MemoryTargetPercent must be below {TrackerOptions.Section}:Silo:MemoryLimitPercent."
        : null;

    private static StorageProvider KindOf(ClusterProvider provider) => provider switch
    {
        ClusterProvider.Redis => StorageProvider.Redis,
        ClusterProvider.Postgres => StorageProvider.Postgres,
        _ => StorageProvider.AzureTable,
    };
}
