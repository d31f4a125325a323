using AccountGrains.Core.Accounts;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.Door;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.Policies;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Tests.Epochs;

/// <summary>A replay of some traffic through the single-threaded engine, and what it left behind.</summary>
internal sealed class Replay
{
    private readonly List<Decision> _decisions = [];

    public Replay(IEnumerable<AccountInput> inputs, IEngineFaults? faults = null, int firstSeenCapacity = 1 << 16, Policy? policy = null, Action<int, Action<int>>? each = null)
    {
        Engine = new Engine(policy ?? Policy.Default, firstSeenCapacity: firstSeenCapacity, faults: faults, each: each);
        foreach (var input in inputs) Engine.Observe(input, _decisions);
        Engine.Close(_decisions);
    }

    public Engine Engine { get; }

    public IReadOnlyList<Decision> Decisions => _decisions;

    /// <summary>The campaigns that verdicts follow from.</summary>
    public IReadOnlyList<Campaign> Active => [.. Engine.Campaigns.Values.Where(c => c.Status == CampaignStatus.Active)];

    /// <summary>The names of accounts whose verdict is not allow.</summary>
    public IReadOnlyList<string> Restricted => [.. Engine.Accounts.Values.Where(a => a.Verdict != Verdict.Allow).Select(a => a.Name).Order(StringComparer.Ordinal)];

    /// <summary>Every account's verdict and the members of every campaign that has any, by name.</summary>
    public (SortedDictionary<string, Verdict> Verdicts, string[] Groups) Findings => (
        new(Engine.Accounts.Values.ToDictionary(a => a.Name, a => a.Verdict), StringComparer.Ordinal),
        [.. Engine.Campaigns.Values.Where(c => c.MemberCount > 0)
            .Select(c => string.Join(' ', c.MembersAfter(null).Select(m => Engine.Accounts[m.Account].Name).Order(StringComparer.Ordinal)))
            .Order(StringComparer.Ordinal)]);

    /// <summary>The stored form of everything, by what it is.</summary>
    public SortedDictionary<string, string> Stored
    {
        get
        {
            var stored = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var account in Engine.Accounts.Values) stored.Add($"account {account.Name}", Convert.ToHexString(account.Write()));
            foreach (var fingerprint in Engine.Fingerprints.Values) stored.Add($"fingerprint {fingerprint.Fingerprint}", Convert.ToHexString(BytesOf(fingerprint)));
            foreach (var campaign in Engine.Campaigns.Values) stored.Add($"campaign {campaign.Id}", Convert.ToHexString(CampaignCodec.Write(campaign)));
            var writer = new StateWriter();
            Engine.Population.Write(writer);
            stored.Add("population", Convert.ToHexString(writer.ToArray()));
            return stored;
        }
    }

    /// <summary>Works more observations in one epoch and closes it; gives what came of the last.</summary>
    public AccountOutcome Observe(params AccountInput[] inputs)
    {
        var outcome = inputs.Select(i => Engine.Observe(i, _decisions)).ToArray()[^1];
        Engine.Close(_decisions);
        return outcome;
    }

    public static byte[] BytesOf(FingerprintState fingerprint)
    {
        var writer = new StateWriter();
        fingerprint.Write(writer);
        return writer.ToArray();
    }
}
