using System.Runtime.CompilerServices;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Windows;

/// <summary>How an account's requests spread over the hours of the UTC day. All 24 counters halve when one would pass 255.</summary>
public struct HourProfile
{
    /// <summary>Bytes stored, one for each hour.</summary>
    public const int StoredSize = Hours;

    private const int Hours = 24;

    private Counters _counters;

    /// <summary>The count of an hour, 0..23: 0..255, comparable with the other hours only.</summary>
    public readonly int this[int hour] => _counters[hour];

    /// <summary>
    /// Circadian strength <c>R = |Σ n_h·e^(2πi·h/24)| / Σ n_h</c>, 0..1: 0 when all hours are alike, 1 when one hour has everything.
    /// </summary>
    public readonly double CircadianStrength
    {
        get
        {
            double cosine = 0, sine = 0;
            var total = 0;
            for (var hour = 0; hour < Hours; hour++)
            {
                var (s, c) = Math.SinCos(Math.Tau * hour / Hours);
                cosine += _counters[hour] * c;
                sine += _counters[hour] * s;
                total += _counters[hour];
            }

            return total == 0 ? 0 : Math.Sqrt((cosine * cosine) + (sine * sine)) / total;
        }
    }

    /// <summary>Counts a request at a time: milliseconds since 1970, UTC.</summary>
    public void Add(long time)
    {
        var hour = (int)(time / 3_600_000 % Hours);
        if (_counters[hour] == byte.MaxValue)
        {
            foreach (ref var counter in (Span<byte>)_counters) counter >>= 1;
        }

        _counters[hour]++;
    }

    /// <summary>Adds another copy's counts: exact up to 255 for an hour, halved together above.</summary>
    public void Merge(in HourProfile other)
    {
        var shift = 0;
        for (var hour = 0; hour < Hours; hour++)
        {
            if (_counters[hour] + other._counters[hour] > byte.MaxValue) shift = 1;
        }

        for (var hour = 0; hour < Hours; hour++) _counters[hour] = (byte)((_counters[hour] + other._counters[hour]) >> shift);
    }

    internal readonly void Write(StateWriter writer) => writer.Bytes(_counters);

    internal static HourProfile Read(ref StateReader reader)
    {
        var profile = new HourProfile();
        reader.Bytes(profile._counters);
        return profile;
    }

    [InlineArray(Hours)]
    private struct Counters
    {
        private byte _first;
    }
}
