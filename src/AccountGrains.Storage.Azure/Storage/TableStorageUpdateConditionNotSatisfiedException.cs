namespace Orleans.Storage;

/// <summary>A row of a table was not as its writer expected it.</summary>
[GenerateSerializer, Alias("Orleans.Storage.TableStorageUpdateConditionNotSatisfiedException")]
public class TableStorageUpdateConditionNotSatisfiedException : InconsistentStateException
{
    /// <summary>Makes one that says nothing.</summary>
    public TableStorageUpdateConditionNotSatisfiedException()
    {
    }

    /// <summary>Makes one with a message.</summary>
    public TableStorageUpdateConditionNotSatisfiedException(string msg)
        : base(msg)
    {
    }

    /// <summary>Makes one with a message and a cause.</summary>
    public TableStorageUpdateConditionNotSatisfiedException(string msg, Exception exc)
        : base(msg, exc)
    {
    }

    /// <summary>Makes one about a row.</summary>
    public TableStorageUpdateConditionNotSatisfiedException(
        string grainType, string grainId, string tableName, string storedEtag, string? currentEtag, Exception storageException)
        : this($"The state {grainType} of {grainId} in table {tableName} is not the one that was read.", grainType, grainId, tableName, storedEtag, currentEtag, storageException)
    {
    }

    /// <summary>Makes one about a row, with a message.</summary>
    public TableStorageUpdateConditionNotSatisfiedException(
        string errorMsg, string grainType, string grainId, string tableName, string storedEtag, string? currentEtag, Exception storageException)
        : base(errorMsg, storedEtag, currentEtag ?? "none", storageException)
    {
        GrainType = grainType;
        GrainId = grainId;
        TableName = tableName;
    }

    /// <summary>The grain.</summary>
    [Id(0)]
    public string? GrainId { get; private set; }

    /// <summary>The state's name.</summary>
    [Id(1)]
    public string? GrainType { get; private set; }

    /// <summary>The table.</summary>
    [Id(2)]
    public string? TableName { get; private set; }
}
