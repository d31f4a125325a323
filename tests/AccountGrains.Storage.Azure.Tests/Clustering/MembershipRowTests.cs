using AccountGrains.Storage.Conformance.Emulator;
using Azure;
using Azure.Data.Tables;
using static AccountGrains.Storage.Azure.Tests.Clustering.MembershipHost;

namespace AccountGrains.Storage.Azure.Tests.Clustering;

/// <summary>Rows as the official provider has them, column by column.</summary>
public sealed class MembershipRowTests(Azurite azurite)
{
    private static readonly string[] ServiceColumns = ["PartitionKey", "RowKey", "Timestamp", "odata.etag"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NewCluster_HasThreeRows()
    {
        var host = await StartAsync(azurite.ConnectionString);

        var rows = await host.RowsAsync();

        Assert.Equal(["!Start", "VersionRow", "~End"], rows.Keys.Order(StringComparer.Ordinal));
        Check(rows["VersionRow"], ("DeploymentId", host.ClusterId), ("MembershipVersion", "0"));
        Check(rows["!Start"], ("DeploymentId", host.ClusterId), ("Status", "Active"), ("MembershipVersion", "0"));
        Check(rows["~End"], ("DeploymentId", host.ClusterId), ("Status", "Active"), ("MembershipVersion", "0"));
    }

    [Fact]
    public async Task Silo_HasTheOfficialColumns()
    {
        var host = await StartAsync(azurite.ConnectionString);
        var entry = Golden();

        Assert.True(await host.Table.InsertRowAsync(entry, (await host.Table.ReadAllAsync(Stop)).Version.Next(), Stop));

        var rows = await host.RowsAsync();
        Check(
            rows["10.0.0.5-11111-123456789"],
            ("DeploymentId", host.ClusterId),
            ("Address", "10.0.0.5"),
            ("Port", "11111"),
            ("Generation", "123456789"),
            ("HostName", "host-5"),
            ("Status", "Active"),
            ("ProxyPort", "30000"),
            ("RoleName", "role"),
            ("SiloName", "silo-5"),
            ("InstanceName", "silo-5"),
            ("UpdateZone", "0"),
            ("FaultZone", "0"),
            ("SuspectingSilos", "10.0.0.6:11111@77|10.0.0.7:11111@78"),
            ("SuspectingTimes", "2026-01-02 03:04:05.678 GMT|2026-01-02 03:04:06.000 GMT"),
            ("StartTime", "2026-01-02 03:04:05.678 GMT"),
            ("IAmAliveTime", "2026-01-02 03:04:05.678 GMT"));
        foreach (var key in (string[])["!Start", "VersionRow", "~End"]) Assert.Equal("1", rows[key].GetString("MembershipVersion"));
    }

    [Fact]
    public async Task SiloWithoutSuspects_HasEmptyLists()
    {
        var host = await StartAsync(azurite.ConnectionString);
        var entry = Golden();
        entry.SuspectTimes = null!;

        Assert.True(await host.Table.InsertRowAsync(entry, (await host.Table.ReadAllAsync(Stop)).Version.Next(), Stop));

        var row = (await host.RowsAsync())["10.0.0.5-11111-123456789"];
        Assert.Equal(("", ""), (row.GetString("SuspectingSilos"), row.GetString("SuspectingTimes")));
        Assert.Empty(Assert.Single((await host.Table.ReadAllAsync(Stop)).Members).Item1.SuspectTimes!);
    }

    [Fact]
    public async Task RowsOfTheOfficialProvider_AreRead()
    {
        var host = await StartAsync(azurite.ConnectionString);
        await host.Client.AddEntityAsync(
            new TableEntity(host.ClusterId, "127.0.0.1-11111-154434310")
            {
                ["DeploymentId"] = host.ClusterId,
                ["Address"] = "127.0.0.1",
                ["Port"] = "11111",
                ["Generation"] = "154434310",
                ["HostName"] = "machine",
                ["Status"] = "Active",
                ["ProxyPort"] = "30000",
                ["RoleName"] = "app",
                ["SiloName"] = "Silo_1",
                ["InstanceName"] = "Silo_1",
                ["UpdateZone"] = "0",
                ["FaultZone"] = "0",
                ["SuspectingSilos"] = "",
                ["SuspectingTimes"] = "",
                ["StartTime"] = "2026-11-23 10:25:10.934 GMT",
                ["IAmAliveTime"] = "2026-11-23 10:25:10.934 GMT",
            },
            Stop);

        var silo = Assert.Single((await host.Table.ReadAllAsync(Stop)).Members).Item1;

        Assert.Equal("127.0.0.1:11111@154434310", silo.SiloAddress.ToParsableString());
        Assert.Equal((SiloStatus.Active, 30000, "Silo_1", "machine"), (silo.Status, silo.ProxyPort, silo.SiloName, silo.HostName));
        Assert.Equal(new DateTime(2026, 11, 23, 10, 25, 10, 934, DateTimeKind.Utc), silo.StartTime);
    }

    [Theory]
    [InlineData("Address", "not an address")]
    [InlineData("Generation", "x")]
    [InlineData("Status", "Dancing")]
    [InlineData("SuspectingTimes", "2026-01-02 03:04:05.678 GMT")]
    [InlineData("IAmAliveTime", "yesterday")]
    public async Task DamagedRow_IsPassedOver(string column, string text)
    {
        var host = await StartAsync(azurite.ConnectionString);
        var damaged = Golden();
        foreach (var entry in (MembershipEntry[])[damaged, Entry()]) Assert.True(await host.Table.InsertRowAsync(entry, (await host.Table.ReadAllAsync(Stop)).Version.Next(), Stop));
        await host.Client.UpdateEntityAsync(new TableEntity(host.ClusterId, "10.0.0.5-11111-123456789") { [column] = text }, ETag.All, TableUpdateMode.Merge, Stop);

        var members = (await host.Table.ReadAllAsync(Stop)).Members;

        Assert.NotEqual(damaged.SiloAddress, Assert.Single(members).Item1.SiloAddress);
    }

    private static MembershipEntry Golden()
    {
        var entry = Entry();
        entry.SiloAddress = SiloAddress.FromParsableString("10.0.0.5:11111@123456789");
        (entry.HostName, entry.SiloName) = ("host-5", "silo-5");
        entry.AddSuspector(SiloAddress.FromParsableString("10.0.0.6:11111@77"), entry.StartTime);
        entry.AddSuspector(SiloAddress.FromParsableString("10.0.0.7:11111@78"), entry.StartTime.AddMilliseconds(322));
        return entry;
    }

    private static void Check(TableEntity row, params (string Column, string Text)[] columns)
    {
        Assert.Equal(columns.Select(c => c.Column).Order(StringComparer.Ordinal), row.Keys.Except(ServiceColumns).Order(StringComparer.Ordinal));
        foreach (var (column, text) in columns) Assert.Equal(text, Assert.IsType<string>(row[column]));
    }
}
