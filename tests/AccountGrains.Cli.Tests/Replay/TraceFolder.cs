using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace AccountGrains.Cli.Tests.Replay;

/// <summary>A folder of its own with a small trace: accounts that share an address, and two that are banned.</summary>
public sealed class TraceFolder : IDisposable
{
    public const int Lines = 202;

    private readonly string _folder = Directory.CreateTempSubdirectory("replay-").FullName;

    public string this[string name] => Path.Combine(_folder, name);

    /// <summary>Writes the good lines, with others behind line 100.</summary>
    public string Write(string name, params string[] others)
    {
        string[] lines = [.. Good().Take(100), .. others, .. Good().Skip(100)];
        var text = Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n")));
        using Stream file = File.Create(this[name]);
        using var stream = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : file;
        stream.Write(text);
        return this[name];
    }

    public JsonElement ReadJson(string name) => JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(this[name]));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static IEnumerable<string> Good()
    {
        for (var i = 0; i < 200; i++)
        {
            yield return $$"""{"type":"request","time":"2026-05-01T0{{i / 180}}:{{i / 3 % 60:00}}:{{i % 3 * 20:00}}.000Z","account":"a{{i % 20}}","requestId":"r{{(i == 199 ? 179 : i)}}","ip":"192.0.2.{{i % 5}}","prompt":"sum up page {{i}} of the report in one line"}""";
        }

        yield return """{"type":"ban","time":"2026-05-01T04:00:00.000Z","account":"a1","reason":"fraud"}""";
        yield return """{"type":"ban","time":"2026-05-01T04:00:00.000Z","account":"a0","reason":"fraud"}""";
    }
}
