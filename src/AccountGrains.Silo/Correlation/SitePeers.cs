using AccountGrains.Core.Epochs;

namespace AccountGrains.Silo.Correlation;

/// <summary>
/// The other silos. What is sent to one is kept until it was acknowledged, and goes again in the same pieces under the same numbers, so that it counts once;
/// what was for a silo that is gone comes back.
/// </summary>
internal sealed class SitePeers(EpochAgents agents, GrainCalls calls) : ISitePeers
{
    // The array of so many stays below the size of large objects, whose garbage is collected with everything else, and what is written of them mostly within a writer that is kept.
    private const int Piece = 500;
    private readonly Dictionary<SiloAddress, Queue<SiteDelivery>> _outboxes = [];
    private readonly Dictionary<SiloAddress, long> _received = [];
    private SiloAddress[] _sites = [];
    private long _number;

    /// <summary>Pieces that wait for an acknowledgement.</summary>
    public int Waiting => _outboxes.Values.Sum(o => o.Count);

    /// <summary>Notes which silos take part in an epoch, and by which numbers; what was for others comes back.</summary>
    public IReadOnlyList<SiteDelivery> Open(SiloAddress[] sites)
    {
        _sites = sites;
        var back = new List<SiteDelivery>();
        foreach (var silo in _outboxes.Keys.Where(s => !sites.Contains(s)).ToList())
        {
            _outboxes.Remove(silo, out var outbox);
            back.AddRange(outbox!);
        }

        foreach (var silo in _received.Keys.Where(s => !sites.Contains(s)).ToList()) _received.Remove(silo);
        return back;
    }

    /// <summary>False for what was received before.</summary>
    public bool IsNew(SiloAddress from, long number)
    {
        if (number <= _received.GetValueOrDefault(from)) return false;
        _received[from] = number;
        return true;
    }

    /// <summary>Sends again what was not acknowledged.</summary>
    public Task ResendAsync() => Task.WhenAll(_outboxes.Keys.ToList().Select(SendAsync));

    /// <inheritdoc/>
    public async ValueTask<bool> DeliverAsync(int site, SiteDelivery delivery)
    {
        if (site >= _sites.Length) return false;
        var to = _sites[site];
        if (!_outboxes.TryGetValue(to, out var outbox)) _outboxes.Add(to, outbox = new Queue<SiteDelivery>());
        var reports = delivery.Reports;
        for (var i = 0; i < reports.Count; i += Piece) outbox.Enqueue(SiteDelivery.CopyOf(++_number, reports, i, Math.Min(Piece, reports.Count - i)));
        foreach (var activity in delivery.Activity.Chunk(Piece)) outbox.Enqueue(new SiteDelivery(++_number, [], activity));
        await SendAsync(to).ConfigureAwait(true);
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<int>?> PopularityAsync(int site, PopularityCall call)
    {
        var sites = _sites;
        return site >= sites.Length ? null : await calls.TryAsync(call, c => agents.At(sites[site]).PopularityAsync(new(c))).ConfigureAwait(false);
    }

    private async Task SendAsync(SiloAddress to)
    {
        while (_outboxes.TryGetValue(to, out var outbox) && outbox.TryPeek(out var next))
        {
            var done = await calls.TryAsync(next, d => GrainCalls.DoneAsync(agents.At(to).DeliverAsync(agents.Here, new(d)))).ConfigureAwait(true);
            if (done is null) return;
            outbox.Dequeue().GiveBack();
        }
    }
}
