using AccountGrains.Core.States;

namespace AccountGrains.Core.Windows;

/// <summary>A time in 48 bits: milliseconds since 1970, UTC, up to the year 10,889.</summary>
internal static class ShortTime
{
    public const int StoredSize = 6;

    public static void Write(StateWriter writer, long time)
    {
        writer.UInt32((uint)time);
        writer.UInt16((ushort)(time >> 32));
    }

    public static long Read(ref StateReader reader)
    {
        long low = reader.UInt32();
        return low | ((long)reader.UInt16() << 32);
    }
}
