using System.Globalization;

namespace AccountGrains.Cli.Replay;

/// <summary>What must not have happened in a replay: with any of it the outcome is not to be relied on.</summary>
/// <param name="Resent">Correlation calls that were not acknowledged.</param>
/// <param name="Lost">Decisions whose record found no room.</param>
/// <param name="Dropped">Observations whose reports found no room.</param>
internal readonly record struct ReplayFaults(long Resent, long Lost, long Dropped)
{
    /// <summary>A sentence for each.</summary>
    public IReadOnlyList<string> Sentences =>
    [
        .. Resent == 0 ? [] : (string[])[string.Create(CultureInfo.InvariantCulture, $"{Resent:N0} correlation calls were not acknowledged, and what they said came late: the outcome is not to be relied on.")],
        .. Lost == 0 ? [] : (string[])[string.Create(CultureInfo.InvariantCulture, $"{Lost:N0} decisions found no room and are not in the list: the outcome is not to be relied on.")],
        .. Dropped == 0 ? [] : (string[])[string.Create(CultureInfo.InvariantCulture, $"The reports of {Dropped:N0} observations found no room: the outcome is not to be relied on.")],
    ];
}
