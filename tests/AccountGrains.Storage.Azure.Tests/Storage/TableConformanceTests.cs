using AccountGrains.Storage.Conformance;
using AccountGrains.Storage.Conformance.Emulator;

namespace AccountGrains.Storage.Azure.Tests.Storage;

/// <summary>A table, as it is by default: clearing leaves a row.</summary>
public sealed class TableConformanceTests(Azurite azurite) : GrainStorageConformance(new TableHost(azurite), deleteOnClear: false);

/// <summary>A table from which clearing deletes.</summary>
public sealed class DeletingTableConformanceTests(Azurite azurite)
    : GrainStorageConformance(new TableHost(azurite, options => options.DeleteStateOnClear = true), deleteOnClear: true);
