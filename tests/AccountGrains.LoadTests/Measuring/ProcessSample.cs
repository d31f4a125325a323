using System.Diagnostics;

namespace AccountGrains.LoadTests.Measuring;

/// <summary>What a process had used by a moment.</summary>
/// <param name="Cpu">CPU time of all its threads.</param>
/// <param name="Resident">Bytes of resident memory.</param>
/// <param name="Allocated">Bytes ever allocated on the managed heap, 0 for one that is no .NET process.</param>
/// <param name="Paused">How long garbage collection paused it.</param>
internal readonly record struct ProcessSample(TimeSpan Cpu, long Resident, long Allocated, TimeSpan Paused)
{
    /// <summary>This process now.</summary>
    public static ProcessSample OfThisProcess()
    {
        using var self = Process.GetCurrentProcess();
        return new ProcessSample(self.TotalProcessorTime, self.WorkingSet64, GC.GetTotalAllocatedBytes(), GC.GetTotalPauseDuration());
    }

    /// <summary>Another process now, as the system sees it.</summary>
    public static ProcessSample Of(Process process)
    {
        process.Refresh();
        return new ProcessSample(process.TotalProcessorTime, process.WorkingSet64, 0, TimeSpan.Zero);
    }

    /// <summary>What was used since an earlier sample, for each of so many calls, and until what was done behind them was done too.</summary>
    public ProcessUsage Since(in ProcessSample earlier, in ProcessSample settled, string name, TimeSpan elapsed, long calls) => new()
    {
        Name = name,
        CpuMicrosecondsInAll = (settled.Cpu - earlier.Cpu).TotalMicroseconds / Math.Max(1, calls),
        CpuMicroseconds = (Cpu - earlier.Cpu).TotalMicroseconds / Math.Max(1, calls),
        Cores = (Cpu - earlier.Cpu) / elapsed,
        AllocatedBytes = Allocated == 0 ? null : (Allocated - earlier.Allocated) / (double)Math.Max(1, calls),
        PausePercent = Allocated == 0 ? null : 100 * ((Paused - earlier.Paused) / elapsed),
        ResidentMebibytes = Resident / 1048576.0,
    };
}
