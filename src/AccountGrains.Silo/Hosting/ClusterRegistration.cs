using System.Net;
using AccountGrains.Silo.AzureStorage;
using AccountGrains.Silo.Storage;
using AccountGrains.Silo.Storage.Postgres;
using AccountGrains.Silo.Storage.Redis;
using Orleans.Clustering.AzureStorage;
using Orleans.Configuration;

namespace AccountGrains.Silo.Hosting;

/// <summary>Puts a silo into its cluster.</summary>
internal static class ClusterRegistration
{
    /// <summary>
    /// Puts the silo into the cluster that section <c>AccountGrains:Cluster</c> names. What is wrong there is found by the options' validation, before
    /// the silo starts.
    /// </summary>
    public static ISiloBuilder UseTrackerCluster(this ISiloBuilder silo, IConfiguration configuration)
    {
        var cluster = configuration.GetSection(ClusterOptions.Section).Get<ClusterOptions>() ?? new ClusterOptions();
        var storage = configuration.GetSection(StorageOptions.Section).Get<StorageOptions>() ?? new StorageOptions();
        var connection = ClusterRules.ConnectionOf(cluster, storage);
        if (cluster.Provider == ClusterProvider.Localhost || connection is null)
        {
            return silo.UseLocalhostClustering(cluster.SiloPort, cluster.GatewayPort, serviceId: cluster.ServiceId, clusterId: cluster.ClusterId);
        }

        silo.Configure<Orleans.Configuration.ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (cluster.ClusterId, cluster.ServiceId));
        silo.ConfigureEndpoints(SiloAddresses.TryResolve(cluster.AdvertisedAddress) ?? IPAddress.Loopback, cluster.SiloPort, cluster.GatewayPort);
        silo.UseMembership(cluster.Provider, connection);
        return silo.UseTrackerDirectory(cluster);
    }

    /// <summary>Where the grains are, who counts as dead, and who moves where.</summary>
    internal static ISiloBuilder UseTrackerDirectory(this ISiloBuilder silo, ClusterOptions cluster)
    {
        silo.Configure<ClusterMembershipOptions>(o =>
        {
            o.ProbeTimeout = cluster.ProbeTimeout;
            o.NumMissedProbesLimit = cluster.MissedProbes;
            o.NumVotesForDeathDeclaration = cluster.DeathVotes;
        });
        silo.Configure<GrainDirectoryOptions>(o => o.RangeLeaseDuration = cluster.DirectoryLease);
#pragma warning disable ORLEANSEXP003 // The directory is marked experimental; without it silos that leave lose states. It can be switched off.
        if (cluster.DistributedDirectory) silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
        return cluster.Rebalance ? silo.AddRebalancing(cluster) : silo;
    }

    private static void UseMembership(this ISiloBuilder silo, ClusterProvider provider, string connection)
    {
        switch (provider)
        {
            case ClusterProvider.AzureTable:
                silo.UseAzureStorageClustering((AzureStorageClusteringOptions o) => o.TableServiceClient = new AzureAccounts([connection]).Tables(0, AzureStorageRegistration.Tries));
                break;
            case ClusterProvider.Redis:
                silo.UseRedisClustering(o => o.ConfigurationOptions = RedisStore.Settings(connection));
                break;
            case ClusterProvider.Postgres:
                silo.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = (PostgresStates.Invariant, connection));
                break;
        }
    }
}
