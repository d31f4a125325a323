using System.Reflection;
using System.Runtime;
using System.Runtime.InteropServices;

namespace AccountGrains.LoadTests.Reports;

/// <summary>Where and with what a run was made.</summary>
internal sealed record Machine(string Commit, string Runtime, string Orleans, string System, int Cores, double MemoryGibibytes, string Collector)
{
    /// <summary>This one.</summary>
    public static Machine Here() => new(
        VersionOf(typeof(Silo.Hosting.SiloApplication).Assembly),
        RuntimeInformation.FrameworkDescription,
        VersionOf(typeof(IGrainFactory).Assembly),
        $"{RuntimeInformation.OSDescription} {RuntimeInformation.ProcessArchitecture}",
        Environment.ProcessorCount,
        Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1073741824.0, 1),
        (GCSettings.IsServerGC ? "server" : "workstation") + (GCSettings.LatencyMode == GCLatencyMode.Batch ? "" : ", concurrent"));

    private static string VersionOf(Assembly assembly) => assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
