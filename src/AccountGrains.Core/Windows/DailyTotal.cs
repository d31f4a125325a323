namespace AccountGrains.Core.Windows;

/// <summary>What an account did on one UTC day. Every number stays at its limit when it would pass it.</summary>
/// <param name="Requests">Requests, at most <see cref="MaxRequests"/>.</param>
/// <param name="InputTokens">Tokens read by the model, at most 4,294,967,295.</param>
/// <param name="OutputTokens">Tokens written by the model, at most 4,294,967,295.</param>
public readonly record struct DailyTotal(uint Requests, uint InputTokens, uint OutputTokens)
{
    /// <summary>The most requests that a day counts, 194 a second all day: they are stored in 24 bits.</summary>
    public const uint MaxRequests = 0xFF_FFFF;

    internal DailyTotal Plus(long requests, long inputTokens, long outputTokens) => new(
        Sum(Requests, requests, MaxRequests), Sum(InputTokens, inputTokens, uint.MaxValue), Sum(OutputTokens, outputTokens, uint.MaxValue));

    private static uint Sum(uint total, long more, uint limit) => more >= limit - total ? limit : (uint)(total + more);
}
