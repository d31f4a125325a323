using AccountGrains.Storage.Conformance;
using AccountGrains.Storage.Conformance.Emulator;

namespace AccountGrains.Storage.Azure.Tests.Storage;

/// <summary>Blobs, as they are by default: clearing deletes them.</summary>
public sealed class BlobConformanceTests(Azurite azurite) : GrainStorageConformance(new BlobHost(azurite), deleteOnClear: true);

/// <summary>Blobs that clearing empties.</summary>
public sealed class KeepingBlobConformanceTests(Azurite azurite)
    : GrainStorageConformance(new BlobHost(azurite, options => options.DeleteStateOnClear = false), deleteOnClear: false);
