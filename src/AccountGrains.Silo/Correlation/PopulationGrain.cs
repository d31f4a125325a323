using AccountGrains.Abstractions;
using AccountGrains.Abstractions.Correlation;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.States;
using Orleans.Placement;

namespace AccountGrains.Silo.Correlation;

/// <inheritdoc cref="IPopulationGrain"/>
/// <remarks>Silos of earlier builds call it, in a cluster that is being replaced one silo after the other; this build asks the store itself.</remarks>
[GrainType("population"), PreferLocalPlacement]
internal sealed class PopulationGrain(PopulationStore stored) : Grain, IPopulationGrain
{
    public async ValueTask<StoredRecord> GetAsync() => await stored.ReadAsync() is { } population ? Record(population) : new StoredRecord();

    public async ValueTask<StoredRecord> MergeAsync(StoredRecord counts)
    {
        var reader = new StateReader(counts.Payload);
        var population = Population.Read(ref reader);
        await stored.MergeAsync(population);
        return Record(population);
    }

    private static StoredRecord Record(Population population)
    {
        var writer = new StateWriter(4 * Population.Registers);
        population.Write(writer);
        return new StoredRecord { Payload = writer.ToArray() };
    }
}
