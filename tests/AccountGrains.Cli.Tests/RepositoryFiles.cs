namespace AccountGrains.Cli.Tests;

/// <summary>Finds files of the repository from where the tests run.</summary>
internal static class RepositoryFiles
{
    public static string Find(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "AccountGrains.sln"))) folder = folder.Parent ?? throw new FileNotFoundException("The tests do not run inside the repository.");
        return Path.Combine(folder.FullName, path);
    }
}
