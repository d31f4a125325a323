using AccountGrains.Storage.Conformance.Emulator;
using static AccountGrains.Storage.Azure.Tests.Clustering.MembershipHost;

namespace AccountGrains.Storage.Azure.Tests.Clustering;

/// <summary>What every membership table does. The names are those of Orleans' own <c>MembershipTableTestsBase</c>.</summary>
public sealed class MembershipTableTests(Azurite azurite)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAll_EmptyTable()
    {
        var host = await StartAsync(azurite.ConnectionString);

        var data = await host.Table.ReadAllAsync(Stop);

        Assert.Empty(data.Members);
        Assert.Equal(0, data.Version.Version);
        Assert.NotEmpty(data.Version.VersionEtag);
    }

    [Fact]
    public async Task InsertRow()
    {
        var host = await StartAsync(azurite.ConnectionString);
        var data = await host.Table.ReadAllAsync(Stop);

        Assert.True(await host.Table.InsertRowAsync(Entry(), data.Version.Next(), Stop));

        data = await host.Table.ReadAllAsync(Stop);
        Assert.Equal(1, data.Version.Version);
        Assert.Single(data.Members);
    }

    [Fact]
    public async Task ReadRow_Insert_Read()
    {
        var host = await StartAsync(azurite.ConnectionString);
        var entry = Entry();
        var first = (await host.Table.ReadAllAsync(Stop)).Version.Next();

        Assert.Empty((await host.Table.ReadRowAsync(entry.SiloAddress, Stop)).Members);
        Assert.True(await host.Table.InsertRowAsync(entry, first, Stop));
        Assert.False(await host.Table.InsertRowAsync(Entry(), first, Stop), "the version is stale");
        var next = (await host.Table.ReadRowAsync(entry.SiloAddress, Stop)).Version.Next();
        Assert.False(await host.Table.InsertRowAsync(entry, next, Stop), "the row is there");

        var read = await host.Table.ReadRowAsync(entry.SiloAddress, Stop);
        Assert.Equal(entry.ToFullString(), Assert.Single(read.Members).Item1.ToFullString());
        Assert.Equal(1, read.Version.Version);
    }

    [Fact]
    public async Task ReadAll_Insert_ReadAll()
    {
        var host = await StartAsync(azurite.ConnectionString);
        var entry = Entry(SiloStatus.Joining);
        entry.AddSuspector(Entry().SiloAddress, entry.StartTime);
        Assert.True(await host.Table.InsertRowAsync(entry, (await host.Table.ReadAllAsync(Stop)).Version.Next(), Stop));

        var read = Assert.Single((await host.Table.ReadAllAsync(Stop)).Members).Item1;

        Assert.Equal(entry.ToFullString(), read.ToFullString());
        Assert.Equal((entry.SiloName, entry.HostName, entry.RoleName, entry.ProxyPort), (read.SiloName, read.HostName, read.RoleName, read.ProxyPort));
        Assert.Equal((entry.StartTime, entry.IAmAliveTime), (read.StartTime, read.IAmAliveTime));
        Assert.Equal(entry.SuspectTimes, read.SuspectTimes);
    }

    [Fact]
    public async Task UpdateRow()
    {
        var host = await StartAsync(azurite.ConnectionString);
        for (var i = 1; i < 10; i++)
        {
            var entry = Entry();
            Assert.True(await host.Table.InsertRowAsync(entry, (await host.Table.ReadAllAsync(Stop)).Version.Next(), Stop));
            var before = await host.Table.ReadAllAsync(Stop);
            var etag = before.TryGet(entry.SiloAddress)!.Item2;
            entry.AddSuspector(Entry().SiloAddress, entry.StartTime);
            entry.AddSuspector(Entry(address: "fe80::1").SiloAddress, entry.StartTime.AddSeconds(1));
            entry.Status = SiloStatus.Dead;

            Assert.True(await host.Table.UpdateRowAsync(entry, etag, before.Version.Next(), Stop));
            var after = await host.Table.ReadAllAsync(Stop);
            Assert.False(await host.Table.UpdateRowAsync(entry, etag, after.Version.Next(), Stop), "the row's ETag is stale");
            Assert.False(await host.Table.UpdateRowAsync(entry, after.TryGet(entry.SiloAddress)!.Item2, before.Version.Next(), Stop), "the version is stale");

            Assert.Equal(2 * i, (await host.Table.ReadAllAsync(Stop)).Version.Version);
            Assert.Equal(entry.ToFullString(), after.TryGet(entry.SiloAddress)!.Item1.ToFullString());
        }
    }

    [Fact]
    public async Task UpdateRowInParallel()
    {
        const int Writers = 20;
        var host = await StartAsync(azurite.ConnectionString);
        var entry = Entry();
        var first = (await host.Table.ReadAllAsync(Stop)).Version.Next();

        var inserted = await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => host.Table.InsertRowAsync(entry, first, Stop)));
        await Task.WhenAll(Enumerable.Range(0, Writers - 1).Select(async _ =>
        {
            while (true)
            {
                var data = await host.Table.ReadAllAsync(Stop);
                var (silo, etag) = data.TryGet(entry.SiloAddress)!;
                if (await host.Table.UpdateRowAsync(silo, etag, data.Version.Next(), Stop)) return;
            }
        }));

        Assert.Single(inserted, done => done);
        var after = await host.Table.ReadAllAsync(Stop);
        Assert.Equal(Writers, after.Version.Version);
        Assert.Single(after.Members);
    }

    [Fact]
    public async Task UpdateIAmAlive()
    {
        var host = await StartAsync(azurite.ConnectionString);
        var entry = Entry();
        Assert.True(await host.Table.InsertRowAsync(entry, (await host.Table.ReadAllAsync(Stop)).Version.Next(), Stop));
        var before = (await host.Table.ReadAllAsync(Stop)).TryGet(entry.SiloAddress)!;

        await host.Table.UpdateIAmAliveAsync(new MembershipEntry { SiloAddress = entry.SiloAddress, IAmAliveTime = entry.IAmAliveTime.AddMinutes(1) }, Stop);

        var data = await host.Table.ReadAllAsync(Stop);
        var (after, etag) = data.TryGet(entry.SiloAddress)!;
        Assert.Equal(1, data.Version.Version);
        Assert.Equal(entry.IAmAliveTime.AddMinutes(1), after.IAmAliveTime);
        Assert.Equal((entry.Status, entry.SiloName), (after.Status, after.SiloName));
        Assert.NotEqual(before.Item2, etag);
    }

    [Fact]
    public async Task GetGateways()
    {
        var host = await StartAsync(azurite.ConnectionString);
        MembershipEntry[] entries = [Entry(), Entry(gateway: 0), Entry(SiloStatus.Joining), Entry(SiloStatus.Dead), Entry(address: "fe80::1")];
        foreach (var entry in entries) Assert.True(await host.Table.InsertRowAsync(entry, (await host.Table.ReadAllAsync(Stop)).Version.Next(), Stop));
        await host.Gateways.InitializeGatewayListProviderAsync(Stop);

        var gateways = await host.Gateways.GetGatewaysAsync(Stop);

        var expected = new[] { entries[0], entries[4] }.Select(e => SiloAddress.New(e.SiloAddress.Endpoint.Address, e.ProxyPort, e.SiloAddress.Generation).ToGatewayUri());
        Assert.Equal(expected.Select(uri => uri.ToString()).Order(StringComparer.Ordinal), gateways.Select(uri => uri.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task CleanupDefunctSiloEntries()
    {
        var host = await StartAsync(azurite.ConnectionString);
        MembershipEntry[] entries = [Entry(), Entry(SiloStatus.Dead), Entry(SiloStatus.Joining)];
        foreach (var entry in entries) Assert.True(await host.Table.InsertRowAsync(entry, (await host.Table.ReadAllAsync(Stop)).Version.Next(), Stop));
        var newest = (await host.RowsAsync()).Values.Max(row => row.Timestamp!.Value);

        await host.Table.CleanupDefunctSiloEntriesAsync(newest.AddHours(-1), Stop);
        Assert.Equal(3, (await host.Table.ReadAllAsync(Stop)).Members.Count);
        await host.Table.CleanupDefunctSiloEntriesAsync(newest.AddHours(1), Stop);

        var data = await host.Table.ReadAllAsync(Stop);
        Assert.Equal(entries[0].SiloAddress, Assert.Single(data.Members).Item1.SiloAddress);
        Assert.Equal(3, data.Version.Version);
    }

    [Fact]
    public async Task DeleteMembershipTableEntries()
    {
        var host = await StartAsync(azurite.ConnectionString);
        var other = await StartAsync(azurite.ConnectionString);
        for (var i = 0; i < 3; i++) Assert.True(await host.Table.InsertRowAsync(Entry(), (await host.Table.ReadAllAsync(Stop)).Version.Next(), Stop));

        await host.Table.DeleteMembershipTableEntriesAsync(host.ClusterId, Stop);

        Assert.Empty(await host.RowsAsync());
        Assert.Equal(3, (await other.RowsAsync()).Count);
        await Assert.ThrowsAsync<KeyNotFoundException>(() => host.Table.ReadAllAsync(Stop));
    }

    [Fact]
    public async Task Initialize_TwiceAtOnce_MakesOneVersion()
    {
        var host = new MembershipHost(azurite.ConnectionString);
        var second = new MembershipHost(azurite.ConnectionString, clusterId: host.ClusterId);

        await Task.WhenAll(host.Table.InitializeMembershipTableAsync(true, Stop), second.Table.InitializeMembershipTableAsync(true, Stop));

        Assert.Equal(0, (await host.Table.ReadAllAsync(Stop)).Version.Version);
        Assert.Equal(3, (await host.RowsAsync()).Count);
    }
}
