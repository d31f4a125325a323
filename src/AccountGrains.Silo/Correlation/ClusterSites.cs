using AccountGrains.Core.Decisions;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.Policies;

namespace AccountGrains.Silo.Correlation;

/// <summary>All silos, for the one that ends their epochs: who takes part, who has which shard, who has heard and answered what.</summary>
internal sealed class ClusterSites(EpochAgents agents, SiteCalls calls) : IEpochSites
{
    private readonly HashSet<SiloAddress> _leaving = [];
    private readonly Dictionary<SiloAddress, Site> _known = [];
    private SiloAddress?[] _owners = new SiloAddress?[Shard.Count];
    private List<Site> _sites = [];
    private IReadOnlyList<Decision> _news = [];

    /// <inheritdoc/>
    public long Number { get; private set; }

    /// <summary>Starts from where the agents are; numbers go on above all of theirs.</summary>
    public async ValueTask StartAsync(long number)
    {
        Number = Math.Max(Number, number);
        var active = agents.Active;
        var states = await Task.WhenAll(active.Select(calls.HelloAsync)).ConfigureAwait(true);
        for (var i = 0; i < active.Count; i++)
        {
            if (states[i] is not { } state) continue;
            Number = Math.Max(Number, state.Number);
            foreach (var shard in state.Shards) _owners[shard] ??= active[i];
        }
    }

    /// <summary>Goes on above a number.</summary>
    public void Skip(long number) => Number = Math.Max(Number, number);

    /// <summary>Takes a silo out: its shards go to the others.</summary>
    public async ValueTask LeaveAsync(SiloAddress silo)
    {
        _leaving.Add(silo);
        var others = agents.Active.Where(s => !_leaving.Contains(s)).ToList();
        if (others.Count > 0) await MoveAsync(others).ConfigureAwait(true);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Collected>> CollectAsync(Policy policy)
    {
        await ChooseAsync().ConfigureAwait(true);
        Number++;
        SiloAddress[] addresses = [.. _sites.Select(s => s.Address)];
        int[] owners = [.. _owners.Select(o => o is null ? -1 : Array.IndexOf(addresses, o))];
        var collected = await EachAsync((site, i) => calls.CollectAsync(site.Address, addresses, new EpochOpening(Number, site.Heard, i, owners, policy))).ConfigureAwait(true);
        for (var i = 0; i < _sites.Count; i++) _sites[i].Snapshot = collected[i]?.Snapshot ?? -1;
        List<Collected> answered = [.. collected.OfType<Collected>()];
        _news = [.. answered.SelectMany(c => c.Decisions.Items)];
        return answered;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Reported>> ReportAsync(EpochWork work) =>
        [.. (await EachAsync((site, _) => calls.ReportAsync(site.Address, work)).ConfigureAwait(true)).OfType<Reported>()];

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Tested>> TestAsync(EpochWork work) =>
        [.. (await EachAsync((site, _) => calls.TestAsync(site.Address, work)).ConfigureAwait(true)).OfType<Tested>()];

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Closed>> CloseAsync(EpochWork work, IReadOnlyList<CampaignCall> campaigns)
    {
        var bySite = campaigns.ToLookup(c => _owners[Shard.Of(c.Campaign)]);
        var closed = await EachAsync((site, _) => bySite[site.Address].ToList() is { Count: > 0 } mine
            ? calls.CloseAsync(site.Address, new CloseCall(work.Number, mine))
            : new(new Closed([], [], default))).ConfigureAwait(true);
        return [.. closed.OfType<Closed>()];
    }

    /// <inheritdoc/>
    public async ValueTask PublishAsync(SnapshotChange change, Func<SnapshotChange> whole)
    {
        Lazy<SnapshotChange[]> pages = new(() => [.. SnapshotPages.Of(whole())]);
        await EachAsync(async (site, _) =>
        {
            // Everything that it answered was worked by now, whether or not it takes the snapshot in.
            site.Heard = Number;
            var changes = site.Snapshot == change.From && change.From != 0 ? [change] : pages.Value;
            return await calls.PublishAsync(site.Address, changes, _news).ConfigureAwait(true);
        }).ConfigureAwait(true);
    }

    /// <summary>Publishes a whole snapshot at one silo.</summary>
    public async ValueTask<bool> PublishAsync(SiloAddress silo, SnapshotChange whole) =>
        await calls.PublishAsync(silo, [.. SnapshotPages.Of(whole)], []).ConfigureAwait(true) is not null;

    /// <summary>Chooses who takes part. One that did not answer is asked in passing whether it does now, until the cluster says that it is gone.</summary>
    private async ValueTask ChooseAsync()
    {
        var active = agents.Active;
        _leaving.RemoveWhere(s => !active.Contains(s));
        foreach (var gone in _known.Keys.Where(s => !active.Contains(s)).ToList()) _known.Remove(gone);
        foreach (var silo in active.Where(s => !_leaving.Contains(s))) _known.TryAdd(silo, new Site(silo));
        foreach (var silent in _known.Values.Where(s => s.IsOut)) silent.AskAgain(calls.HelloAsync);
        _sites = [.. _known.Values.Where(s => !s.IsOut && !_leaving.Contains(s.Address)).OrderBy(s => s.Address)];
        if (_sites.Count > 0) await MoveAsync([.. _known.Keys.Where(s => !_leaving.Contains(s)).Order()]).ConfigureAwait(true);
    }

    private async ValueTask MoveAsync(IReadOnlyList<SiloAddress> silos)
    {
        var next = ShardMap.Spread(_owners, silos);
        for (var shard = 0; shard < next.Length; shard++)
        {
            if (next[shard].Equals(_owners[shard])) continue;
            var isThere = _owners[shard] is { } owner && agents.Active.Contains(owner);
            if (!isThere || await calls.ReleaseAsync(_owners[shard]!, shard, next[shard]).ConfigureAwait(true)) _owners[shard] = next[shard];
        }
    }

    /// <summary>Does one step at all that take part; null stands for one that did not answer, which is left out from then on.</summary>
    private async ValueTask<T?[]> EachAsync<T>(Func<Site, int, ValueTask<T?>> step)
        where T : class
    {
        var answers = await Task.WhenAll(_sites.Select((site, i) => site.IsOut ? Task.FromResult<T?>(null) : step(site, i).AsTask())).ConfigureAwait(true);
        for (var i = 0; i < answers.Length; i++) _sites[i].IsOut |= answers[i] is null;
        return answers;
    }

    private sealed class Site(SiloAddress address)
    {
        private bool _asking;

        public SiloAddress Address { get; } = address;

        public long Heard { get; set; }

        public long Snapshot { get; set; } = -1;

        public bool IsOut { get; set; }

        public void AskAgain(Func<SiloAddress, Task<Abstractions.Correlation.AgentState?>> hello)
        {
            if (_asking) return;
            _asking = true;
            _ = AskAsync();

            async Task AskAsync()
            {
                IsOut = await hello(Address).ConfigureAwait(true) is null;
                _asking = false;
            }
        }
    }
}
