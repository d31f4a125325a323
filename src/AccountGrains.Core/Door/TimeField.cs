namespace AccountGrains.Core.Door;

/// <summary>The bounds of an observation's time.</summary>
internal static class TimeField
{
    private const long First = 946_684_800_000; // 2000-01-01
    private const long LastOfReplay = 4_102_444_800_000; // 2100-01-01
    private const long MaxAhead = 5 * 60 * 1_000;

    /// <summary>Reads the time; gives the rule that it breaks, or null.</summary>
    public static string? Take(ReadOnlySpan<byte> text, in DoorContext context, out long time)
    {
        if (!Rfc3339.TryRead(text, out time)) return "must be an RFC 3339 time in UTC";
        if (time < First) return "must not be before 2000-01-01";
        if (context.IsReplay) return time > LastOfReplay ? "must not be after 2100-01-01" : null;
        return time > context.Now + MaxAhead ? "must be at most five minutes ahead of the clock" : null;
    }
}
