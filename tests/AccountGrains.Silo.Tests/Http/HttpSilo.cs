using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AccountGrains.Core;
using AccountGrains.Core.Door;
using AccountGrains.Silo.Accounts;
using AccountGrains.Silo.Decisions;
using AccountGrains.Silo.Hosting;
using AccountGrains.Silo.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Core.Internal;

namespace AccountGrains.Silo.Tests.Http;

/// <summary>The whole process as the program builds it, with a real Kestrel on a free port and a silo of its own.</summary>
internal sealed class HttpSilo : IAsyncDisposable
{
    public const string Key = "AAECAwQFBgcICQoLDA0ODw==";

    private readonly Dictionary<string, string?> _settings;
    private readonly Action<IServiceCollection> _services;
    private WebApplication _app = null!;

    private HttpSilo(Dictionary<string, string?> settings, Action<IServiceCollection> services)
    {
        _settings = settings;
        _services = services;
    }

    public HttpClient Client { get; private set; } = null!;

    public CallFilter Calls { get; } = new();

    public LogCapture Logs { get; } = new();

    public WebApplication App => _app;

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts one that keeps nothing, whose epochs end when asked, and whose deadline is far away, unless the settings say otherwise.</summary>
    public static Task<HttpSilo> StartAsync(params (string Key, string Value)[] settings) => StartAsync(_ => { }, settings);

    /// <summary>Starts one in which some services are others.</summary>
    public static async Task<HttpSilo> StartAsync(Action<IServiceCollection> services, params (string Key, string Value)[] settings)
    {
        var silo = new HttpSilo(Settings(settings), services);
        await silo.StartAsync();
        return silo;
    }

    public static Dictionary<string, string?> Settings(params (string Key, string Value)[] settings)
    {
        var all = settings.ToDictionary(s => $"AccountGrains:{s.Key}", s => (string?)s.Value);
        all.TryAdd("AccountGrains:Storage:Provider", "Memory");
        all.TryAdd("AccountGrains:Keys:Current", Key);
        all.TryAdd("AccountGrains:Epoch:Mode", "Manual");
        all.TryAdd("AccountGrains:Deadline", "00:00:30");
        all.TryAdd("AccountGrains:Cluster:SiloPort", $"{FreePorts.Take()}");
        all.TryAdd("AccountGrains:Cluster:GatewayPort", $"{FreePorts.Take()}");
        return all;
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        _settings["AccountGrains:Cluster:SiloPort"] = $"{FreePorts.Take()}";
        _settings["AccountGrains:Cluster:GatewayPort"] = $"{FreePorts.Take()}";
        await StartAsync();
    }

    public async Task<(int Status, JsonObject Body)> ObserveAsync(string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        return await SendAsync(Client.PostAsync("/v1/observations", content, TestContext.Current.CancellationToken));
    }

    public async Task<(int Status, JsonObject Body)> ObserveAsync(byte[] json)
    {
        using var content = new ByteArrayContent(json);
        content.Headers.ContentType = new("application/json");
        return await SendAsync(Client.PostAsync("/v1/observations", content, TestContext.Current.CancellationToken));
    }

    public Task<(int Status, JsonObject Body)> GetAsync(string path) => SendAsync(Client.GetAsync(path, TestContext.Current.CancellationToken));

    public async Task<(int Status, JsonObject Body)> CloseEpochAsync(string until)
    {
        using var content = new StringContent($$"""{"until":"{{until}}"}""", Encoding.UTF8, "application/json");
        return await SendAsync(Client.PostAsync("/v1/epochs", content, TestContext.Current.CancellationToken));
    }

    public async Task<JsonObject[]> ObserveLinesAsync(string lines)
    {
        using var content = new StringContent(lines, Encoding.UTF8, "application/x-ndjson");
        using var response = await Client.PostAsync("/v1/observations", content, TestContext.Current.CancellationToken);
        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType?.MediaType);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];
    }

    /// <summary>Lets an account that is loaded take no turns until what this gives is disposed.</summary>
    public IDisposable HoldTurns(string account)
    {
        var loaded = Assert.IsAssignableFrom<IKeptBehind>(Services.GetRequiredService<LocalAccounts>().Find(IdOf(account)));
        var held = new HeldTurns();
        loaded.Context.Scheduler.QueueAction(held.Wait);
        return held;
    }

    /// <summary>Has the activation of an account go, as it does when nobody calls it for long; it is there again for the next call.</summary>
    public ValueTask UnloadAsync(string account) =>
        Services.GetRequiredService<IGrainFactory>().Account(IdOf(account)).AsReference<IGrainManagementExtension>().DeactivateOnIdle();

    /// <summary>The id of an account by its name.</summary>
    public AccountId IdOf(string account) => Services.GetRequiredService<KeyRing>().Account(account);

    /// <summary>Ends when all decisions so far are stored.</summary>
    public Task Stored() => Services.GetRequiredService<DecisionWriter>().DrainAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync() => await StopAsync();

    /// <summary>The texts of some fields.</summary>
    public static IEnumerable<string?> Texts(JsonObject json, params string[] fields) => fields.Select(f => (string?)json[f]);

    private async Task StartAsync()
    {
        _app = await SiloApplication.BuildAsync(["--urls", "http://127.0.0.1:0"], builder =>
        {
            builder.Configuration.AddInMemoryCollection(_settings);
            builder.Logging.ClearProviders().AddProvider(Logs);
            builder.Services.AddSingleton<IIncomingGrainCallFilter>(Calls);
            _services(builder.Services);
        });
        await _app.StartAsync(TestContext.Current.CancellationToken);
        Client = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
    }

    private async Task StopAsync()
    {
        Calls.Release();
        Client.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private static async Task<(int Status, JsonObject Body)> SendAsync(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var expected = response.IsSuccessStatusCode ? "application/json" : "application/problem+json";
        Assert.Equal(expected, response.Content.Headers.ContentType?.MediaType);
        return ((int)response.StatusCode, JsonSerializer.Deserialize<JsonObject>(text)!);
    }

    // A turn that does not end takes a thread of the pool, which makes another.
    private sealed class HeldTurns : IDisposable
    {
        private readonly ManualResetEventSlim _gate = new();

        public void Wait() => _gate.Wait();

        public void Dispose() => _gate.Set();
    }
}
