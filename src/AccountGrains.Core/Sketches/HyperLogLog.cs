using System.Numerics;

namespace AccountGrains.Core.Sketches;

/// <summary>What the two HyperLogLog sketches share (Flajolet et al. 2007). The standard error is 1.04/√m.</summary>
internal static class HyperLogLog
{
    /// <summary>Which of <c>2^bits</c> registers a hash belongs to: its highest bits.</summary>
    public static int RegisterOf(ulong hash, int bits) => (int)(hash >> (64 - bits));

    /// <summary>The rank of a hash: one more than the zeros that the rest of its bits starts with, 1..65-bits.</summary>
    public static int RankOf(ulong hash, int bits) => BitOperations.LeadingZeroCount((hash << bits) | (1UL << (bits - 1))) + 1;

    /// <summary>The estimate, with linear counting up to 2.5·m. It never falls as registers rise: one more of anything is never one less.</summary>
    /// <param name="registers">m.</param>
    /// <param name="sum">Σ 2^(-register).</param>
    /// <param name="zeros">How many registers are 0.</param>
    public static double Estimate(int registers, double sum, int zeros)
    {
        double m = registers;
        var alpha = registers switch { 16 => 0.673, 32 => 0.697, 64 => 0.709, _ => 0.7213 / (1 + (1.079 / m)) };
        var counted = zeros > 0 ? m * Math.Log(m / zeros) : double.PositiveInfinity;
        return counted <= 2.5 * m ? counted : Math.Max(2.5 * m, alpha * m * m / sum);
    }
}
