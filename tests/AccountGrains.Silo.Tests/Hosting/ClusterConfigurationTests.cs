using AccountGrains.Silo.Hosting;
using AccountGrains.Silo.Tests.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

namespace AccountGrains.Silo.Tests.Hosting;

/// <summary>Settings that do not go together stop the start, and the message names the key.</summary>
public sealed class ClusterConfigurationTests
{
    private const string Redis = "Storage:Provider=Redis Storage:ConnectionStrings:0=127.0.0.1:1 ";
    private const string Postgres = "Storage:Provider=Postgres Storage:ConnectionStrings:0=Host=127.0.0.1;Port=1 ";

    [Theory]
    [InlineData("Cluster:Provider=Consul", "AccountGrains:Cluster:Provider")]
    [InlineData("Cluster:Provider=7", "AccountGrains:Cluster:Provider must be Localhost, AzureTable, Redis or Postgres")]
    [InlineData("Cluster:Provider=Redis Storage:Provider=Memory", "AccountGrains:Storage:Provider is Memory, which one silo alone can use")]
    [InlineData("Cluster:Provider=Postgres Storage:Provider=Sqlite", "AccountGrains:Storage:Provider is Sqlite, which one silo alone can use")]
    [InlineData(Redis + "Cluster:Provider=Redis Keys:Current=", "AccountGrains:Keys:Current must be set")]
    [InlineData(Redis + "Cluster:Provider=Postgres", "AccountGrains:Cluster:ConnectionString must be set")]
    [InlineData(Redis + "Cluster:Provider=Postgres Cluster:ConnectionString=nonsense", "AccountGrains:Cluster:ConnectionString is no connection string of PostgreSQL")]
    [InlineData(Redis + "Cluster:ConnectionString=127.0.0.1:1", "AccountGrains:Cluster:ConnectionString is set")]
    [InlineData(Redis + "Storage:ConnectionStrings:1=127.0.0.1:1", "AccountGrains:Storage:ConnectionStrings:1 names a store that stands before")]
    [InlineData(Redis + "Storage:ConnectionStrings:1=", "AccountGrains:Storage:ConnectionStrings:1 is empty")]
    [InlineData("Storage:Provider=Redis Storage:ConnectionStrings:0=ssl=perhaps", "AccountGrains:Storage:ConnectionStrings:0 is no connection string of Redis")]
    [InlineData("Storage:Provider=Postgres Storage:ConnectionStrings:0=Server;secret", "AccountGrains:Storage:ConnectionStrings:0 is no connection string of PostgreSQL")]
    [InlineData("Storage:Provider=Postgres Storage:ConnectionStrings:0=Database=x", "AccountGrains:Storage:ConnectionStrings:0 names no server")]
    [InlineData("Storage:Provider=AzureTable Storage:ConnectionStrings:0=AccountKey=secret", "AccountGrains:Storage:ConnectionStrings:0 is no connection string of Azure Storage")]
    [InlineData("Storage:Provider=AzureBlob Storage:ConnectionStrings:0=https://", "AccountGrains:Storage:ConnectionStrings:0 is no connection string of Azure Storage")]
    [InlineData("Cluster:ServiceId=a/b", "AccountGrains:Cluster:ServiceId")]
    [InlineData(Redis + "Cluster:Provider=Redis Cluster:AdvertisedAddress=10.1.2.3", "AccountGrains:AllowRemote")]
    [InlineData(Redis + "Cluster:Provider=Redis Cluster:AdvertisedAddress=0.0.0.0 AllowRemote=true", "AccountGrains:Cluster:AdvertisedAddress")]
    [InlineData(Redis + "Cluster:Provider=Redis Cluster:AdvertisedAddress=192.0.2.99 AllowRemote=true", "AccountGrains:Cluster:AdvertisedAddress is 192.0.2.99, which is no address of this machine")]
    [InlineData(Redis + "Cluster:Provider=Redis Cluster:AdvertisedAddress=no-such-host.invalid", "AccountGrains:Cluster:AdvertisedAddress")]
    [InlineData("Cluster:SiloPort=5001 Cluster:GatewayPort=5001", "AccountGrains:Cluster:SiloPort")]
    [InlineData("Cluster:ProbeTimeout=0", "AccountGrains:Cluster:ProbeTimeout")]
    [InlineData("Cluster:RebalanceCycle=00:00:02", "AccountGrains:Cluster:RebalanceCycle")]
    [InlineData("Cluster:RebalanceLimit=0", "AccountGrains:Cluster:RebalanceLimit")]
    [InlineData("Storage:Azure:Retries=-1", "AccountGrains:Storage:Azure:Retries")]
    [InlineData("Storage:Azure:RetryPause=-00:00:01", "AccountGrains:Storage:Azure:RetryPause")]
    [InlineData("Storage:Azure:MaxRetryPause=00:10:01", "AccountGrains:Storage:Azure:MaxRetryPause")]
    [InlineData("Storage:Azure:TryTimeout=0", "AccountGrains:Storage:Azure:TryTimeout")]
    [InlineData("Storage:Azure:BreakerThroughput=1", "AccountGrains:Storage:Azure:BreakerThroughput")]
    [InlineData("Storage:Azure:BreakerPause=0", "AccountGrains:Storage:Azure:BreakerPause")]
    [InlineData("Silo:MaxEnqueuedRequests=1", "AccountGrains:Silo:MaxEnqueuedRequests")]
    [InlineData("Silo:FingerprintAge=00:00:10", "AccountGrains:Silo:FingerprintAge")]
    [InlineData("Silo:MemoryTargetPercent=90", "AccountGrains:Silo:MemoryTargetPercent")]
    [InlineData(Redis, "AccountGrains:Storage:ConnectionStrings")]
    [InlineData(Postgres, "AccountGrains:Storage:ConnectionStrings")]
    public async Task Start_WithSettingsThatDoNotGoTogether_IsRefusedWithTheKey(string settings, string named)
    {
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => BuildAsync(settings));

        var reason = StartFailure.Explain(refused);
        Assert.Contains(named, reason ?? refused.ToString(), StringComparison.Ordinal);
        Assert.NotNull(reason);
        Assert.DoesNotContain("secret", reason, StringComparison.Ordinal);
    }

    private static Task<WebApplication> BuildAsync(string settings) => SiloApplication.BuildAsync(
        ["--urls", "http://127.0.0.1:0"],
        builder => builder.Configuration.AddInMemoryCollection(HttpSilo.Settings([.. settings.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Pair)])));

    private static (string Key, string Value) Pair(string setting)
    {
        var at = setting.IndexOf('=', StringComparison.Ordinal);
        return (setting[..at], setting[(at + 1)..]);
    }
}
