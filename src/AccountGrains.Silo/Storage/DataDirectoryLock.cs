using Microsoft.Extensions.Options;

namespace AccountGrains.Silo.Storage;

/// <summary>Keeps a second silo away from the embedded store: each would answer from its own memory and overwrite the other's states.</summary>
internal sealed class DataDirectoryLock(IOptions<StorageOptions> options) : IDisposable
{
    private FileStream? _held;

    /// <summary>Takes the directory until the process ends, in whatever way; throws <see cref="IOException"/> when another has it.</summary>
    public void Take()
    {
        if (options.Value.Kind != StorageProvider.Sqlite) return;
        _held ??= new FileStream(Path.Combine(Path.GetDirectoryName(options.Value.DatabaseFile)!, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
    }

    public void Dispose() => _held?.Dispose();
}
