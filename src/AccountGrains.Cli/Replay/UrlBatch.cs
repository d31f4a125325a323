using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using AccountGrains.Cli.Management;
using AccountGrains.Core;

namespace AccountGrains.Cli.Replay;

/// <summary>Lines on their way to a server, and what it said about each. One batch is under way at a time, which keeps each account's order.</summary>
internal sealed class UrlBatch(ManagementClient server)
{
    // A request is written before its answer is read, so it has to fit into what a server buffers; else both would wait for each other.
    private const int MaxBytes = 256 * 1024;

    private readonly ArrayBufferWriter<byte> _body = new(MaxBytes * 2);
    private readonly Dictionary<string, Verdict> _verdicts = new(StringComparer.Ordinal);
    private long _sent;
    private int _lines;

    /// <summary>True when it is time to send.</summary>
    public bool IsFull => _body.WrittenCount >= MaxBytes;

    /// <summary>The last verdict of every account that was sent.</summary>
    public IReadOnlyDictionary<string, Verdict> Verdicts => _verdicts;

    /// <summary>Observations that the server had seen before.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Answers that were stale or a fallback.</summary>
    public long NotLive { get; private set; }

    public void Add(ReadOnlySpan<byte> line)
    {
        // A blank line at the end of a request would go unanswered; null breaks the same rule.
        _body.Write(line.Trim(" \t\r"u8).IsEmpty ? "null"u8 : line);
        _body.Write("\n"u8);
        _lines++;
    }

    /// <summary>Sends what there is and returns the lines that were refused.</summary>
    public async Task<IReadOnlyList<Reject>> SendAsync(CancellationToken cancellationToken)
    {
        if (_lines == 0) return [];
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/observations") { Content = new ReadOnlyMemoryContent(_body.WrittenMemory) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        using var response = await server.SendAsync(request, cancellationToken).ConfigureAwait(false);
        await server.EnsureAsync(response, cancellationToken).ConfigureAwait(false);
        List<Reject> rejects = [];
        var answered = 0;
        try
        {
            using var answers = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
            while (await answers.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } answer)
            {
                if (Take(answer, _sent + ++answered) is { } reject) rejects.Add(reject);
            }
        }
        catch (IOException failure)
        {
            throw new CommandException($"The server broke off behind line {_sent + answered}. Its log says why.", inner: failure);
        }

        if (answered != _lines) throw new CommandException($"The server answered {answered} of the {_lines} lines from line {_sent + 1} on. Its log says why.");
        _sent += _lines;
        _lines = 0;
        _body.ResetWrittenCount();
        return rejects;
    }

    private Reject? Take(string answer, long line)
    {
        JsonElement json;
        try
        {
            json = JsonSerializer.Deserialize<JsonElement>(answer);
        }
        catch (JsonException failure)
        {
            throw new CommandException($"The server's answer to line {line} is not JSON: is it an AccountGrains server?", inner: failure);
        }

        if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty("error", out var problem)) return RejectOf(problem, line);
        if (Problem.Text(json, "account") is not { } account || !Enum.TryParse<Verdict>(Problem.Text(json, "verdict"), ignoreCase: true, out var verdict))
        {
            throw new CommandException($"The server's answer to line {line} is no verdict: is it an AccountGrains server?");
        }

        _verdicts[account] = verdict;
        if (Problem.Text(json, "state") is not (null or "live")) NotLive++;
        if (json.TryGetProperty("duplicate", out var duplicate) && duplicate.ValueKind == JsonValueKind.True) Duplicates++;
        return null;
    }

    private static Reject RejectOf(JsonElement problem, long line)
    {
        // Too busy or broken is no fault of the line.
        var isRefusal = problem.ValueKind == JsonValueKind.Object && problem.TryGetProperty("status", out var status)
            && status.TryGetInt32(out var code) && code is (int)HttpStatusCode.TooManyRequests or >= 500;
        if (isRefusal) throw new CommandException($"The server refused line {line}: {Problem.Of(problem)}");
        return new Reject(line, Problem.Text(problem, "field") ?? "$", Problem.Text(problem, "rule") ?? Problem.Of(problem));
    }
}
