using System.Globalization;
using AccountGrains.Silo.Decisions;
using AccountGrains.Silo.Http.Views;
using AccountGrains.Silo.Storage;
using Microsoft.Extensions.Options;

namespace AccountGrains.Silo.Hosting;

/// <summary>What whoever started the silo reads: that it serves, what to try, and what it stored at the end. Who reads it may be slow, and neither start nor stop waits for that.</summary>
internal sealed class Announcements(WebApplication app, TextWriter output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly FlushScheduler _flush = app.Services.GetRequiredService<FlushScheduler>();
    private readonly DecisionWriter _writer = app.Services.GetRequiredService<DecisionWriter>();
    private readonly TrackerOptions _options = app.Services.GetRequiredService<IOptions<TrackerOptions>>().Value;
    private readonly string _where = app.Services.GetRequiredService<IStore>().Where;

    private Task _said = Task.CompletedTask;

    private long NotStored => _flush.Count + _flush.Lost;

    private string Cluster => _options.Cluster.Provider == ClusterProvider.Localhost
        ? "this silo alone"
        : string.Create(CultureInfo.InvariantCulture, $"{_options.Cluster.ClusterId} through {_options.Cluster.Provider}, here {_options.Cluster.AdvertisedAddress}:{_options.Cluster.SiloPort}");

    /// <summary>Says so when the silo serves, and when it stops.</summary>
    public void Attach()
    {
        app.Lifetime.ApplicationStarted.Register(Started);
        app.Lifetime.ApplicationStopping.Register(() => Say(string.Create(
            CultureInfo.InvariantCulture, $"AccountGrains stops: storing what changed in {_flush.Count} accounts, fingerprints and campaigns, and {_writer.Pending} decisions.")));
    }

    /// <summary>Says what became of it.</summary>
    public async Task StoppedAsync()
    {
        Say(NotStored == 0 && _writer.Pending == 0
            ? $"AccountGrains stopped; everything is stored. State: {_where}"
            : string.Create(CultureInfo.InvariantCulture, $"AccountGrains stopped; {NotStored} states and {_writer.Pending} decisions could not be stored. State: {_where}"));
        await Task.WhenAny(_said, Task.Delay(Patience)).ConfigureAwait(false);
    }

    /// <summary>Whoever closes epochs by hand has a trace; an observation of now before it would make all of the trace late.</summary>
    private string Try(string url) => _options.Epoch.Mode == EpochMode.Manual
        ? $"dotnet run -c Release --project src/AccountGrains.Cli -- replay --input tests/data/quickstart.jsonl.gz --url {url}"
        : $$"""
            curl -s {{url}}/v1/observations -H 'Content-Type: application/json' -d '{"type":"request","account":"acct_1","ip":"192.0.2.1"}'
                      curl -s {{url}}/v1/accounts/acct_1
            """;

    private void Say(string text)
    {
        lock (_lock) _said = _said.ContinueWith(_ => output.WriteLine(text), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private void Started()
    {
        var url = app.Urls.First();
        Say($$"""
            AccountGrains serves on {{string.Join(", ", app.Urls)}}
              state   {{_where}}
              cluster {{Cluster}}
              mode    {{Json.Name(_options.Mode)}}
              epochs  {{(_options.Epoch.Mode == EpochMode.Live ? string.Create(CultureInfo.InvariantCulture, $"end by the clock, every {_options.Epoch.Length.TotalMilliseconds} ms") : "end when POST /v1/epochs says so")}}
              try     {{Try(url)}}
              more    {{url}}/openapi/v1.json, {{url}}/metrics
            """);
    }
}
