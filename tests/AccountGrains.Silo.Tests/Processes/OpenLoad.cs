using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace AccountGrains.Silo.Tests.Processes;

/// <summary>
/// Requests at fixed times, whether those before them were answered or not, each to the next silo. What a silo did not take, or does not answer within a second, is
/// sent to another one with the same request id, as clients do. Beside the accounts that did nothing there are some that are banned while the load runs.
/// </summary>
internal sealed class OpenLoad(SiloProcesses silos, int accounts, int rate, TimeSpan deadline)
{
    private const int Tries = 3;
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, int> _states = new();
    private readonly ConcurrentDictionary<string, int> _wrong = new();
    private readonly ConcurrentBag<double> _milliseconds = [];
    private readonly ConcurrentQueue<ClientView> _banned = new();
    private readonly ConcurrentQueue<(long At, string What)> _happened = new();
    private readonly long _started = Stopwatch.GetTimestamp();
    private int _again;
    private int _letThrough;

    /// <summary>The accounts that did nothing.</summary>
    public IReadOnlyList<ClientView> Innocent { get; } = [.. Enumerable.Range(0, accounts).Select(i => new ClientView($"innocent-{i:d4}"))];

    /// <summary>Those that were banned.</summary>
    public IEnumerable<ClientView> Banned => _banned;

    /// <summary>Requests without an answer.</summary>
    public int Failed => _states.GetValueOrDefault("failed");

    /// <summary>Answers later than the deadline and 20 ms.</summary>
    public int Late => _milliseconds.Count(m => m > (deadline + Grace).TotalMilliseconds);

    /// <summary>Answers of the accounts themselves.</summary>
    public int Live => _states.GetValueOrDefault("live");

    /// <summary>Answers for want of a better one.</summary>
    public int Fallback => _states.GetValueOrDefault("fallback");

    /// <summary>Answers with another verdict than must be: an innocent that is restricted, a banned one that is known and let through.</summary>
    public int Wrong => _wrong.Values.Sum();

    /// <summary>Banned ones that were let through by a silo that did not know them: it got no answer from where they were, and had not heard of their ban yet.</summary>
    public int LetThrough => _letThrough;

    public string Report
    {
        get
        {
            var times = _milliseconds.Order().ToArray();
            var gap = Innocent.Max(v => v.LongestGap);
            return string.Create(CultureInfo.InvariantCulture,
                $"{Innocent.Count} accounts and {_banned.Count} that were banned, {rate}/s, deadline {deadline.TotalMilliseconds} ms: {List(_states)}; {Late} late; {_again} sent again to another silo; {LetThrough} banned ones let through unknown; wrong: {List(_wrong)}; p50 {At(times, 0.5):f1} ms, p99 {At(times, 0.99):f1} ms, longest {At(times, 1):f0} ms; longest time without a live answer {gap.TotalSeconds:f1} s");
        }
    }

    /// <summary>What happened, and which answers were late or not live, by the tenth of a second.</summary>
    public string Course => string.Join("; ", _happened
        .GroupBy(h => Math.Floor(Stopwatch.GetElapsedTime(_started, h.At).TotalSeconds * 10) / 10).OrderBy(g => g.Key)
        .Select(g => FormattableString.Invariant($"{g.Key:f1} s: {string.Join(", ", g.CountBy(h => h.What).Select(w => w.Value > 1 ? $"{w.Value} {w.Key}" : w.Key))}")));

    /// <summary>Moments as seconds since it began.</summary>
    public string Told(IEnumerable<long> moments) => string.Join(" ", moments.Select(m => FormattableString.Invariant($"{Stopwatch.GetElapsedTime(_started, m).TotalSeconds:f2}")));

    /// <summary>Forgets the answers until now, so that those from now on are reported alone; what accounts were told stays known.</summary>
    public string TakeReport()
    {
        var report = Report;
        _states.Clear();
        _milliseconds.Clear();
        _happened.Clear();
        _again = 0;
        return report;
    }

    /// <summary>Notes that something happens.</summary>
    public void Note(string what) => _happened.Enqueue((Stopwatch.GetTimestamp(), what));

    /// <summary>Sends until what is done meanwhile is done and everything is answered.</summary>
    public async Task RunAsync(Func<Task> meanwhile)
    {
        using var stop = new CancellationTokenSource();
        var sending = Task.Run(() => SendAllAsync(stop.Token));
        try
        {
            await meanwhile();
        }
        finally
        {
            await stop.CancelAsync();
            await sending;
        }
    }

    /// <summary>The load's duration is what is measured; nothing is waited for.</summary>
    public static async Task PassAsync(TimeSpan time)
    {
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Bans an account of its own, and asks until that is shown as durable; from then on nothing else may be answered.</summary>
    public async Task<ClientView> BanAsync()
    {
        var view = new ClientView($"banned-{Guid.NewGuid():N}") { Expected = null };
        _banned.Enqueue(view);
        await silos.Any.ObserveAsync(new { type = "ban", account = view.Account, requestId = "ban", reason = "fraud" }, TestContext.Current.CancellationToken);
        while (view.Blocked is null) await SendAsync(view);
        view.Expected = "block";
        return view;
    }

    /// <summary>Lifts a ban, and asks until that is shown as durable; from then on it must not come back.</summary>
    public async Task RestoreAsync(ClientView view)
    {
        view.Expected = null;
        var isLifted = false;
        await silos.Any.ObserveAsync(new { type = "restore", account = view.Account, requestId = "restore" }, TestContext.Current.CancellationToken);
        while (!isLifted)
        {
            var answer = await SendAsync(view);
            isLifted = answer is { } given && given.GetProperty("verdict").GetString() == "allow" && given.GetProperty("state").GetString() == "live" && given.GetProperty("durable").GetBoolean();
        }

        view.Expected = "allow";
    }

    private static string List(ConcurrentDictionary<string, int> counts) => counts.IsEmpty ? "none" : string.Join(", ", counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Value} {c.Key}"));

    private static double At(double[] sorted, double share) => sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];

    private async Task SendAllAsync(CancellationToken stop)
    {
        var calls = new List<Task>();
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        try
        {
            for (var sent = 0; await timer.WaitForNextTickAsync(stop);)
            {
                for (var due = (int)(Stopwatch.GetElapsedTime(started).TotalSeconds * rate); sent < due; sent++) calls.Add(SendAsync(Pick(sent)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(calls);
        }
    }

    /// <summary>Everybody in turn, and now and then somebody who was banned.</summary>
    private ClientView Pick(int number) => number % 10 == 9 && _banned.Where(b => b.Expected is not null).ToArray() is { Length: > 0 } banned
        ? banned[number / 10 % banned.Length]
        : Innocent[(number - (number / 10)) % Innocent.Count];

    private async Task<JsonElement?> SendAsync(ClientView view)
    {
        var observation = new { type = "request", account = view.Account, requestId = $"{view.Account}-{view.Next()}", model = "large", ip = "192.0.2.7" };
        var sent = Stopwatch.GetTimestamp();
        var silo = silos.Next();
        JsonElement? answer = null;
        var isLost = false;
        for (var left = Tries; silo is not null && answer is null && left > 0; left--)
        {
            if (left < Tries) Interlocked.Increment(ref _again);
            using var limit = new CancellationTokenSource(deadline + Patience);
            answer = await silo.ObserveAsync(observation, limit.Token);
            isLost = silo.IsLost;
            silo = silos.Next(than: silo);
        }

        var took = Stopwatch.GetElapsedTime(sent);
        _milliseconds.Add(took.TotalMilliseconds);
        var state = answer?.GetProperty("state").GetString() ?? "failed";
        if (state != "live") Note(state);
        if (took > deadline + Grace) Note("late");
        _states.AddOrUpdate(state, 1, (_, n) => n + 1);
        if (view.Add(sent, answer, isLost)) NotAsItMustBe(view, state, answer!.Value.GetProperty("verdict").GetString()!);
        return answer;
    }

    private void NotAsItMustBe(ClientView view, string state, string verdict)
    {
        if (view.Expected == "block" && (state, verdict) == ("fallback", "allow")) Interlocked.Increment(ref _letThrough);
        else _wrong.AddOrUpdate($"{state} {verdict} instead of {view.Expected}", 1, (_, n) => n + 1);
    }
}
