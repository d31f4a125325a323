namespace AccountGrains.Abstractions.Correlation;

/// <summary>The estimate of the active population over all silos. There is one, with the key 0.</summary>
[GrainInterfaceType("population"), Alias("population")]
public interface IPopulationGrain : IGrainWithIntegerKey
{
    /// <summary>The estimate; an empty payload when there is none.</summary>
    [Alias("get")]
    ValueTask<StoredRecord> GetAsync();

    /// <summary>Merges a silo's counts in, stores and returns the result.</summary>
    [Alias("merge")]
    ValueTask<StoredRecord> MergeAsync(StoredRecord counts);
}
