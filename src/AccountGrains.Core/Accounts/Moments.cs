using System.Runtime.CompilerServices;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Accounts;

/// <summary>
/// The last moments at which an account sent something, latest first: numbers of ten seconds, 24 bits of each, and at least five minutes apart, so that
/// what it sends in one go is one moment. They are compared with the moments at which a campaign's members act together.
/// </summary>
public struct Moments
{
    /// <summary>The number of moments kept.</summary>
    public const int Count = 6;

    /// <summary>The size of the stored form in bytes.</summary>
    public const int StoredSize = Count * 3;

    private const uint Bits = 0xFFFFFF;
    private const uint Apart = 30;
    private Ring _ring;

    /// <summary>The 24 bits that stand for a bucket of ten seconds.</summary>
    public static uint MarkOf(long bucket) => (uint)bucket & Bits;

    /// <summary>The bucket that a mark stands for, the nearest to a time.</summary>
    public static long BucketOf(uint mark, long time)
    {
        var now = time / BurstWatch.Bucket;
        var since = (MarkOf(now) - mark) & Bits;
        return since <= Bits / 2 ? now - since : now + (Bits + 1L - since);
    }

    /// <summary>The mark of a moment, 0 the latest; 0 where there is none.</summary>
    public readonly uint this[int place] => _ring[place];

    /// <summary>Notes a request, unless it belongs to the last moment or is late.</summary>
    public void Take(long time)
    {
        var mark = MarkOf(time / BurstWatch.Bucket);
        var since = (mark - _ring[0]) & Bits;
        if (_ring[0] != 0 && (since < Apart || since > Bits / 2)) return;
        for (var i = Count - 1; i > 0; i--) _ring[i] = _ring[i - 1];
        _ring[0] = mark;
    }

    internal readonly void Write(StateWriter writer)
    {
        foreach (var mark in (ReadOnlySpan<uint>)_ring) writer.UInt24(mark);
    }

    internal static Moments Read(ref StateReader reader)
    {
        var moments = new Moments();
        for (var i = 0; i < Count; i++) moments._ring[i] = reader.UInt24();
        return moments;
    }

    [InlineArray(Count)]
    private struct Ring
    {
        private uint _first;
    }
}
