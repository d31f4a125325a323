namespace AccountGrains.Silo.Tests.Storage;

/// <summary>The embedded store.</summary>
public sealed class SqliteGrainStorageTests() : GrainStorageConformance("Sqlite", deleteOnClear: true);

/// <summary>The embedded store, when clearing keeps a record.</summary>
public sealed class SqliteKeepingGrainStorageTests() : GrainStorageConformance("Sqlite", deleteOnClear: false);

/// <summary>The store in memory.</summary>
public sealed class VolatileGrainStorageTests() : GrainStorageConformance("Memory", deleteOnClear: true);

/// <summary>The store in memory, when clearing keeps a record.</summary>
public sealed class VolatileKeepingGrainStorageTests() : GrainStorageConformance("Memory", deleteOnClear: false);
