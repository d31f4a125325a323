namespace AccountGrains.Silo.Storage;

/// <summary>The store that section <c>AccountGrains:Storage</c> names: one server, or several that share the states.</summary>
internal interface IStore
{
    /// <summary>Where it is, for people; without what gives access to it.</summary>
    string Where { get; }

    /// <summary>Connects, and makes what is missing. Done once; later calls do nothing.</summary>
    Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>The properties of one of the servers; those of the first are the store's own.</summary>
    IStoreProperties PropertiesOf(int shard);
}
