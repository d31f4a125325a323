using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;

namespace AccountGrains.Silo.Hosting;

/// <summary>
/// Reads settings again when their files change. The platform would have the system tell of every change in the working directory, and the data lies in it
/// too: each write of the store would wake a thread. So the few files are looked at every few seconds.
/// </summary>
internal static class SettingsFiles
{
    /// <summary>Keeps the platform from watching, as an argument of the host.</summary>
    public const string Unwatched = "--hostBuilder:reloadConfigOnChange=false";

    /// <summary>Watches the files that are read already.</summary>
    public static void Watch(ConfigurationManager configuration, string directory)
    {
        var files = new PhysicalFileProvider(directory) { UsePollingFileWatcher = true, UseActivePolling = true };
        var sources = (IList<IConfigurationSource>)configuration.Sources;
        for (var i = 0; i < sources.Count; i++)
        {
            if (sources[i] is JsonConfigurationSource { Path: { } path, Optional: var optional } && !Path.IsPathRooted(path))
            {
                sources[i] = new JsonConfigurationSource { FileProvider = files, Path = path, Optional = optional, ReloadOnChange = true };
            }
        }
    }
}
