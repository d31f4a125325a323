using AccountGrains.Abstractions.Accounts;
using AccountGrains.Abstractions.Messages;
using AccountGrains.Core.Door;
using Orleans.Placement;

namespace AccountGrains.LoadTests.Serving;

/// <summary>What a call to a grain costs: it takes what an account takes, answers what an account answers, and does nothing.</summary>
[GrainInterfaceType("bare"), Alias("bare")]
public interface IBareGrain : IGrainWithStringKey
{
    /// <summary>Does nothing.</summary>
    [Alias("observe"), ResponseTimeout("00:00:10")]
    ValueTask<VerdictReply> ObserveAsync(Message<Observation> observation);
}

/// <inheritdoc cref="IBareGrain"/>
[GrainType("bare"), PreferLocalPlacement]
internal sealed class BareGrain : Grain, IBareGrain
{
    private static readonly VerdictReply Allow = new()
    {
        Verdict = Core.Verdict.Allow,
        DecisionNumber = 0,
        Durable = true,
        Campaign = 0,
        Score = 0,
        Duplicate = false,
        Reasons = [],
    };

    public ValueTask<VerdictReply> ObserveAsync(Message<Observation> observation) => new(Allow);
}
