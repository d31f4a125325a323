namespace AccountGrains.Silo.Tests.Storage;

/// <summary>The embedded store.</summary>
public sealed class SqliteGrainStorageTests() : GrainStorageGuarantees("Sqlite", deleteOnClear: true);

/// <summary>The embedded store, when clearing keeps a record.</summary>
public sealed class SqliteKeepingGrainStorageTests() : GrainStorageGuarantees("Sqlite", deleteOnClear: false);

/// <summary>The store in memory.</summary>
public sealed class VolatileGrainStorageTests() : GrainStorageGuarantees("Memory", deleteOnClear: true);

/// <summary>The store in memory, when clearing keeps a record.</summary>
public sealed class VolatileKeepingGrainStorageTests() : GrainStorageGuarantees("Memory", deleteOnClear: false);
