using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AccountGrains.Silo.Tests.Servers;
using AccountGrains.Storage.Conformance.Emulator;

namespace AccountGrains.Silo.Tests.Processes;

/// <summary>
/// A silo starts over a store that is full, and everybody comes back at the same time. ACCOUNTGRAINS_COLD_ACCOUNTS, _SECONDS and _RATE set how many accounts are stored,
/// and for how long and how often in a second one of them comes. Where that is more than the store serves, verdicts come in time all the same, without histories, and
/// these are read later.
/// </summary>
public abstract class ColdStartTests(string provider, IReadOnlyList<string> connections, ITestOutputHelper output)
{
    private const int Batch = 2_000;
    private const string First = "1";

    // The deadline that a silo has by itself, and what a verdict may be late.
    private const int Late = 70;
    private static readonly int Accounts = Setting("ACCOUNTS", 600);
    private static readonly int Seconds = Setting("SECONDS", 2);
    private static readonly int Rate = Setting("RATE", 100);
    private readonly string _service = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task Restart_OverAFullStore_ReadsEachAccountOnce_AndAnswersFromIt()
    {
        using var directory = new ScratchDirectory();
        await using (var silo = await StartAsync(directory, ("Deadline", "00:00:10")))
        {
            for (var at = 0; at < Accounts; at += Batch) await silo.ObserveAsync(Enumerable.Range(at, Math.Min(Batch, Accounts - at)).Select(i => Observation(i, First)));
            Assert.Equal(0, await silo.TerminateAsync());
        }

        var (started, startedAt) = (Stopwatch.GetTimestamp(), TimeProvider.System.GetUtcNow());
        await using var again = await StartAsync(directory);
        var ready = Stopwatch.GetElapsedTime(started);
        var before = await ReadsAsync(again);
        var answers = await ComeBackAsync(again);
        var reads = await ReadsAsync(again) - before;

        var inTime = reads;
        foreach (var (account, _, _) in answers.Where(a => a.State == "fallback")) await AskAgainAsync(again, account);
        await again.StoredAsync();
        reads = await ReadsAsync(again) - before;
        var fingerprints = await FingerprintReadsAsync(again);

        var times = answers.Select(a => a.Milliseconds).Order().ToArray();
        var states = string.Join(", ", answers.CountBy(a => a.State).OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Value} {s.Key}"));
        output.WriteLine(FormattableString.Invariant(
            $"{provider}: {Accounts} accounts stored; ready in {ready.TotalSeconds:f1} s; {answers.Count} came back at {Rate}/s: {states}, {times.Count(t => t > Late)} later than {Late} ms; {reads / answers.Count:f3} reads for each, {inTime} of them until the last answer and the others until {Stopwatch.GetElapsedTime(started).TotalSeconds:f0} s after the start, and {fingerprints} reads of fingerprints; p50 {times[times.Length / 2]:f1} ms, p99 {times[times.Length * 99 / 100]:f1} ms"));

        // A read that had no answer in time is made again.
        Assert.InRange(reads, answers.Count, answers.Count + await again.SumAsync("accountgrains_storage_unanswered_total"));
        Assert.All(answers, a => Assert.True(a.State is "live" or "fallback", a.State));
        Assert.InRange(fingerprints, 1, double.MaxValue);
        var device = await DeviceAsync(again);
        Assert.Equal((4, true), (device.GetProperty("accounts").GetInt32(), device.GetProperty("firstSeen").GetDateTimeOffset() < startedAt));
        for (var i = 0; i < answers.Count; i += Math.Max(1, answers.Count / 20)) Assert.Equal(2, Requests(await again.GetJsonAsync($"/v1/accounts/acct-{i}")));
    }

    private protected static int Setting(string name, int otherwise) => int.Parse(Environment.GetEnvironmentVariable($"ACCOUNTGRAINS_COLD_{name}") ?? $"{otherwise}", CultureInfo.InvariantCulture);

    /// <summary>
    /// Two accounts each, as in a household, have a payment instrument and a device in common, of which the store has a fingerprint then. Accounts tell of what they show
    /// once; when they come back each two show what their neighbours showed before, whose fingerprint is read for it.
    /// </summary>
    private static object Observation(int account, string request) => new
    {
        type = "request",
        account = $"acct-{account}",
        requestId = request,
        ip = $"10.{account >> 16 & 255}.{account >> 8 & 255}.{account & 255}",
        payment = $"card-{account / 2}",
        device = $"device-{(request == First ? account / 2 : (account / 2) ^ 1)}",
    };

    /// <summary>Each comes once, at its time, whether those before it were answered or not.</summary>
    private static async Task<ConcurrentBag<(int Account, string State, double Milliseconds)>> ComeBackAsync(SiloProcess silo)
    {
        var answers = new ConcurrentBag<(int, string, double)>();
        var calls = new List<Task>();
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (calls.Count < Math.Min(Accounts, Rate * Seconds) && await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken))
        {
            var due = Math.Min(Math.Min(Accounts, Rate * Seconds), (int)(Stopwatch.GetElapsedTime(started).TotalSeconds * Rate));
            while (calls.Count < due) calls.Add(AskAsync(calls.Count));
        }

        await Task.WhenAll(calls);
        return answers;

        async Task AskAsync(int account)
        {
            var asked = Stopwatch.GetTimestamp();
            var answer = await silo.ObserveAsync(Observation(account, "2"), TestContext.Current.CancellationToken);
            answers.Add((account, answer?.GetProperty("state").GetString() ?? "failed", Stopwatch.GetElapsedTime(asked).TotalMilliseconds));
        }
    }

    /// <summary>
    /// As a front end does that had no answer of the account: with the same id, so that it counts once. On a machine that has too much to do the door refuses some, and those are not read until then.
    /// </summary>
    private static async Task AskAgainAsync(SiloProcess silo, int account)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var left = 1_000; left > 0; left--)
        {
            var answer = await silo.ObserveAsync(Observation(account, "2"), TestContext.Current.CancellationToken);
            if (answer?.GetProperty("state").GetString() == "live") return;
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>A device whose neighbours came back; their reports go again while the store is slow.</summary>
    private static async Task<JsonElement> DeviceAsync(SiloProcess silo)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        for (var left = 60; ; left--)
        {
            var device = await silo.GetJsonAsync("/v1/fingerprints/device/device-0");
            if (device.GetProperty("accounts").GetInt32() == 4 || left == 0) return device;
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    private static Task<double> ReadsAsync(SiloProcess silo) => silo.SumAsync("accountgrains_storage_reads_total", "state=\"account\"");

    private static Task<double> FingerprintReadsAsync(SiloProcess silo) => silo.SumAsync("accountgrains_storage_reads_total", "state=\"fingerprint\"");

    private static int Requests(JsonElement view) => view.GetProperty("behaviour").GetProperty("days").EnumerateArray().Sum(d => d.GetProperty("requests").GetInt32());

    private Task<SiloProcess> StartAsync(ScratchDirectory directory, params (string Key, string Value)[] settings) => SiloProcess.StartAsync(directory.Path,
    [
        ("Storage:Provider", provider), .. connections.Select((connection, i) => ($"Storage:ConnectionStrings:{i}", connection)), ("Cluster:ServiceId", _service), ("Keys:Current", "AAECAwQFBgcICQoLDA0ODw=="), .. settings,
    ]);
}

/// <summary>Over Redis.</summary>
public sealed class RedisColdStartTests(RedisServer redis, ITestOutputHelper output) : ColdStartTests("Redis", [redis.ConnectionString], output), IClassFixture<RedisServer>;

/// <summary>Over PostgreSQL.</summary>
public sealed class PostgresColdStartTests(PostgresServer postgres, ITestOutputHelper output) : ColdStartTests("Postgres", [postgres.ConnectionString], output), IClassFixture<PostgresServer>;

/// <summary>
/// Over Azure tables, in as many storage accounts as ACCOUNTGRAINS_COLD_SHARDS says: the emulator looks through all rows of a table that have the same row key, which a state's name is, to
/// find one, and needs some 8 ms for one of 200,000.
/// </summary>
public sealed class AzureColdStartTests(Azurite azurite, ITestOutputHelper output) : ColdStartTests("AzureTable", [.. azurite.ConnectionStrings.Take(Setting("SHARDS", 1))], output);
