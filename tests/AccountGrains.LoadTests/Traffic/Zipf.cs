namespace AccountGrains.LoadTests.Traffic;

/// <summary>
/// Draws 0..n-1 with a probability in proportion to 1/(k+1)^s, for any n, without tables: rejection-inversion (Hörmann and Derflinger 1996).
/// </summary>
internal sealed class Zipf
{
    private readonly double _exponent;
    private readonly int _count;
    private readonly double _first;
    private readonly double _last;
    private readonly double _accept;

    public Zipf(int count, double exponent)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exponent);
        _count = count;
        _exponent = exponent;
        _first = Integral(1.5) - 1;
        _last = Integral(count + 0.5);
        _accept = 2 - Inverse(Integral(2.5) - Density(2));
    }

    /// <summary>Draws one.</summary>
    public int Next(Random random)
    {
        while (true)
        {
            var u = _last + (random.NextDouble() * (_first - _last));
            var x = Inverse(u);
            var k = Math.Clamp((int)(x + 0.5), 1, _count);
            if (k - x <= _accept || u >= Integral(k + 0.5) - Density(k)) return k - 1;
        }
    }

    private double Density(double x) => Math.Exp(-_exponent * Math.Log(x));

    private double Integral(double x)
    {
        var log = Math.Log(x);
        return Ratio((1 - _exponent) * log) * log;
    }

    private double Inverse(double x)
    {
        var t = Math.Max(-1, x * (1 - _exponent));
        return Math.Exp(LogRatio(t) * x);
    }

    // (e^x - 1)/x and ln(1+x)/x, also near 0, where the exponent is near 1.
    private static double Ratio(double x) => Math.Abs(x) > 1e-8 ? (Math.Exp(x) - 1) / x : 1 + (x / 2);

    private static double LogRatio(double x) => Math.Abs(x) > 1e-8 ? Math.Log(1 + x) / x : 1 - (x / 2);
}
