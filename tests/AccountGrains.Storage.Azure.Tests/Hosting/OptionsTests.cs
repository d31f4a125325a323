using Azure.Core;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Clustering.AzureStorage;
using Orleans.Configuration;
using Orleans.Persistence.AzureStorage;
using Orleans.Storage;

namespace AccountGrains.Storage.Azure.Tests.Hosting;

/// <summary>Names and defaults that users of the official packages rely on, and values that stop the start.</summary>
public sealed class OptionsTests
{
    private const string Emulator = "UseDevelopmentStorage=true";
    private static readonly Uri Address = new("https://account.table.core.windows.net");

    [Fact]
    public void Defaults_AreTheOfficialOnes()
    {
        var table = new AzureTableStorageOptions();
        var blob = new AzureBlobStorageOptions();

        Assert.Equal(("OrleansGrainState", false, false, 10_000), (table.TableName, table.DeleteStateOnClear, table.UseStringFormat, table.InitStage));
        Assert.Equal(("grainstate", true, 10_000), (blob.ContainerName, blob.DeleteStateOnClear, blob.InitStage));
        Assert.Equal("OrleansSiloInstances", new AzureStorageClusteringOptions().TableName);
        Assert.Equal("OrleansSiloInstances", new AzureStorageGatewayOptions().TableName);
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("1abc")]
    [InlineData("a-bc")]
    [InlineData("")]
    [InlineData("abc\n")]
    [InlineData("a234567890123456789012345678901234567890123456789012345678901234")]
    public void TableName_ThatTheServiceDoesNotAllow_IsRefused(string name) =>
        Assert.Contains("TableName", RefusalOf(options => options.TableName = name), StringComparison.Ordinal);

    [Theory]
    [InlineData("ab")]
    [InlineData("Abc")]
    [InlineData("a--b")]
    [InlineData("-abc")]
    [InlineData("abc-")]
    [InlineData("abc\n")]
    [InlineData("a234567890123456789012345678901234567890123456789012345678901234")]
    public void ContainerName_ThatTheServiceDoesNotAllow_IsRefused(string name)
    {
        var options = new AzureBlobStorageOptions { ContainerName = name };
        options.ConfigureBlobServiceClient(Emulator);

        var refused = Assert.Throws<OrleansConfigurationException>(new AzureBlobStorageOptionsValidator(options, "s").ValidateConfiguration);

        Assert.Contains("AzureBlobStorageOptions.ContainerName of 's'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Policy_WithWrongValues_IsRefused()
    {
        (string Name, Action<AzureStoragePolicyOptions> Set)[] wrong =
        [
            (nameof(AzureStoragePolicyOptions.MaxBulkUpdateRows), policy => policy.MaxBulkUpdateRows = 101),
            (nameof(AzureStoragePolicyOptions.MaxOperationRetries), policy => policy.MaxOperationRetries = -1),
            (nameof(AzureStoragePolicyOptions.MaxCreationRetries), policy => policy.MaxCreationRetries = -1),
            (nameof(AzureStoragePolicyOptions.OperationTimeout), policy => policy.OperationTimeout = TimeSpan.Zero),
            (nameof(AzureStoragePolicyOptions.CreationTimeout), policy => policy.CreationTimeout = TimeSpan.FromDays(1)),
            (nameof(AzureStoragePolicyOptions.PauseBetweenOperationRetries), policy => policy.PauseBetweenOperationRetries = TimeSpan.FromSeconds(-1)),
            (nameof(AzureStoragePolicyOptions.MaxPauseBetweenOperationRetries), policy => policy.MaxPauseBetweenOperationRetries = TimeSpan.FromDays(1)),
            (nameof(AzureStoragePolicyOptions.PauseBetweenCreationRetries), policy => policy.PauseBetweenCreationRetries = TimeSpan.FromDays(1)),
            (nameof(AzureStoragePolicyOptions.BreakerThroughput), policy => policy.BreakerThroughput = 1),
            (nameof(AzureStoragePolicyOptions.BreakerPause), policy => policy.BreakerPause = TimeSpan.Zero),
        ];

        Assert.All(wrong, w => Assert.Contains(w.Name, RefusalOf(options => w.Set(options.StoragePolicyOptions)), StringComparison.Ordinal));
        Assert.Equal(typeof(AzureStoragePolicyOptions).GetProperties().Select(p => p.Name).Order(StringComparer.Ordinal), wrong.Select(w => w.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void NoClient_IsRefused()
    {
        Assert.Contains("TableServiceClient", Assert.Throws<OrleansConfigurationException>(
            new AzureTableGrainStorageOptionsValidator(new AzureTableStorageOptions(), "s").ValidateConfiguration).Message, StringComparison.Ordinal);
        Assert.Throws<OrleansConfigurationException>(new AzureStorageClusteringOptionsValidator(new AzureStorageClusteringOptions(), "").ValidateConfiguration);
        Assert.Throws<OrleansConfigurationException>(new AzureStorageGatewayOptionsValidator(new AzureStorageGatewayOptions(), "").ValidateConfiguration);
        Assert.Throws<OrleansConfigurationException>(new AzureBlobStorageOptionsValidator(new AzureBlobStorageOptions(), "s").ValidateConfiguration);
    }

    [Fact]
    public async Task Table_IsReached_InEveryWay()
    {
        (string Way, Action<AzureStorageOperationOptions> Set, string Expected)[] ways =
        [
            ("a connection string", options => options.ConfigureTableServiceClient(Emulator), "http://127.0.0.1:10002/devstoreaccount1"),
            ("an address, as whom the environment says", options => options.ConfigureTableServiceClient(Address), "https://account.table.core.windows.net"),
            ("an address with a signature", options => options.ConfigureTableServiceClient(new Uri(Address, "?sv=1&sig=x")), "https://account.table.core.windows.net"),
            ("an identity", options => options.ConfigureTableServiceClient(Address, new Identity()), "https://account.table.core.windows.net"),
            ("a signature", options => options.ConfigureTableServiceClient(Address, new global::Azure.AzureSasCredential("sv=1&sig=x")), "https://account.table.core.windows.net"),
            ("a key", options => options.ConfigureTableServiceClient(Address, new TableSharedKeyCredential("account", "a2V5")), "https://account.table.core.windows.net"),
            ("a callback", options => options.ConfigureTableServiceClient(() => Task.FromResult(new TableServiceClient(Emulator))), "http://127.0.0.1:10002/devstoreaccount1"),
            ("a client", options => options.TableServiceClient = new TableServiceClient(Emulator), "http://127.0.0.1:10002/devstoreaccount1"),
        ];
        foreach (var (way, set, expected) in ways)
        {
            var options = new AzureTableStorageOptions();
            set(options);

            var client = await options.CreateClient!();

            Assert.True(client.Uri.GetLeftPart(UriPartial.Path).TrimEnd('/') == expected, $"{way}: {client.Uri}");
        }
    }

    [Fact]
    public async Task Blobs_AreReached_InEveryWay()
    {
        var address = new Uri("https://account.blob.core.windows.net");
        (string Way, Action<AzureBlobStorageOptions> Set, string Expected)[] ways =
        [
            ("a connection string", options => options.ConfigureBlobServiceClient(Emulator), "http://127.0.0.1:10000/devstoreaccount1"),
            ("an address, as whom the environment says", options => options.ConfigureBlobServiceClient(address), "https://account.blob.core.windows.net"),
            ("an address with a signature", options => options.ConfigureBlobServiceClient(new Uri(address, "?sv=1&sig=x")), "https://account.blob.core.windows.net"),
            ("an identity", options => options.ConfigureBlobServiceClient(address, new Identity()), "https://account.blob.core.windows.net"),
            ("a signature", options => options.ConfigureBlobServiceClient(address, new global::Azure.AzureSasCredential("sv=1&sig=x")), "https://account.blob.core.windows.net"),
            ("a key", options => options.ConfigureBlobServiceClient(address, new global::Azure.Storage.StorageSharedKeyCredential("account", "a2V5")), "https://account.blob.core.windows.net"),
            ("a callback", options => options.ConfigureBlobServiceClient(() => Task.FromResult(new BlobServiceClient(Emulator))), "http://127.0.0.1:10000/devstoreaccount1"),
            ("a client", options => options.BlobServiceClient = new BlobServiceClient(Emulator), "http://127.0.0.1:10000/devstoreaccount1"),
        ];
        foreach (var (way, set, expected) in ways)
        {
            var options = new AzureBlobStorageOptions();
            set(options);

            var client = await options.CreateClient!();

            Assert.True(client.Uri.GetLeftPart(UriPartial.Path).TrimEnd('/') == expected, $"{way}: {client.Uri}");
        }
    }

    [Fact]
    public void ClientThatIsMadeHere_LeavesTryingAgainToTheProvider_AndHasAShortNetworkTimeout()
    {
        var client = new TableClientOptions();

        new AzureStoragePolicyOptions().ApplyTo(client);

        Assert.Equal((0, TimeSpan.FromSeconds(10)), (client.Retry.MaxRetries, client.Retry.NetworkTimeout));
    }

    [Fact]
    public void Serializer_IsTheOneOfTheProvidersName_ElseTheSilos()
    {
        var (own, silos) = (new NamedSerializer(), new NamedSerializer());
        var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IGrainStorageSerializer>(silos)
            .AddKeyedSingleton<IGrainStorageSerializer>("own", own)
            .AddAzureTableGrainStorage("own", options => options.Configure(o => o.ConfigureTableServiceClient(Emulator)))
            .AddAzureTableGrainStorage("other", options => options.Configure(o => o.ConfigureTableServiceClient(Emulator)))
            .AddAzureBlobGrainStorage("own", (AzureBlobStorageOptions options) => options.ConfigureBlobServiceClient(Emulator))
            .BuildServiceProvider();

        var tables = services.GetRequiredService<Microsoft.Extensions.Options.IOptionsMonitor<AzureTableStorageOptions>>();
        var blobs = services.GetRequiredService<Microsoft.Extensions.Options.IOptionsMonitor<AzureBlobStorageOptions>>();

        Assert.Same(own, tables.Get("own").GrainStorageSerializer);
        Assert.Same(silos, tables.Get("other").GrainStorageSerializer);
        Assert.Same(own, blobs.Get("own").GrainStorageSerializer);
    }

    private static string RefusalOf(Action<AzureTableStorageOptions> set)
    {
        var options = new AzureTableStorageOptions();
        options.ConfigureTableServiceClient(Emulator);
        set(options);
        var message = Assert.Throws<OrleansConfigurationException>(new AzureTableGrainStorageOptionsValidator(options, "s").ValidateConfiguration).Message;
        Assert.StartsWith("AzureTableStorageOptions.", message, StringComparison.Ordinal);
        return message;
    }

    private sealed class NamedSerializer : IGrainStorageSerializer
    {
        public BinaryData Serialize<T>(T? input) => BinaryData.Empty;

        public T Deserialize<T>(BinaryData input) => default!;
    }

    private sealed class Identity : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => default;

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => default;
    }
}
