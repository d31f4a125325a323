using AccountGrains.Core.Accounts;

namespace AccountGrains.Core.Correlation;

/// <summary>
/// The moments at which two accounts sent something together, against what chance makes of their number: of the time that is known of both, each moment
/// of the one covers three buckets. Around each fifth minute all clock-driven jobs of the world run: such moments count for nothing.
/// </summary>
internal static class SharedMoments
{
    private const int Fewest = 4;
    private const int Clock = 30;
    private const int Covered = 3;

    /// <summary>The surprise in nats that two accounts meet as often; 0 where they hardly do.</summary>
    public static double SurpriseOf(Sighting one, Sighting other)
    {
        if (one.Moments < Fewest || other.Moments < Fewest) return 0;
        Span<long> ours = stackalloc long[Moments.Count], theirs = stackalloc long[Moments.Count];
        ours = ours[..Take(one.Row, ours)];
        theirs = theirs[..Take(other.Row, theirs)];
        if (ours.Length < Fewest || theirs.Length < Fewest) return 0;
        long first = Math.Max(ours[^1], theirs[^1]) - 1, last = Math.Min(ours[0], theirs[0]) + 1;
        int mine = Within(ours, first, last), yours = Within(theirs, first, last), met = 0;
        foreach (var moment in ours) met += Meets(moment, theirs) ? 1 : 0;
        return met < Fewest ? 0 : Likelihood.Surprise(met, Math.Min(mine, mine * yours * Covered / (last - first + 1.0)));
    }

    /// <summary>The moments of a sighting that count, as bits.</summary>
    public static MomentMask MaskOf(in SightingRow sighting)
    {
        Span<long> moments = stackalloc long[Moments.Count];
        return MomentMask.Of(moments[..Take(sighting, moments)]);
    }

    /// <summary>False when two accounts meet so seldom that it surprises nobody.</summary>
    public static bool MayMeet(in MomentMask one, ulong nearOther) => one.MostMet(nearOther) >= Fewest;

    /// <summary>The moments at which both sent something, in order.</summary>
    public static IReadOnlyList<long> Of(Sighting one, Sighting other)
    {
        Span<long> ours = stackalloc long[Moments.Count], theirs = stackalloc long[Moments.Count];
        theirs = theirs[..Take(other.Row, theirs)];
        var shared = new List<long>();
        foreach (var moment in ours[..Take(one.Row, ours)])
        {
            if (Meets(moment, theirs)) shared.Insert(0, moment);
        }

        return shared;
    }

    private static bool Meets(long moment, ReadOnlySpan<long> others)
    {
        foreach (var other in others)
        {
            if (Math.Abs(moment - other) <= 1) return true;
        }

        return false;
    }

    private static int Within(ReadOnlySpan<long> moments, long first, long last)
    {
        var count = 0;
        foreach (var moment in moments) count += moment >= first && moment <= last ? 1 : 0;
        return count;
    }

    /// <summary>Latest first, without those of the clock.</summary>
    private static int Take(in SightingRow sighting, Span<long> moments)
    {
        var count = 0;
        for (var i = 0; i < sighting.Moments; i++)
        {
            var moment = sighting.Moment(i);
            if ((moment + 1) % Clock > 2) moments[count++] = moment;
        }

        return count;
    }
}
