using System.Diagnostics;
using AccountGrains.Abstractions.Campaigns;
using AccountGrains.Abstractions.Correlation;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.States;
using AccountGrains.Silo.Policies;
using Orleans.Placement;

namespace AccountGrains.Silo.Correlation;

/// <summary>What the end of an epoch uses of its silo.</summary>
/// <param name="Host">Campaigns and accounts.</param>
/// <param name="Agents">The agents of all silos.</param>
/// <param name="Calls">Calls to them.</param>
/// <param name="Stored">The population's estimate as it is stored.</param>
/// <param name="Policies">The policy.</param>
/// <param name="Metrics">What is measured.</param>
/// <param name="Clock">The clock.</param>
internal sealed record EpochServices(GrainEpochHost Host, EpochAgents Agents, SiteCalls Calls, PopulationStore Stored, PolicyHolder Policies, EpochMetrics Metrics, TimeProvider Clock);

/// <inheritdoc cref="IEpochGrain"/>
/// <remarks>A poke interleaves with everything, and does nothing but find that an epoch is ending: one at a time does.</remarks>
[GrainType("epoch"), PreferLocalPlacement, Immovable]
internal sealed partial class EpochGrain(EpochServices silo, ILogger<EpochGrain> logger) : Grain, IEpochGrain, IGrainMigrationParticipant, IDisposable
{
    private const string Key = "epoch";
    private const long SaveInterval = 60_000;
    private readonly SemaphoreSlim _one = new(1);
    private readonly ClusterSites _sites = new(silo.Agents, silo.Calls);
    private EpochPipeline? _pipeline;
    private byte[]? _arrived;
    private long _savedAt;
    private long _end;

    private long Now => silo.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    public async ValueTask<EpochReport> CloseAsync(long end)
    {
        await _one.WaitAsync();
        try
        {
            var pipeline = await StartAsync();
            var before = ReportOf(pipeline, default);
            await EndAsync(end);
            return ReportOf(pipeline, before);
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask PokeAsync()
    {
        if (!await _one.WaitAsync(0)) return;
        try
        {
            await EndAsync(0);
        }
        catch (Exception e)
        {
            EpochFailed(e);
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask EnterAsync(SiloAddress entering)
    {
        await _one.WaitAsync();
        try
        {
            var pipeline = await StartAsync();
            if (!await _sites.PublishAsync(entering, pipeline.Whole(silo.Policies.Current))) throw new InvalidOperationException($"Silo {entering} did not take the snapshot in.");
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask LeaveAsync(SiloAddress leaving)
    {
        await _one.WaitAsync();
        try
        {
            await StartAsync();
            await _sites.LeaveAsync(leaving);
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask SaveAsync()
    {
        if (_pipeline is not { } pipeline) return;
        try
        {
            await silo.Stored.MergeAsync(pipeline.Population);
            _savedAt = Now;
        }
        catch (Exception e)
        {
            NotSaved(e);
        }
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        silo.Metrics.IsHere = false;
        if (reason.ReasonCode == DeactivationReasonCode.ShuttingDown && silo.Agents.Others.Count > 0) this.MigrateOnIdle();
        await SaveAsync();
    }

    public void OnDehydrate(IDehydrationContext dehydrationContext)
    {
        if (_pipeline is null) return;
        var writer = new StateWriter(64 * 1024);
        writer.Int64(_sites.Number);
        writer.Int64(_end);
        _pipeline.Write(writer);
        dehydrationContext.AddBytes(Key, writer.ToArray());
    }

    public void OnRehydrate(IRehydrationContext rehydrationContext)
    {
        if (rehydrationContext.TryGetBytes(Key, out var bytes)) _arrived = System.Buffers.BuffersExtensions.ToArray(bytes);
    }

    public void Dispose() => _one.Dispose();

    private async ValueTask EndAsync(long end)
    {
        var started = Stopwatch.GetTimestamp();
        var pipeline = await StartAsync();
        await pipeline.CloseAsync(end, silo.Policies.Current);
        _end = Math.Max(_end, end);
        silo.Metrics.Ended(pipeline.Counts, Stopwatch.GetElapsedTime(started), Now);
        if (Now - _savedAt >= SaveInterval) await SaveAsync();
    }

    /// <summary>Goes on where the last silo stopped, else from what is stored.</summary>
    private async ValueTask<EpochPipeline> StartAsync()
    {
        if (_pipeline is { } running) return running;
        await _sites.StartAsync(Now);
        if (_arrived is not { } bytes || Resume(bytes) is not { } pipeline)
        {
            pipeline = new EpochPipeline(silo.Host, _sites, await silo.Stored.ReadAsync() ?? new Population());
            pipeline.Start((await GrainFactory.GetGrain<ICampaignIndexGrain>(0).SignaturesAsync()).Value.Items);
            pipeline.Renumber(_sites.Number);
        }

        _savedAt = Now;
        silo.Metrics.IsHere = true;
        return _pipeline = pipeline;
    }

    private EpochPipeline? Resume(byte[] bytes)
    {
        try
        {
            var reader = new StateReader(bytes);
            _sites.Skip(reader.Int64());
            _end = reader.Int64();
            return EpochPipeline.Read(ref reader, silo.Host, _sites);
        }
        catch (InvalidDataException e)
        {
            Log.Unreadable(logger, e, "epoch", GrainContext.GrainId);
            return null;
        }
    }

    private EpochReport ReportOf(EpochPipeline pipeline, EpochReport before) => new()
    {
        End = _end,
        Reports = pipeline.Counts.Reports - before.Reports,
        Popularity = pipeline.Counts.Popularity - before.Popularity,
        Campaigns = pipeline.Counts.Campaigns - before.Campaigns,
        Index = pipeline.Counts.Index - before.Index,
        Notices = pipeline.Counts.Notices - before.Notices,
        Resent = pipeline.Counts.Resent - before.Resent,
    };

    [LoggerMessage(1202, LogLevel.Error, "The end of an epoch failed")]
    private partial void EpochFailed(Exception exception);

    [LoggerMessage(1203, LogLevel.Warning, "The estimate of the population was not stored; it is tried again at the next end of an epoch")]
    private partial void NotSaved(Exception exception);
}
