using AccountGrains.Storage.Conformance.Emulator;
using Azure;
using Azure.Data.Tables;
using Orleans.Clustering.AzureStorage;
using Orleans.Storage;
using static AccountGrains.Storage.Azure.Tests.Clustering.MembershipHost;

namespace AccountGrains.Storage.Azure.Tests.Clustering;

/// <summary>Readings that take several pages, while others change the table. The cases are those of Orleans' own <c>AzureMembershipPaginationTests</c>.</summary>
public sealed class MembershipPaginationTests(Azurite azurite)
{
    private const int Silos = 5;
    private const int RowsOfAll = Silos + 3;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OnePageRead_UsesOneQuery()
    {
        var (pages, host, _) = await StartAsync(100);

        Assert.Equal(Silos, (await host.Table.ReadAllAsync(Stop)).Members.Count);
        Assert.Equal(1, pages.Pages);
    }

    [Fact]
    public async Task StableMultiPageRead_ReadsOnce()
    {
        var (pages, host, _) = await StartAsync(2);

        var data = await host.Table.ReadAllAsync(Stop);

        Assert.Equal((Silos, Silos), (data.Members.Count, data.Version.Version));
        Assert.InRange(pages.Pages, RowsOfAll / 2, (RowsOfAll / 2) + 1);
    }

    [Fact]
    public async Task TornRead_IsReadAgain()
    {
        var (pages, host, writer) = await StartAsync(2);
        pages.AfterPage = page => page == 2 ? InsertAsync(writer) : Task.CompletedTask;

        var data = await host.Table.ReadAllAsync(Stop);

        Assert.Equal((Silos + 1, Silos + 1), (data.Members.Count, data.Version.Version));
        Assert.True(pages.Pages > RowsOfAll / 2 * 2, $"{pages.Pages} pages");
    }

    [Fact]
    public async Task ChurnWithoutEnd_GivesUp()
    {
        var (pages, host, writer) = await StartAsync(2);
        pages.AfterPage = _ => InsertAsync(writer);

        await Assert.ThrowsAsync<InconsistentStateException>(() => host.Table.ReadAllAsync(Stop));
    }

    [Fact]
    public async Task VersionAheadOfBothBoundaries_WhichAnOlderSiloLeaves_IsAccepted()
    {
        var (_, host, writer) = await StartAsync(2);
        await writer.Client.UpdateEntityAsync(VersionRows.Write(writer.ClusterId, Silos + 3), ETag.All, TableUpdateMode.Replace, Stop);

        var data = await host.Table.ReadAllAsync(Stop);

        Assert.Equal((Silos, Silos + 3), (data.Members.Count, data.Version.Version));
    }

    [Fact]
    public async Task MissingBoundaries_WhichAnOlderSiloLeaves_AreAccepted()
    {
        var (_, host, writer) = await StartAsync(2);
        foreach (var key in (string[])[VersionRows.Start, VersionRows.End]) await writer.Client.DeleteEntityAsync(writer.ClusterId, key, cancellationToken: Stop);

        Assert.Equal(Silos, (await host.Table.ReadAllAsync(Stop)).Members.Count);
    }

    [Theory]
    [InlineData(5, 5, 5, true)]
    [InlineData(5, 7, 5, true)]
    [InlineData(5, 7, 6, true)]
    [InlineData(5, 5, 6, false)]
    [InlineData(6, 5, 5, false)]
    [InlineData(5, 6, 6, false)]
    [InlineData(6, 5, 6, false)]
    [InlineData(-1, 5, -1, true)]
    [InlineData(-1, 5, 5, false)]
    [InlineData(5, 5, -1, false)]
    [InlineData(5, -1, 5, false)]
    public void Rows_AreOfOneVersion_OrNot(int start, int version, int end, bool expected)
    {
        var rows = new[] { (VersionRows.Start, start), (VersionRows.Version, version), (VersionRows.End, end) }
            .Where(row => row.Item2 >= 0)
            .Select(row => new TableEntity("c", row.Item1) { ["MembershipVersion"] = $"{row.Item2}" });

        Assert.Equal(expected, VersionRows.AreOfOneVersion([.. rows]));
    }

    [Theory]
    [InlineData("10.0.0.5")]
    [InlineData("255.255.255.255")]
    [InlineData("::1")]
    [InlineData("fe80::1")]
    public void Boundaries_SortBeforeAndAfterAllSilos(string address)
    {
        var key = SiloRow.KeyOf(Entry(address: address).SiloAddress);

        Assert.True(string.CompareOrdinal(VersionRows.Start, key) < 0 && string.CompareOrdinal(key, VersionRows.End) < 0);
        Assert.True(string.CompareOrdinal(VersionRows.Start, VersionRows.Version) < 0 && string.CompareOrdinal(VersionRows.Version, VersionRows.End) < 0);
    }

    private static async Task InsertAsync(MembershipHost writer) =>
        Assert.True(await writer.Table.InsertRowAsync(Entry(), (await writer.Table.ReadAllAsync(Stop)).Version.Next(), Stop));

    /// <summary>A cluster of five silos, seen in pages, and by one who writes meanwhile.</summary>
    private async Task<(SmallPages Pages, MembershipHost Reader, MembershipHost Writer)> StartAsync(int size)
    {
        var writer = await MembershipHost.StartAsync(azurite.ConnectionString);
        for (var i = 0; i < Silos; i++) await InsertAsync(writer);
        var pages = new SmallPages(size);
        var reader = new MembershipHost(azurite.ConnectionString, pages, writer.ClusterId);
        await reader.Table.InitializeMembershipTableAsync(false, Stop);
        return (pages, reader, writer);
    }
}
