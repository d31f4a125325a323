namespace AccountGrains.Core.Windows;

/// <summary>Exponential forward decay (Cormode et al., ICDE 2009) and the days and times that windows share.</summary>
public static class Decay
{
    /// <summary>Milliseconds in a UTC day.</summary>
    public const long Day = 86_400_000;

    private const double Ln2 = 0.693147180559945309417232;

    /// <summary>What is left of one unit: <c>2^(-elapsed/halfLife)</c>, 0..1.</summary>
    /// <param name="elapsed">Milliseconds, at least 0.</param>
    /// <param name="halfLife">Milliseconds, above 0.</param>
    public static double Factor(long elapsed, long halfLife) => elapsed == 0 ? 1 : Math.Exp(-Ln2 * elapsed / halfLife);

    /// <summary>The steady rate in events a second at which a counter would hold this value: <c>value·ln2/halfLife</c>.</summary>
    public static double Rate(double value, long halfLife) => value * (Ln2 * 1000) / halfLife;

    /// <summary>The UTC day of a time: whole days since 1970.</summary>
    /// <param name="time">Milliseconds since 1970, UTC.</param>
    public static int DayOf(long time) => (int)(time / Day);
}
