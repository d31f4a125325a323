using AccountGrains.Core.Accounts;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.Door;
using AccountGrains.Core.Policies;

namespace AccountGrains.Core.Epochs;

/// <summary>
/// The whole tracker in one single-threaded class without Orleans: observations in the order of their times, epochs as spans of event time. It is the
/// model that the cluster is tested against.
/// </summary>
public sealed class Engine
{
    private readonly Dictionary<AccountId, AccountState> _accounts = [];
    private readonly Policy _policy;
    private readonly long _epochLength;
    private readonly EpochPipeline _pipeline;
    private EpochBatch _batch = new();
    private long _epoch = long.MinValue;

    /// <summary>An engine with a policy, epochs of the given length in milliseconds, and a first-seen table of the given size.</summary>
    public Engine(Policy policy, long epochLength = 60_000, int firstSeenCapacity = 1 << 20, Func<IEpochHost, IEpochHost>? faults = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epochLength, 1);
        _policy = policy;
        _epochLength = epochLength;
        Host = new EngineHost(_accounts);
        FirstSeen = new FirstSeenTable(firstSeenCapacity);
        _pipeline = new EpochPipeline(faults?.Invoke(Host) ?? Host, FirstSeen, Population);
        _pipeline.Start(Snapshot.Empty(policy));
    }

    /// <summary>The accounts.</summary>
    public IReadOnlyDictionary<AccountId, AccountState> Accounts => _accounts;

    /// <summary>The fingerprints that are more than an entry of the first-seen table.</summary>
    public IReadOnlyDictionary<Fingerprint, FingerprintState> Fingerprints => Host.Fingerprints;

    /// <summary>The campaigns, tombstones included.</summary>
    public IReadOnlyDictionary<CampaignId, Campaign> Campaigns => Host.Campaigns;

    /// <summary>The first-seen table.</summary>
    public FirstSeenTable FirstSeen { get; }

    /// <summary>The population.</summary>
    public Population Population { get; } = new();

    /// <summary>The snapshot that verdicts read now.</summary>
    public Snapshot Snapshot => Host.Snapshot;

    /// <summary>Messages so far.</summary>
    public EpochCounts Counts => _pipeline.Counts;

    internal EngineHost Host { get; }

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
        _batch.Add(input, outcome);
        if (outcome.Decision is { } decision) decisions.Add(decision);
        return outcome;
    }

    /// <summary>Closes the current epoch.</summary>
    public void Close(ICollection<Decision> decisions)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        if (_epoch == long.MinValue) return;
        var batch = _batch;
        _batch = new EpochBatch();
        var work = _pipeline.CloseAsync(batch, _batch, Epoch.EndOf(_epoch, _epochLength), _policy);
        if (!work.IsCompleted) throw new InvalidOperationException("The engine's host has to answer at once.");
        foreach (var decision in work.GetAwaiter().GetResult()) decisions.Add(decision);
    }
}

/// <summary>Epochs as spans of event time.</summary>
public static class Epoch
{
    /// <summary>The number of the epoch that a time falls into.</summary>
    public static long Of(long time, long length) => (long)Math.Floor((decimal)time / length);

    /// <summary>The first millisecond after an epoch.</summary>
    public static long EndOf(long epoch, long length) => (epoch + 1) * length;
}
