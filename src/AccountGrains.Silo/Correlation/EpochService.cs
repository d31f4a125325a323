using AccountGrains.Abstractions;
using AccountGrains.Abstractions.Campaigns;
using AccountGrains.Abstractions.Correlation;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.States;
using AccountGrains.Silo.Policies;

namespace AccountGrains.Silo.Correlation;

/// <summary>Ends this silo's epochs, one at a time.</summary>
internal sealed partial class EpochService : IDisposable
{
    private const long SaveInterval = 60_000;
    private readonly IGrainFactory _grains;
    private readonly CorrelationBatch _waiting;
    private readonly PolicyHolder _policies;
    private readonly ILogger<EpochService> _logger;
    private readonly SemaphoreSlim _one = new(1);
    private readonly FirstSeenTable _firstSeen;
    private Population _population = new();
    private EpochPipeline _pipeline;
    private readonly IEpochHost _host;
    private EpochBatch _batch = new();
    private long _savedAt;
    private long _latest;
    private bool _started;

    public EpochService(IGrainFactory grains, IEpochHost host, CorrelationBatch waiting, PolicyHolder policies, TimeProvider clock, CorrelationLimits limits, ILogger<EpochService> logger)
    {
        _grains = grains;
        _host = host;
        _waiting = waiting;
        _policies = policies;
        _logger = logger;
        Clock = clock;
        _firstSeen = new FirstSeenTable(limits.FirstSeenEntries);
        _pipeline = new EpochPipeline(host, _firstSeen, _population);
    }

    /// <summary>What was sent so far.</summary>
    public EpochCounts Counts => _pipeline.Counts;

    /// <summary>The first-seen table, for metrics.</summary>
    public FirstSeenTable FirstSeen => _firstSeen;

    /// <summary>When the last epoch ended, in clock time; milliseconds since 1970.</summary>
    public long LastEnd { get; private set; }

    private TimeProvider Clock { get; }

    /// <summary>Rebuilds the snapshot and the population from what is stored.</summary>
    public async Task StartAsync()
    {
        await _one.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_started) return;
            var stored = await _grains.GetGrain<IPopulationGrain>(0).GetAsync().ConfigureAwait(false);
            if (stored.Payload.Length > 0) _population = ReadPopulation(stored);
            _pipeline = new EpochPipeline(_host, _firstSeen, _population);
            var signatures = await _grains.GetGrain<ICampaignIndexGrain>(0).SignaturesAsync().ConfigureAwait(false);
            _pipeline.Start(Snapshot.Empty(_policies.Current).Next(_policies.Current, _population.View, signatures.Value.Items, [], null));
            LastEnd = Clock.GetUtcNow().ToUnixTimeMilliseconds();
            _started = true;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Ends a live epoch, as of the latest event seen: evidence ages with the traffic, not with the clock. One that fails is logged, and its messages go with the next.</summary>
    public async Task CloseLiveAsync()
    {
        try
        {
            await CloseAsync(end: 0).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            EpochFailed(e);
        }
    }

    /// <summary>Ends the epoch: returns when reports, notices and campaign changes have been delivered.</summary>
    public async Task CloseAsync(long end)
    {
        await StartAsync().ConfigureAwait(false);
        await _one.WaitAsync().ConfigureAwait(false);
        try
        {
            var batch = _batch;
            _batch = new EpochBatch();
            _waiting.DrainTo(batch);
            _latest = Math.Max(_latest, Math.Max(end, batch.Latest));
            await _pipeline.CloseAsync(batch, _batch, _latest, _policies.Current).ConfigureAwait(false);
            LastEnd = Clock.GetUtcNow().ToUnixTimeMilliseconds();
            if (LastEnd - _savedAt >= SaveInterval) await SaveAsync().ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Stores the population's estimate, merged with those of other silos. A failure is logged: the next time stores what this one did not.</summary>
    public async Task SaveAsync()
    {
        try
        {
            await MergeAsync().ConfigureAwait(false);
            _savedAt = LastEnd;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            NotSaved(e);
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task MergeAsync()
    {
        var writer = new StateWriter(4 * Population.Registers);
        _population.Write(writer);
        var merged = await _grains.GetGrain<IPopulationGrain>(0).MergeAsync(new StoredRecord { Payload = writer.ToArray() }).ConfigureAwait(false);
        _population.Merge(ReadPopulation(merged));
    }

    [LoggerMessage(1202, LogLevel.Error, "The end of an epoch failed")]
    private partial void EpochFailed(Exception exception);

    [LoggerMessage(1203, LogLevel.Warning, "The estimate of the population was not stored; it is tried again at the next end of an epoch")]
    private partial void NotSaved(Exception exception);

    private static Population ReadPopulation(StoredRecord record)
    {
        var reader = new StateReader(record.Payload);
        return Population.Read(ref reader);
    }
}
