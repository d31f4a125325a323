using System.CommandLine.Parsing;
using System.Globalization;

namespace AccountGrains.Cli.Replay;

/// <summary>Reads the length of an epoch: <c>60s</c>, <c>5m</c>, <c>1h</c> or <c>00:01:00</c>.</summary>
internal static class EpochLength
{
    public static readonly TimeSpan Default = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    public static TimeSpan Parse(ArgumentResult result)
    {
        if (TryParse(result.Tokens[0].Value, out var length) && length >= TimeSpan.FromSeconds(1) && length <= Longest) return length;
        result.AddError("--epoch-length takes 1s to 24h, such as 60s, 5m, 1h or 00:01:00.");
        return Default;
    }

    private static bool TryParse(string text, out TimeSpan length)
    {
        length = default;
        if (text.Length == 0) return false;
        var seconds = text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        if (seconds == 0) return TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out length);
        if (!int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return false;
        length = TimeSpan.FromSeconds((long)count * seconds);
        return true;
    }
}
