using AccountGrains.Abstractions;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.States;
using AccountGrains.Silo.Storage;
using Orleans.Storage;

namespace AccountGrains.Silo.Correlation;

/// <summary>
/// Where the estimate of the population is kept. The grain that ends the epochs writes it itself: at the end of the last silo no grain can be called any more
/// that is not loaded already.
/// </summary>
internal sealed class PopulationStore([FromKeyedServices(StorageNames.State)] IGrainStorage storage, ILogger<PopulationStore> logger)
{
    private const string Name = "population";
    private const int Tries = 3;
    private static readonly GrainId Record = GrainId.Create(GrainType.Create(Name), GrainIdKeyExtensions.CreateIntegerKey(0));

    /// <summary>What is stored; none when there is nothing, or nothing that can be read.</summary>
    public async Task<Population?> ReadAsync()
    {
        var state = new GrainState<StoredRecord>();
        await storage.ReadStateAsync(Name, Record, state);
        return Read(state);
    }

    /// <summary>Merges what another silo stored meanwhile into the estimate, and stores it.</summary>
    public async Task MergeAsync(Population population)
    {
        for (var left = Tries; ; left--)
        {
            var state = new GrainState<StoredRecord>();
            await storage.ReadStateAsync(Name, Record, state);
            if (Read(state) is { } stored) population.Merge(stored);
            var writer = new StateWriter(4 * Population.Registers);
            population.Write(writer);
            state.State = new StoredRecord { Payload = writer.ToArray() };
            try
            {
                await storage.WriteStateAsync(Name, Record, state);
                return;
            }
            catch (InconsistentStateException) when (left > 1)
            {
                // A silo that stood still stored what it had.
            }
        }
    }

    private Population? Read(GrainState<StoredRecord> state)
    {
        if (state.State?.Payload is not { Length: > 0 } payload) return null;
        try
        {
            var reader = new StateReader(payload);
            return Population.Read(ref reader);
        }
        catch (InvalidDataException e)
        {
            Log.Unreadable(logger, e, Name, Record);
            return null;
        }
    }
}
