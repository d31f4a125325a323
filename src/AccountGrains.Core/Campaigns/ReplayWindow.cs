using AccountGrains.Core.States;

namespace AccountGrains.Core.Campaigns;

/// <summary>
/// Tells a message that was taken before from a new one, by its number: the highest seen and the 64 before it, as the anti-replay window of RFC 4303
/// does. A number older than the window counts as taken.
/// </summary>
internal struct ReplayWindow
{
    private const int Size = 64;
    private int _highest;
    private ulong _seen;

    /// <summary>Notes a number, which counts from 1; false when it was taken before.</summary>
    public bool Take(int number)
    {
        if (number > _highest)
        {
            var ahead = number - _highest;
            _seen = ahead >= Size ? 1 : (_seen << ahead) | 1;
            _highest = number;
            return true;
        }

        var behind = _highest - number;
        if (behind >= Size || (_seen & (1UL << behind)) != 0) return false;
        _seen |= 1UL << behind;
        return true;
    }

    public readonly void Write(StateWriter writer)
    {
        writer.Int32(_highest);
        writer.UInt64(_seen);
    }

    public static ReplayWindow Read(ref StateReader reader) => new() { _highest = reader.Int32(), _seen = reader.UInt64() };
}
