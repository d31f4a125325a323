using AccountGrains.Silo.Storage;
using AccountGrains.Storage.Conformance;

namespace AccountGrains.Silo.Tests.Storage;

/// <summary>Counts its calls and stores the count with each.</summary>
[Alias("test-runs")]
internal interface IRunsGrain : IGrainWithStringKey
{
    [Alias("count")]
    Task<long> CountAsync();
}

/// <inheritdoc cref="IRunsGrain"/>
[GrainType("test-runs")]
internal sealed class RunsGrain([PersistentState("runs", StorageNames.State)] IPersistentState<SampleState> state) : Grain, IRunsGrain
{
    public async Task<long> CountAsync()
    {
        state.State.Number++;
        await state.WriteStateAsync();
        return state.State.Number;
    }
}
