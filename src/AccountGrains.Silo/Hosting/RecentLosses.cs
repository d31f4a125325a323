namespace AccountGrains.Silo.Hosting;

/// <summary>
/// Whether a silo was lost lately. It may only stand still, between asking whether it may write and writing: what it writes when it goes on is refused only where somebody wrote meanwhile.
/// </summary>
internal sealed class RecentLosses(IClusterMembershipService membership, ILocalSiloDetails local, TimeProvider clock)
{
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(1);
    private readonly Lock _lock = new();
    private HashSet<SiloAddress> _lost = [];
    private MembershipVersion _seen = MembershipVersion.MinValue;
    private long? _last;

    /// <summary>True in the minute after it was seen that a silo is gone; for this silo's start, those that are gone by then count too. One that was stopped cannot be told from one that was lost.</summary>
    public bool Any
    {
        get
        {
            var snapshot = membership.CurrentSnapshot;
            lock (_lock)
            {
                if (snapshot.Version > _seen) See(snapshot);
                return _last is { } last && clock.GetElapsedTime(last) < Recent;
            }
        }
    }

    private void See(ClusterMembershipSnapshot snapshot)
    {
        _seen = snapshot.Version;
        var lost = snapshot.GoneBut(local.SiloAddress);
        if (!lost.IsSubsetOf(_lost)) _last = clock.GetTimestamp();
        _lost = lost;
    }
}
