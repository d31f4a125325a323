using AccountGrains.Core.Policies;
using AccountGrains.Core.Windows;

namespace AccountGrains.Core.Conduct;

/// <summary>The strongest that an account's own behaviour says against it.</summary>
/// <param name="Signal">What; none when nothing does.</param>
/// <param name="Weight">What it is worth, in nats.</param>
/// <param name="Seen">What was seen: requests, thousands of tokens, or a share in percent.</param>
/// <param name="Expected">What half of the accounts of its plan do not exceed.</param>
public readonly record struct ConductEvidence(ConductSignal Signal, float Weight, int Seen, float Expected)
{
    private const double PlanStep = 4;

    private static readonly (ConductSignal Signal, ConductMeasure Measure)[] Compared =
    [
        (ConductSignal.Rate, ConductMeasure.Requests), (ConductSignal.Tokens, ConductMeasure.Tokens), (ConductSignal.NoRamp, ConductMeasure.Start),
        (ConductSignal.NoRhythm, ConductMeasure.Flatness), (ConductSignal.Repetition, ConductMeasure.Repetition), (ConductSignal.Focus, ConductMeasure.Focus),
        (ConductSignal.Elicitation, ConductMeasure.Elicitation), (ConductSignal.Pivot, ConductMeasure.Pivot),
    ];

    /// <summary>
    /// Compares an account with those of its plan. All signals have one cause, so that the strongest counts; and what an ordinary account shows by a chance
    /// of p is worth the mean of all fair bets against that chance (Vovk and Wang 2021): <c>ln((1 − p + p ln p)/(p ln² p))</c>, so that one in a hundred is 1.5 nats.
    /// </summary>
    public static ConductEvidence Of(AccountBehaviour account, ConductNorms norms, Policy policy)
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentNullException.ThrowIfNull(norms);
        ArgumentNullException.ThrowIfNull(policy);
        if (policy.ConductCap <= 0 || norms.Find(account.PlanMark) is not { } plan) return default;
        var profile = ConductProfile.Of(account);
        var strongest = PlanUse(profile, plan, norms, policy);
        foreach (var (signal, measure) in Compared)
        {
            if (profile[measure] == 0 || plan.CountOf(measure) == 0 || (signal == ConductSignal.Pivot && norms.Day != account.Days.NewestDay)) continue;
            var weight = policy.FactorOf(signal) * WeightOf(plan.TailOf(measure, profile[measure]));
            if (weight > strongest.Weight) strongest = Found(signal, weight, measure, profile[measure], plan, policy);
        }

        return strongest;
    }

    /// <summary>What it is worth that something was seen whose like an ordinary account shows by a chance of p; never below 0.</summary>
    public static double WeightOf(double p)
    {
        if (p >= 1) return 0;
        var logarithm = Math.Log(p);
        return Math.Max(0, Math.Log((1 - p + (p * logarithm)) / (p * logarithm * logarithm)));
    }

    /// <summary>
    /// One half of the accounts of the plan that uses most take more tokens than its middle: the share of this plan that does is the chance that an ordinary
    /// account of it would.
    /// </summary>
    private static ConductEvidence PlanUse(ConductProfile profile, PlanNorms plan, ConductNorms norms, Policy policy)
    {
        const ConductMeasure Tokens = ConductMeasure.Tokens;
        var (used, most) = (profile[Tokens], norms.MostTokens);
        var step = ConductProfile.ValueOf(Tokens, most) / Math.Max(1, ConductProfile.ValueOf(Tokens, plan.MedianOf(Tokens)));
        if (plan.Plan == 0 || plan.CountOf(Tokens) == 0 || used < most || step < PlanStep) return default;
        var weight = policy.FactorOf(ConductSignal.PlanUse) * Math.Log(0.5 / plan.TailOf(Tokens, most));
        return weight > 0 ? Found(ConductSignal.PlanUse, weight, Tokens, used, plan, policy) : default;
    }

    private static ConductEvidence Found(ConductSignal signal, double weight, ConductMeasure measure, byte code, PlanNorms plan, Policy policy) =>
        new(signal, (float)Math.Min(policy.ConductCap, weight), (int)Math.Round(Shown(measure, code)), (float)Shown(measure, plan.MedianOf(measure)));

    private static double Shown(ConductMeasure measure, byte code)
    {
        var value = ConductProfile.ValueOf(measure, code);
        return measure switch
        {
            ConductMeasure.Requests or ConductMeasure.Start => Math.Min(int.MaxValue, value),
            ConductMeasure.Tokens => Math.Min(int.MaxValue, value / 1000),
            _ => 100 * value,
        };
    }
}
