using System.Text;
using AccountGrains.Core.Sketches;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace AccountGrains.Benchmarks.Sketches;

/// <summary>How fast a prompt becomes a sketch, by length and script.</summary>
[MemoryDiagnoser]
[Config(typeof(Config))]
public class SketchBenchmarks
{
    private readonly SipKey _key = Samples.Keys().SketchKey;
    private byte[] _prompt = [];

    /// <summary>Characters.</summary>
    [Params(200, 2_000, 20_000)]
    public int Length { get; set; }

    /// <summary>The script.</summary>
    [Params("ASCII", "Chinese")]
    public string Script { get; set; } = "ASCII";

    [GlobalSetup]
    public void SetUp() => _prompt = PromptOf(Length, Script);

    [Benchmark]
    public ulong Sketch() => PromptSketcher.Sketch(_prompt, _key)[0];

    internal static byte[] PromptOf(int length, string script) => Encoding.UTF8.GetBytes(Samples.Text(length, chinese: script == "Chinese"));

    private sealed class Config : ManualConfig
    {
        public Config() => AddColumn(new Throughput());
    }

    private sealed class Throughput : IColumn
    {
        public string Id => nameof(Throughput);

        public string ColumnName => "MB/s";

        public bool AlwaysShow => true;

        public ColumnCategory Category => ColumnCategory.Custom;

        public int PriorityInCategory => 0;

        public bool IsNumeric => true;

        public UnitType UnitType => UnitType.Dimensionless;

        public string Legend => "Megabytes of UTF-8 a second on one core";

        public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
        {
            var bytes = PromptOf((int)benchmarkCase.Parameters["Length"], (string)benchmarkCase.Parameters["Script"]).Length;
            return summary[benchmarkCase]?.ResultStatistics is { } result ? (bytes * 1_000.0 / result.Mean).ToString("0", System.Globalization.CultureInfo.InvariantCulture) : "?";
        }

        public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

        public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

        public bool IsAvailable(Summary summary) => true;
    }
}
