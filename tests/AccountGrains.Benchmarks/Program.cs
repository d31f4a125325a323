using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace AccountGrains.Benchmarks;

/// <summary>Each benchmark asks one question and is judged by ratio and allocation: <c>-- --filter '*Sketch*'</c>.</summary>
internal static class Program
{
    public static void Main(string[] args)
    {
        // In this process: what is measured allocates little and runs alone, and nothing has to be built or restored for it.
        var job = Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance).WithIterationCount(7);
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, DefaultConfig.Instance.AddJob(job).HideColumns(Column.Job, Column.Toolchain, Column.LaunchCount));
    }
}
