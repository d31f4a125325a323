using AccountGrains.Abstractions.Accounts;
using AccountGrains.Silo.Http.Views;

namespace AccountGrains.LoadTests.Targets;

/// <summary>Tells answers and failures of calls to grains apart.</summary>
internal static class Answers
{
    /// <summary>What a reply counts as.</summary>
    public static Answer Of(in VerdictReply reply) => reply.Duplicate ? Answer.Duplicate : Answer.Live;

    /// <summary>What a verdict of the door counts as.</summary>
    public static Answer Of(VerdictView verdict) => verdict.State switch
    {
        "live" => verdict.Duplicate == true ? Answer.Duplicate : Answer.Live,
        "stale" => Answer.Stale,
        _ => Answer.Fallback,
    };

    /// <summary>What a failure counts as.</summary>
    public static Answer Of(Exception failure) => failure switch
    {
        TimeoutException => Answer.TimedOut,
        LimitExceededException or GatewayTooBusyException => Answer.Refused,
        _ => Answer.Failed,
    };
}
