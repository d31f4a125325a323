using AccountGrains.Storage.Conformance;
using AccountGrains.Storage.Conformance.Emulator;
using Azure.Data.Tables;
using Orleans.Configuration;

namespace AccountGrains.Storage.Azure.Tests.Storage;

/// <summary>Rows as the official provider has them, byte by byte.</summary>
public sealed class TableRowTests(Azurite azurite)
{
    private static readonly GrainId Golden = Sample.Grain("a1b2");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task State_HasTheOfficialKeysAndProperties()
    {
        await using var host = await StartAsync();
        var state = Sample.New();
        state.State.Bytes = Bytes(140);

        await host.Storage.WriteStateAsync("s", Golden, state, Stop);

        var row = await RowAsync(host);
        Assert.Equal(("svc_account_a1b2", "s"), (row.PartitionKey, row.RowKey));
        Assert.Equal(["Data"], Data(row));
        Assert.Equal(state.State.Bytes, Assert.IsType<byte[]>(row["Data"]));
        Assert.StartsWith("W/\"datetime'", state.ETag, StringComparison.Ordinal);
        Assert.Equal(row.ETag.ToString(), state.ETag);
    }

    [Fact]
    public async Task StateOf70000Bytes_HasTwoProperties()
    {
        await using var host = await StartAsync();
        var state = Sample.New();
        state.State.Bytes = Bytes(70_000);

        await host.Storage.WriteStateAsync("s", Golden, state, Stop);

        var row = await RowAsync(host);
        Assert.Equal(["Data", "Data1"], Data(row));
        Assert.Equal((65_536, 4_464), (row.GetBinary("Data").Length, row.GetBinary("Data1").Length));
        Assert.Equal(state.State.Bytes, row.GetBinary("Data").Concat(row.GetBinary("Data1")));
    }

    [Fact]
    public async Task TextOf40000Characters_HasTwoProperties()
    {
        await using var host = await StartAsync(options => options.UseStringFormat = true);
        var state = Sample.New(Text(40_000));

        await host.Storage.WriteStateAsync("s", Golden, state, Stop);

        var row = await RowAsync(host);
        Assert.Equal(["StringData", "StringData1"], Data(row));
        Assert.Equal((32_768, 7_232), (row.GetString("StringData").Length, row.GetString("StringData1").Length));
        Assert.Equal(state.State.Text, row.GetString("StringData") + row.GetString("StringData1"));
    }

    [Fact]
    public async Task ClearedState_LeavesARowWithoutData()
    {
        await using var host = await StartAsync();
        var state = Sample.New("x");
        await host.Storage.WriteStateAsync("s", Golden, state, Stop);

        await host.Storage.ClearStateAsync("s", Golden, state, Stop);

        var row = await RowAsync(host);
        Assert.Empty(Data(row));
        Assert.Equal(row.ETag.ToString(), state.ETag);
    }

    [Fact]
    public async Task ClearOfAStateThatNeverWas_LeavesARow_AsTheOfficialProviderDoes()
    {
        await using var host = await StartAsync();
        var state = Sample.New("x");

        await host.Storage.ClearStateAsync("s", Golden, state, Stop);

        Assert.Equal((await RowAsync(host)).ETag.ToString(), state.ETag);
    }

    [Fact]
    public async Task ClearWithoutAnETag_OfATableThatDeletes_SendsNothing()
    {
        await using var host = await StartAsync(options => options.DeleteStateOnClear = true);
        await host.Storage.WriteStateAsync("s", Golden, Sample.New("x"), Stop);

        await host.Storage.ClearStateAsync("s", Golden, Sample.New(), Stop);

        Assert.Equal("x", (await ReadAsync(host)).State.Text);
    }

    [Fact]
    public async Task Rows_OfEitherForm_AreReadWhateverTheOption()
    {
        await using var binary = await StartAsync();
        await using var text = await StartAsync(options => options.UseStringFormat = true, binary.Table.Name);
        var state = Sample.New(Text(70_000));

        await binary.Storage.WriteStateAsync("s", Golden, state, Stop);
        Assert.Equal(state.State.Text, (await ReadAsync(text)).State.Text);
        await text.Storage.WriteStateAsync("s", Golden, state, Stop);

        Assert.Equal(state.State.Text, (await ReadAsync(binary)).State.Text);
        Assert.All(Data(await RowAsync(binary)), name => Assert.StartsWith("StringData", name, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("binary before text", "ab", "Data=bin:ab", "StringData=text")]
    [InlineData("Base64 in a binary's name", "ab", "Data=YWI=")]
    [InlineData("a hole", "abcd", "Data=bin:ab", "Data2=bin:cd")]
    [InlineData("holes in text", "abcd", "StringData=ab", "StringData1=", "StringData3=cd")]
    [InlineData("an empty binary beside text", "text", "Data=bin:", "StringData=text")]
    public async Task Rows_ThatOthersWrote_AreRead(string what, string expected, params string[] properties)
    {
        await using var host = await StartAsync();
        var row = new TableEntity("svc_account_a1b2", "s");
        foreach (var property in properties)
        {
            var (name, value) = (property[..property.IndexOf('=', StringComparison.Ordinal)], property[(property.IndexOf('=', StringComparison.Ordinal) + 1)..]);
            row[name] = value.StartsWith("bin:", StringComparison.Ordinal) ? value[4..].Select(c => (byte)c).ToArray() : value;
        }

        await host.Table.AddEntityAsync(row, Stop);

        var state = await ReadAsync(host);
        Assert.True(state.RecordExists, what);
        Assert.Equal(expected, state.State.Text);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(131_071)]
    [InlineData(131_072)]
    [InlineData(131_073)]
    [InlineData(14 * 65_536)]
    [InlineData((14 * 65_536) + 1)]
    [InlineData(983_039)]
    [InlineData(983_040)]
    public async Task Bytes_AroundEveryBorder_ComeBack(int length)
    {
        await using var host = await StartAsync();
        var state = Sample.New();
        state.State.Bytes = Bytes(length);

        await host.Storage.WriteStateAsync("s", Golden, state, Stop);

        Assert.Equal(state.State.Bytes, (await ReadAsync(host)).State.Bytes);
        Assert.Equal((length + 65_535) / 65_536, Data(await RowAsync(host)).Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(32_767)]
    [InlineData(32_768)]
    [InlineData(32_769)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(491_519)]
    [InlineData(491_520)]
    public async Task Text_AroundEveryBorder_ComesBack(int length)
    {
        await using var host = await StartAsync(options => options.UseStringFormat = true);
        var state = Sample.New(Text(length));

        await host.Storage.WriteStateAsync("s", Golden, state, Stop);

        Assert.Equal(state.State.Text, (await ReadAsync(host)).State.Text);
        Assert.Equal((length + 32_767) / 32_768, Data(await RowAsync(host)).Length);
    }

    [Fact]
    public async Task CharactersOfTwoUnits_AreNotSplit()
    {
        await using var host = await StartAsync(options => options.UseStringFormat = true);
        var state = Sample.New("x" + string.Concat(Enumerable.Repeat("🌾", 40_000)));

        await host.Storage.WriteStateAsync("s", Golden, state, Stop);

        Assert.Equal(state.State.Text, (await ReadAsync(host)).State.Text);
        Assert.Equal(32_767, (await RowAsync(host)).GetString("StringData").Length);
    }

    [Theory]
    [InlineData(false, 983_041)]
    [InlineData(true, 491_521)]
    [InlineData(true, 983_040)]
    public async Task StateThatIsTooBig_IsRefused_BeforeAnyCall(bool asText, int length)
    {
        await using var host = await StartAsync(options => options.UseStringFormat = asText);
        var state = Sample.New(asText ? Text(length) : null);
        state.State.Bytes = Bytes(length);

        var refused = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => host.Storage.WriteStateAsync("s", Golden, state, Stop));

        Assert.Equal("GrainState.Size", refused.ParamName);
        Assert.Null(state.ETag);
        Assert.False((await ReadAsync(host)).RecordExists);
    }

    [Fact]
    public async Task BytesThatAreNoText_AreRefusedAsText()
    {
        await using var host = await StartAsync(options => options.UseStringFormat = true);
        var state = Sample.New();
        state.State.Bytes = [0xFF, 0xFE, 0x00];

        var refused = await Assert.ThrowsAsync<ArgumentException>(() => host.Storage.WriteStateAsync("s", Golden, state, Stop));

        Assert.Contains("UseStringFormat", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StateOfNoBytes_IsRefused()
    {
        await using var host = await StartAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => host.Storage.WriteStateAsync("s", Golden, Sample.New(), Stop));
    }

    private static string[] Data(TableEntity row) =>
        [.. row.Keys.Except(["PartitionKey", "RowKey", "Timestamp", "odata.etag"]).Order(StringComparer.Ordinal)];

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private static string Text(int length) => string.Create(length, length, static (text, seed) =>
    {
        var random = new Random(seed);
        for (var i = 0; i < text.Length; i++) text[i] = (char)random.Next('!', 'ӿ');
    });

    private static async Task<TableEntity> RowAsync(TableHost host) =>
        Assert.Single(await host.Table.QueryAsync<TableEntity>(cancellationToken: Stop).ToListAsync(Stop));

    private static async Task<Sample> ReadAsync(TableHost host)
    {
        var state = Sample.New();
        await host.Storage.ReadStateAsync("s", Golden, state, Stop);
        return state;
    }

    private async Task<TableHost> StartAsync(Action<AzureTableStorageOptions>? configure = null, string? table = null)
    {
        var host = new TableHost(
            azurite.ConnectionString,
            options =>
            {
                options.GrainStorageSerializer = new RawSerializer();
                configure?.Invoke(options);
            },
            table: table);
        await host.StartAsync();
        return host;
    }
}
