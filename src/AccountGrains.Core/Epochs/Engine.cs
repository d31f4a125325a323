using AccountGrains.Core.Accounts;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.Door;
using AccountGrains.Core.Policies;

namespace AccountGrains.Core.Epochs;

/// <summary>
/// The whole tracker in one class without Orleans, single-threaded unless it is given something else to work with: observations in the order of their times,
/// epochs as spans of event time. It is the model that the cluster is tested against.
/// </summary>
public sealed class Engine
{
    private readonly Dictionary<AccountId, AccountState> _accounts = [];
    private readonly Policy _policy;
    private readonly long _epochLength;
    private readonly EpochSite _site;
    private readonly EpochPipeline _pipeline;
    private long _epoch = long.MinValue;

    /// <summary>An engine with a policy, epochs of the given length in milliseconds, and a first-seen table of the given size.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="epochLength">The length of an epoch in milliseconds.</param>
    /// <param name="firstSeenCapacity">The number of entries of the first-seen table.</param>
    /// <param name="faults">What loses messages, for tests.</param>
    /// <param name="each">
    /// Does some work for each number below the first, and returns when all of it is done: fingerprints, and campaigns, have nothing to do with one another
    /// while an epoch ends, so that it may do it in any order and at the same time. One after the other when it is null.
    /// </param>
    public Engine(Policy policy, long epochLength = 60_000, int firstSeenCapacity = 1 << 20, IEngineFaults? faults = null, Action<int, Action<int>>? each = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epochLength, 1);
        _policy = policy;
        _epochLength = epochLength;
        Host = new EngineHost(_accounts, each);
        Host.Snapshot = Snapshot.Empty(policy);
        _site = new EpochSite(faults?.Before((ISiteHost)Host) ?? Host, EngineSites.NoPeers, firstSeenCapacity);
        var sites = new EngineSites(_site, Host);
        _pipeline = new EpochPipeline(faults?.Before((IEpochHost)Host) ?? Host, sites, new Population());
    }

    /// <summary>The accounts.</summary>
    public IReadOnlyDictionary<AccountId, AccountState> Accounts => _accounts;

    /// <summary>The fingerprints that are more than an entry of the first-seen table.</summary>
    public IReadOnlyDictionary<Fingerprint, FingerprintState> Fingerprints => Host.Fingerprints;

    /// <summary>The campaigns, tombstones included.</summary>
    public IReadOnlyDictionary<CampaignId, Campaign> Campaigns => Host.Campaigns;

    /// <summary>The shards, which hold the first-seen table.</summary>
    public ShardSet FirstSeen => _site.Shards;

    /// <summary>The population.</summary>
    public Population Population => _pipeline.Population;

    /// <summary>The snapshot that verdicts read now.</summary>
    public Snapshot Snapshot => Host.Snapshot;

    /// <summary>Messages so far.</summary>
    public EpochCounts Counts => _pipeline.Counts;

    internal EngineHost Host { get; }

    internal EpochSite Site => _site;

    /// <summary>Works one observation; closes epochs that end before it. Decisions go to the list, in their order.</summary>
    public AccountOutcome Observe(in AccountInput input, ICollection<Decision> decisions)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        var epoch = Epoch.Of(input.Time, _epochLength);
        if (_epoch == long.MinValue) _epoch = epoch;
        if (epoch > _epoch)
        {
            Close(decisions);
            _epoch = epoch;
        }

        if (!_accounts.TryGetValue(input.Account, out var state)) _accounts.Add(input.Account, state = new AccountState(input.Account));
        var outcome = AccountRules.Observe(state, input, Host.Snapshot);
        if (outcome.Duplicate) return outcome;
        _site.Batch.Add(input, state, outcome);
        if (outcome.Decision is { } decision) decisions.Add(decision);
        return outcome;
    }

    /// <summary>Closes the current epoch.</summary>
    public void Close(ICollection<Decision> decisions)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        if (_epoch == long.MinValue) return;
        var work = _pipeline.CloseAsync(Epoch.EndOf(_epoch, _epochLength), _policy);
        if (!work.IsCompleted) throw new InvalidOperationException("The engine's host has to answer at once.");
        foreach (var decision in work.GetAwaiter().GetResult()) decisions.Add(decision);
    }
}

/// <summary>Puts something that loses messages before the engine's host, for tests.</summary>
public interface IEngineFaults
{
    /// <summary>Before what a site calls.</summary>
    ISiteHost Before(ISiteHost host);

    /// <summary>Before what is called once for all sites.</summary>
    IEpochHost Before(IEpochHost host);
}

/// <summary>Epochs as spans of event time.</summary>
public static class Epoch
{
    /// <summary>The number of the epoch that a time falls into.</summary>
    public static long Of(long time, long length) => (long)Math.Floor((decimal)time / length);

    /// <summary>The first millisecond after an epoch.</summary>
    public static long EndOf(long epoch, long length) => (epoch + 1) * length;
}
