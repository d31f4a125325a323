namespace AccountGrains.Silo.Storage;

/// <summary>A few named texts that belong to the whole store, such as the check value of the key that its ids were made with.</summary>
internal interface IStoreProperties
{
    /// <summary>A property's value, or null.</summary>
    ValueTask<string?> GetAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Sets a property that has no value yet, durably, and gives the value that it has from now on: this one or an earlier one.</summary>
    ValueTask<string> SetIfAbsentAsync(string name, string value, CancellationToken cancellationToken = default);
}
