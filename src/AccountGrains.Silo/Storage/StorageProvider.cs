namespace AccountGrains.Silo.Storage;

/// <summary>What the states, decisions and properties are kept in.</summary>
internal enum StorageProvider
{
    /// <summary>The embedded store in one file.</summary>
    Sqlite = 0,

    /// <summary>This process's memory: it ends with the process.</summary>
    Memory = 1,

    /// <summary>Azure Table storage.</summary>
    AzureTable = 2,

    /// <summary>Azure Blob storage for the states, tables of the same account for decisions and properties.</summary>
    AzureBlob = 3,

    /// <summary>Redis.</summary>
    Redis = 4,

    /// <summary>PostgreSQL.</summary>
    Postgres = 5,
}
