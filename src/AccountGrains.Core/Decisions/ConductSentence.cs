using System.Globalization;

namespace AccountGrains.Core.Decisions;

/// <summary>What the reasons of an account's own conduct are called, and say.</summary>
internal static class ConductSentence
{
    public static string NameOf(ReasonCode code) => code switch
    {
        ReasonCode.OwnRate => "own-rate",
        ReasonCode.OwnTokens => "own-tokens",
        ReasonCode.OwnStart => "own-start",
        ReasonCode.OwnPlanUse => "own-plan-use",
        ReasonCode.OwnRhythm => "own-rhythm",
        ReasonCode.OwnRepetition => "own-repetition",
        ReasonCode.OwnFocus => "own-focus",
        ReasonCode.OwnElicitation => "own-elicitation",
        ReasonCode.OwnPivot => "own-pivot",
        _ => "none",
    };

    /// <summary>Names what was seen and what half of the accounts of its plan do not exceed.</summary>
    public static string Of(in Reason reason)
    {
        var expected = MathF.Round(reason.Expected);
        return TextOf(reason.Code) is { } text ? string.Format(CultureInfo.InvariantCulture, text, reason.Seen, expected) : "";
    }

    private static string? TextOf(ReasonCode code) => code switch
    {
        ReasonCode.OwnRate => "it sent {0} requests on its last full day, and half of its plan's accounts send no more than {1}",
        ReasonCode.OwnTokens => "it took {0} thousand tokens on its last full day, and half of its plan's accounts take no more than {1}",
        ReasonCode.OwnStart => "it began with {0} requests a day, and half of its plan's accounts begin with no more than {1}",
        ReasonCode.OwnPlanUse => "it took {0} thousand tokens on its last full day, as accounts of the plan do that uses most; half of its own plan's take no more than {1}",
        ReasonCode.OwnRhythm => "its hours of the day are alike to {0} %, and those of half of its plan's accounts to no more than {1} %",
        ReasonCode.OwnRepetition => "two of its prompts begin alike in {0} % of cases, and in half of its plan's accounts in no more than {1} %",
        ReasonCode.OwnFocus => "two of its requests ask for the same in {0} % of cases, and in half of its plan's accounts in no more than {1} %",
        ReasonCode.OwnElicitation => "its latest prompts ask for the reasoning itself to {0} %, and those of half of its plan's accounts to no more than {1} %",
        ReasonCode.OwnPivot => "{0} % of its requests on its last full day went to models that came out after it began, and in half of its plan's accounts no more than {1} % on the same day",
        _ => null,
    };
}
