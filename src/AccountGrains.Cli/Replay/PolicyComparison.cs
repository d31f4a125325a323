using AccountGrains.Core;
using AccountGrains.Silo.Http.Views;

namespace AccountGrains.Cli.Replay;

/// <summary>Accounts that end with another verdict than under the default policy.</summary>
/// <param name="From">Their verdict under the default policy.</param>
/// <param name="To">Their verdict under the policy of this replay.</param>
/// <param name="Count">How many.</param>
/// <param name="Accounts">The first of them, by name.</param>
internal sealed record VerdictMove(string From, string To, int Count, IReadOnlyList<string> Accounts);

/// <summary>What a policy does that the default one does not: who would be hit, and who would be let go.</summary>
internal sealed record PolicyComparison
{
    /// <summary>The most accounts named of one move.</summary>
    public const int Named = 100;

    /// <summary>Accounts by their final verdict under the default policy.</summary>
    public required IReadOnlyDictionary<string, int> DefaultVerdicts { get; init; }

    /// <summary>The moves, from the mildest verdict to the strictest.</summary>
    public required IReadOnlyList<VerdictMove> Moves { get; init; }

    /// <summary>Compares what two replays of one file found.</summary>
    public static PolicyComparison Of(ReplayFindings standard, ReplayFindings other)
    {
        var before = Final(standard);
        var after = Final(other);
        var moves = before.Keys.Union(after.Keys)
            .Select(account => (Account: account, From: Of(before, account), To: Of(after, account)))
            .Where(m => m.From != m.To)
            .GroupBy(m => (m.From, m.To)).OrderBy(g => g.Key)
            .Select(g => new VerdictMove(Json.Name(g.Key.From), Json.Name(g.Key.To), g.Count(), [.. g.Select(m => m.Account).Order(StringComparer.Ordinal).Take(Named)]));
        return new PolicyComparison
        {
            DefaultVerdicts = Enum.GetValues<Verdict>().ToDictionary(v => Json.Name(v), v => standard.Verdicts.GetValueOrDefault(v)),
            Moves = [.. moves],
        };
    }

    private static Verdict Of(Dictionary<string, Verdict> verdicts, string account) => verdicts.GetValueOrDefault(account);

    private static Dictionary<string, Verdict> Final(ReplayFindings findings)
    {
        var final = new Dictionary<string, Verdict>(StringComparer.Ordinal);
        foreach (var decision in findings.Decisions) final[decision.Account] = Enum.Parse<Verdict>(decision.Verdict, ignoreCase: true);
        return final;
    }
}
