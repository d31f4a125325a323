using AccountGrains.Silo.Hosting;
using AccountGrains.Silo.Storage;

namespace AccountGrains.Silo.Decisions;

/// <summary>
/// Follows the log of decisions, now and then, and at once when a silo was lost: what that one decided and stored last is there and nowhere else, and no
/// account that was on it is loaded here without it.
/// </summary>
internal sealed partial class LostSilos(IDecisionLog log, LastVerdicts verdicts, IClusterMembershipService membership, ILocalSiloDetails local, TimeProvider clock, ILogger<LostSilos> logger) : IDisposable
{
    private const int Page = 1_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim _one = new(1);
    private HashSet<SiloAddress> _lost = [];
    private MembershipVersion _seen = MembershipVersion.MinValue;
    private long _cursor;
    private long _nextTry = long.MinValue;

    /// <summary>Starts at the end of the log; what is before it was read by whoever started this.</summary>
    public async Task StartAsync(CancellationToken cancellationToken) => _cursor = await log.EndAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Ends when the decisions of every silo are known that is known to be lost; at once when the cluster did not change. When the log cannot be read it fails, and
    /// for a second nobody waits for it again.
    /// </summary>
    public ValueTask CaughtUpAsync(CancellationToken cancellationToken) =>
        membership.CurrentSnapshot.Version == _seen ? ValueTask.CompletedTask : new(CatchUpAsync(cancellationToken));

    /// <summary>Reads what was stored since the last time.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            NotFollowed(e);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var snapshot = membership.CurrentSnapshot;
            if (snapshot.Version == _seen) return;
            if (clock.GetTimestamp() < _nextTry) throw new StoreUnavailableException("The log of decisions could not be read a moment ago.");
            var lost = snapshot.GoneBut(local.SiloAddress);
            if (!lost.IsSubsetOf(_lost)) await ReadAsync(cancellationToken).AsTask().WaitAsync(Patience, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            _lost = lost;
            _seen = snapshot.Version;
        }
        catch (Exception e) when (e is not StoreUnavailableException && !cancellationToken.IsCancellationRequested)
        {
            NotFollowed(e);
            _nextTry = clock.GetTimestamp() + (long)(Pause.TotalSeconds * clock.TimestampFrequency);
            throw;
        }
        finally
        {
            _one.Release();
        }
    }

    private async ValueTask ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var page = await log.ReadAsync(_cursor, Page, cancellationToken).ConfigureAwait(false);
            foreach (var logged in page) verdicts.Keep(logged.Decision);
            if (page.Count > 0) _cursor = page[^1].Sequence;
            if (page.Count < Page) return;
        }
    }

    [LoggerMessage(1301, LogLevel.Warning, "The log of decisions could not be followed; it is tried again")]
    private partial void NotFollowed(Exception exception);
}
