using Microsoft.Extensions.Options;

namespace AccountGrains.Silo.Policies;

/// <summary>Checks what members of <see cref="PolicyOptions"/> demand of each other.</summary>
internal sealed class PolicyOptionsRules : IValidateOptions<PolicyOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, PolicyOptions options)
    {
        List<string> broken = [];
        Require(options.ThrottleScore > options.ChallengeScore, "ThrottleScore", "above ChallengeScore");
        Require(options.ChallengeScore > options.ReleaseScore, "ReleaseScore", "below ChallengeScore");
        Require(options.FamilyCap >= options.ValueWeight, "FamilyCap", "at least ValueWeight");
        Require(options.CardNumberInOnePlace >= options.CardNumber, "CardNumberInOnePlace", "at least CardNumber");
        Require(options.MemberLimit >= options.ActiveMembers, "MemberLimit", "at least ActiveMembers");
        Require(options.BurstSurprise >= options.GatherSurprise, "BurstSurprise", "at least GatherSurprise");
        Require(options.WorkShare > options.WorkChance, "WorkShare", "above WorkChance");
        Require(options.LenientShare > options.LenientChance, "LenientShare", "above LenientChance");
        return broken.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(broken);

        void Require(bool holds, string key, string rule)
        {
            if (!holds) broken.Add($"{PolicyOptions.Section}:{key} must be {rule}.");
        }
    }
}
