namespace AccountGrains.Core.Door;

/// <summary>Reads times such as <c>2026-05-01T00:00:12.345Z</c>: RFC 3339, in UTC only.</summary>
internal static class Rfc3339
{
    private const int LengthToSeconds = 19;
    private const int MaxFraction = 9;

    /// <summary>Reads a time as milliseconds since 1970, what is below a millisecond cut off; false when it is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> utf8, out long milliseconds)
    {
        milliseconds = 0;
        if (utf8.Length <= LengthToSeconds || utf8[4] != '-' || utf8[7] != '-' || (utf8[10] | 0x20) != 't' || utf8[13] != ':' || utf8[16] != ':') return false;

        if (!TryNumber(utf8[..4], out var year) || !TryNumber(utf8[5..7], out var month) || !TryNumber(utf8[8..10], out var day)) return false;
        if (!TryNumber(utf8[11..13], out var hour) || !TryNumber(utf8[14..16], out var minute) || !TryNumber(utf8[17..19], out var second)) return false;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        if (hour > 23 || minute > 59 || second > 59) return false;

        var rest = utf8[LengthToSeconds..];
        if (!TryFraction(ref rest, out var fraction) || !IsUtc(rest)) return false;

        var ticks = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks - DateTime.UnixEpoch.Ticks;
        milliseconds = (ticks / TimeSpan.TicksPerMillisecond) + fraction;
        return true;
    }

    private static bool TryFraction(ref ReadOnlySpan<byte> rest, out int milliseconds)
    {
        milliseconds = 0;
        if (rest[0] != '.') return true;

        var digits = rest[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (digits is < 1 or > MaxFraction) return false;
        for (var i = 1; i <= 3; i++) milliseconds = (milliseconds * 10) + (i <= digits ? rest[i] - '0' : 0);
        rest = rest[(digits + 1)..];
        return true;
    }

    private static bool IsUtc(ReadOnlySpan<byte> offset) =>
        offset.SequenceEqual("Z"u8) || offset.SequenceEqual("z"u8) || offset.SequenceEqual("+00:00"u8) || offset.SequenceEqual("-00:00"u8);

    private static bool TryNumber(ReadOnlySpan<byte> digits, out int number)
    {
        number = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9') return false;
            number = (number * 10) + digit - '0';
        }

        return true;
    }
}
