using AccountGrains.Core.States;

namespace AccountGrains.Core.Windows;

/// <summary>
/// The shape of the gaps between an account's requests: mean and variance of their logarithm (Welford), in which a gap's weight
/// falls by 1/256 with each later one. Logarithms keep one long night from hiding a beat.
/// </summary>
public struct GapShape
{
    /// <summary>Bytes stored.</summary>
    public const int StoredSize = 12;

    private const float Kept = 1 - (1f / 256);

    // The standard deviation of ln(gap) when arrivals are independent at a steady rate: pi / sqrt(6).
    private const double PoissonDeviation = 1.2825498301618641;

    private float _weight;
    private float _mean;
    private float _variance;

    /// <summary>How many gaps the shape rests on, 0..256.</summary>
    public readonly double Weight => _weight;

    /// <summary>The mean of ln(gap in seconds); 0 without a gap.</summary>
    public readonly double Mean => _mean;

    /// <summary>The variance of ln(gap in seconds), at least 0.</summary>
    public readonly double Variance => _variance;

    /// <summary>The geometric mean of the gaps in seconds, 0 without a gap.</summary>
    public readonly double TypicalSeconds => _weight == 0 ? 0 : Math.Exp(_mean);

    /// <summary>The deviation of ln(gap) as a share of that of independent arrivals: 0 for a clock, 1 for chance, above for bursts.</summary>
    public readonly double Variation => Math.Sqrt(_variance) / PoissonDeviation;

    /// <summary>
    /// Burstiness <c>(r-1)/(r+1)</c> with r = <see cref="Variation"/>, after Goh and Barabási 2008: -1 for a clock, 0 for chance,
    /// towards 1 for bursts. 0 with fewer than three gaps.
    /// </summary>
    public readonly double Burstiness => _weight < 2.9f ? 0 : (Variation - 1) / (Variation + 1);

    /// <summary>Counts a gap.</summary>
    /// <param name="gap">Milliseconds; 0 counts as 1.</param>
    public void Add(long gap)
    {
        var value = (float)Math.Log(Math.Max(1, gap) / 1000.0);
        var old = _weight * Kept;
        _weight = old + 1;
        var distance = value - _mean;
        _mean += distance / _weight;
        _variance = old / _weight * (_variance + (distance * distance / _weight));
    }

    /// <summary>Pools another copy's gaps (Chan et al.), to the precision of a single; gaps across the two are nobody's.</summary>
    public void Merge(GapShape other)
    {
        var weight = _weight + other._weight;
        if (weight == 0) return;
        var distance = other._mean - _mean;
        var share = other._weight / weight;
        _mean += distance * share;
        _variance = (_variance * (1 - share)) + (other._variance * share) + (distance * distance * share * (1 - share));
        _weight = Math.Min(weight, 256);
    }

    internal readonly void Write(StateWriter writer)
    {
        writer.Single(_weight);
        writer.Single(_mean);
        writer.Single(_variance);
    }

    internal static GapShape Read(ref StateReader reader) =>
        new() { _weight = reader.Single(), _mean = reader.Single(), _variance = reader.Single() };
}
