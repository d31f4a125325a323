using AccountGrains.Storage.Conformance;

namespace AccountGrains.Storage.Azure.Tests.Silos;

/// <summary>Counts, and keeps the count.</summary>
public interface IKept
{
    [Alias("add")]
    Task<long> AddAsync();

    [Alias("clear")]
    Task ClearAsync();

    [Alias("where")]
    Task<string> WhereAsync();
}

/// <summary>With a text for its key.</summary>
[Alias("kept-text")]
public interface IKeptText : IKept, IGrainWithStringKey;

/// <summary>With a number.</summary>
[Alias("kept-number")]
public interface IKeptNumber : IKept, IGrainWithIntegerKey;

/// <summary>With a number and a text.</summary>
[Alias("kept-number-text")]
public interface IKeptNumberText : IKept, IGrainWithIntegerCompoundKey;

/// <summary>With a GUID.</summary>
[Alias("kept-guid")]
public interface IKeptGuid : IKept, IGrainWithGuidKey;

/// <summary>With a GUID and a text.</summary>
[Alias("kept-guid-text")]
public interface IKeptGuidText : IKept, IGrainWithGuidCompoundKey;

/// <inheritdoc cref="IKept"/>
[GrainType("kept")]
internal sealed class KeptGrain([PersistentState("count", "kept")] IPersistentState<SampleState> state, ILocalSiloDetails silo)
    : Grain, IKeptText, IKeptNumber, IKeptNumberText, IKeptGuid, IKeptGuidText
{
    public async Task<long> AddAsync()
    {
        state.State.Number++;
        await state.WriteStateAsync();
        return state.State.Number;
    }

    public Task ClearAsync() => state.ClearStateAsync();

    public Task<string> WhereAsync() => Task.FromResult(silo.Name);
}
