using System.IO.Compression;
using System.Text.Json;

namespace AccountGrains.Silo.Tests.Processes;

/// <summary>Recorded traffic, as lines of JSON in the order of their times, in epochs of a minute.</summary>
internal static class TraceFile
{
    private const long Epoch = TimeSpan.TicksPerMinute;

    /// <summary>The observations of each epoch, and its end; read anew each time.</summary>
    public static IEnumerable<(DateTimeOffset End, (string Account, object Observation)[] Requests)> Epochs(string path)
    {
        var requests = new List<(string, object)>();
        var number = 0L;
        var last = DateTimeOffset.MinValue;
        foreach (var line in Lines(path))
        {
            var observation = JsonSerializer.Deserialize<JsonElement>(line);
            var time = observation.GetProperty("time").GetDateTimeOffset();
            if (time.UtcTicks / Epoch != number && requests.Count > 0)
            {
                yield return (last, [.. requests]);
                requests.Clear();
            }

            (number, last) = (time.UtcTicks / Epoch, time);
            requests.Add((observation.GetProperty("account").GetString()!, observation));
        }

        if (requests.Count > 0) yield return (last, [.. requests]);
    }

    private static IEnumerable<string> Lines(string path)
    {
        using var file = File.OpenRead(path);
        using var content = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
        using var reader = new StreamReader(content);
        while (reader.ReadLine() is { } line) yield return line;
    }
}
