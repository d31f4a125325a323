using AccountGrains.Core.Sketches;
using AccountGrains.Core.Windows;

namespace AccountGrains.Core.Conduct;

/// <summary>
/// How an account behaves, as eight numbers of one byte: 0 for one that is not known yet. Numbers of things are logarithms, shares are in 254ths. It is
/// measured alike in all accounts and at any time, so that one can be compared with others.
/// </summary>
/// <param name="Packed">All eight, the first in the lowest byte.</param>
public readonly record struct ConductProfile(ulong Packed)
{
    /// <summary>The number of measures.</summary>
    public const int Measures = 8;

    private const int FewestRequests = 20;
    private const int FewestHours = 64;
    private const int FewestOfDay = 5;
    private const int FewestDays = 3;
    private const double ShortestStart = 0.25;
    private const int RequestsScale = 8;
    private const int TokensScale = 6;
    private const double ShareScale = 254;

    /// <summary>The code of a measure, 0 when it is not known.</summary>
    public byte this[ConductMeasure measure] => (byte)(Packed >> (8 * (int)measure));

    /// <summary>What a code stands for: a number of requests or tokens, or a share, 0..1.</summary>
    public static double ValueOf(ConductMeasure measure, byte code) => measure switch
    {
        ConductMeasure.Requests or ConductMeasure.Start => Math.Pow(2, (code - 1) / (double)RequestsScale) - 1,
        ConductMeasure.Tokens => Math.Pow(2, (code - 1) / (double)TokensScale) - 1,
        _ => (code - 1) / ShareScale,
    };

    /// <summary>The profile of what an account did up to its last full day, and of all its prompts.</summary>
    public static ConductProfile Of(AccountBehaviour account)
    {
        ArgumentNullException.ThrowIfNull(account);
        ref readonly var days = ref account.Days;
        var (last, active, requests) = Past(days);
        return default(ConductProfile)
            .With(ConductMeasure.Requests, last.Requests == 0 ? (byte)0 : Logarithm(last.Requests, RequestsScale))
            .With(ConductMeasure.Tokens, last.Requests == 0 ? (byte)0 : Logarithm((double)last.InputTokens + last.OutputTokens, TokensScale))
            .With(ConductMeasure.Start, StartOf(account))
            .With(ConductMeasure.Flatness, active < FewestDays ? (byte)0 : FlatnessOf(account.Hours))
            .With(ConductMeasure.Repetition, ConcentrationOf(account.Templates))
            .With(ConductMeasure.Focus, ConcentrationOf(account.Capabilities))
            .With(ConductMeasure.Elicitation, requests < FewestRequests ? (byte)0 : Share(account.Elicitation))
            .With(ConductMeasure.Pivot, last.Requests < FewestOfDay ? (byte)0 : Share(account.Pivot));
    }

    /// <summary>The last full day on which it sent something, the number of such days, and of their requests.</summary>
    private static (DailyTotal Last, int Active, long Requests) Past(in DailyTotals days)
    {
        DailyTotal last = default;
        var active = 0;
        long requests = 0;
        for (var day = days.NewestDay - 1; day > days.NewestDay - DailyTotals.Days; day--)
        {
            var total = days[day];
            if (total.Requests == 0) continue;
            if (active++ == 0) last = total;
            requests += total.Requests;
        }

        return (last, active, requests);
    }

    /// <summary>Accounts of a declared organization begin as it likes: where they come from is known.</summary>
    private static byte StartOf(AccountBehaviour account)
    {
        if (account.SignupAt == 0 || account.Organization != 0) return 0;
        var day = Decay.DayOf(account.SignupAt);
        if (day >= account.Days.NewestDay || day <= account.Days.NewestDay - DailyTotals.Days) return 0;
        var left = 1 - (account.SignupAt % Decay.Day / (double)Decay.Day);
        return Logarithm(account.Days[day].Requests / Math.Max(ShortestStart, left), RequestsScale);
    }

    /// <summary>One less the strength of its rhythm, without what chance alone gives to few requests.</summary>
    private static byte FlatnessOf(in HourProfile hours)
    {
        var count = 0;
        for (var hour = 0; hour < 24; hour++) count += hours[hour];
        if (count < FewestHours) return 0;
        var strength = hours.CircadianStrength;
        return Share(1 - Math.Sqrt(Math.Max(0, ((count * strength * strength) - 1) / (count - 1))));
    }

    private static byte ConcentrationOf<TKey>(in HeavyHitters<TKey> hitters)
        where TKey : unmanaged, IHeavyHitterKey<TKey>
    {
        double total = 0, squares = 0;
        for (var i = 0; i < HeavyHitters<TKey>.Capacity; i++)
        {
            double count = hitters[i].Count;
            total += count;
            squares += count * count;
        }

        return total < FewestRequests ? (byte)0 : Share(squares / (total * total));
    }

    private static byte Logarithm(double number, int scale) => (byte)Math.Min(byte.MaxValue, 1 + Math.Round(scale * Math.Log2(1 + number)));

    private static byte Share(double share) => (byte)(1 + Math.Round(ShareScale * Math.Clamp(share, 0, 1)));

    private ConductProfile With(ConductMeasure measure, byte code) => new(Packed | ((ulong)code << (8 * (int)measure)));
}
