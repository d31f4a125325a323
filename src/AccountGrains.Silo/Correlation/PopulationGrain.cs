using AccountGrains.Abstractions;
using AccountGrains.Abstractions.Correlation;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.States;
using AccountGrains.Silo.Storage;
using Orleans.Placement;

namespace AccountGrains.Silo.Correlation;

/// <inheritdoc cref="IPopulationGrain"/>
[GrainType("population"), PreferLocalPlacement]
internal sealed class PopulationGrain([PersistentState("population", StorageNames.State)] IPersistentState<StoredRecord> stored, ILogger<PopulationGrain> logger) : Grain, IPopulationGrain
{
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (stored.State.Payload.Length > 0) Read(stored.State);
        }
        catch (InvalidDataException e)
        {
            Log.Unreadable(logger, e, "population", GrainContext.GrainId);
            stored.State = new StoredRecord();
        }

        return Task.CompletedTask;
    }

    public ValueTask<StoredRecord> GetAsync() => new(stored.State);

    public async ValueTask<StoredRecord> MergeAsync(StoredRecord counts)
    {
        var merged = Read(counts);
        if (stored.State.Payload.Length > 0) merged.Merge(Read(stored.State));
        var writer = new StateWriter(counts.Payload.Length);
        merged.Write(writer);
        stored.State = new StoredRecord { Payload = writer.ToArray() };
        await stored.WriteStateAsync();
        return stored.State;
    }

    private static Population Read(StoredRecord record)
    {
        var reader = new StateReader(record.Payload);
        return Population.Read(ref reader);
    }
}
