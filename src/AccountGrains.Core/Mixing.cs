using System.Numerics;

namespace AccountGrains.Core;

/// <summary>Bit mixers for values that are keyed already. None of them hides or protects its input.</summary>
public static class Mixing
{
    /// <summary>The finalizer of SplitMix64 (Steele, Lea, Flood 2014): a bijection on 64 bits.</summary>
    public static ulong Mix64(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }

    /// <summary>Joins two values into one; the order counts.</summary>
    public static ulong Join(ulong first, ulong second) => Mix64(first ^ BitOperations.RotateLeft(Mix64(second + 0x9E3779B97F4A7C15UL), 23));
}
