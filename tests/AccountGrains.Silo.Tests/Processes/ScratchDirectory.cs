namespace AccountGrains.Silo.Tests.Processes;

/// <summary>A directory of a test's own.</summary>
internal sealed class ScratchDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("accountgrains-tests-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
