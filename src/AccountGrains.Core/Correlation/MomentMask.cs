using System.Numerics;

namespace AccountGrains.Core.Correlation;

/// <summary>The moments of a sighting as bits, 64 buckets of ten seconds in turn: of nearly all pairs that meet seldom they tell that they do.</summary>
/// <param name="Own">A bit for each of the buckets.</param>
/// <param name="Near">A bit for each bucket that meets one of them.</param>
/// <param name="Alike">How many of the buckets have a bit that another has too.</param>
internal readonly record struct MomentMask(ulong Own, ulong Near, int Alike)
{
    /// <summary>The mask of some buckets.</summary>
    public static MomentMask Of(ReadOnlySpan<long> buckets)
    {
        ulong own = 0, near = 0;
        foreach (var bucket in buckets)
        {
            own |= Bit(bucket);
            near |= Bit(bucket - 1) | Bit(bucket) | Bit(bucket + 1);
        }

        return new MomentMask(own, near, buckets.Length - BitOperations.PopCount(own));
    }

    /// <summary>No more of the buckets than these meet one of another's.</summary>
    public int MostMet(ulong near) => BitOperations.PopCount(Own & near) + Alike;

    private static ulong Bit(long bucket) => 1UL << (int)(bucket & 63);
}
