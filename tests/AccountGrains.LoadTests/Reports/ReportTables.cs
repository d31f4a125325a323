using System.Globalization;
using AccountGrains.LoadTests.Measuring;
using AccountGrains.LoadTests.Runs;
using Spectre.Console;

namespace AccountGrains.LoadTests.Reports;

/// <summary>A report for people.</summary>
internal static class ReportTables
{
    /// <summary>Writes it.</summary>
    public static void Write(IAnsiConsole console, LoadReport report)
    {
        var machine = report.Machine;
        console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"commit {machine.Commit}, {machine.Runtime}, Orleans {machine.Orleans}, {machine.System}, {machine.Cores} cores, {machine.MemoryGibibytes} GiB, {machine.Collector} GC"));
        if (report.Measurements.Count > 0)
        {
            console.Write(OfMeasurements(report.Measurements));
            console.Write(OfProcesses(report.Measurements));
        }

        Counters(console, report.Measurements);
        console.Write(OfFindings(report.Findings));
        foreach (var missing in report.NotMeasured) console.WriteLine($"not measured: {missing}");
    }

    private static Table OfMeasurements(IReadOnlyList<Measured> measurements)
    {
        var table = Titled("phase", "target", "offered/s", "achieved/s", "p50 µs", "p90", "p99", "p99.9", "max", "sent late p99", "answers");
        foreach (var m in measurements)
        {
            table.AddRow(
                m.Phase, m.Target, m.Offered is { } offered ? Number(offered) : "–", Number(m.Achieved), Number(m.Latency.P50), Number(m.Latency.P90), Number(m.Latency.P99),
                Number(m.Latency.P999), Number(m.Latency.Max), m.Late is { } late ? Number(late.P99) : "–", string.Join(", ", m.Answers.Select(a => $"{a.Key} {Number(a.Value)}")));
        }

        return table;
    }

    private static Table OfProcesses(IReadOnlyList<Measured> measurements)
    {
        var table = Titled("phase", "target", "process", "CPU µs a call", "behind them too", "cores", "bytes allocated a call", "GC pause %", "RSS MiB");
        foreach (var m in measurements)
        {
            foreach (var p in m.Processes)
            {
                table.AddRow(m.Phase, m.Target, p.Name, Small(p.CpuMicroseconds), Small(p.CpuMicrosecondsInAll), Small(p.Cores), p.AllocatedBytes is { } bytes ? Number(bytes) : "–", p.PausePercent is { } pause ? Small(pause) : "–", Number(p.ResidentMebibytes));
            }
        }

        return table;
    }

    private static void Counters(IAnsiConsole console, IReadOnlyList<Measured> measurements)
    {
        if (measurements.LastOrDefault(m => m.Target == "accountgrains" && m.PerObservation.Count > 0) is not { } last) return;
        var table = Titled($"counters of {last.Phase}, {last.Target} (cumulative ones for each observation)", "");
        foreach (var (name, value) in last.PerObservation) table.AddRow(name, value.ToString("0.######", CultureInfo.InvariantCulture));
        console.Write(table);
    }

    private static Table OfFindings(IReadOnlyList<Finding> findings)
    {
        var table = Titled("finding", "value", "wanted", "");
        foreach (var f in findings)
        {
            var wanted = f.Wanted is { } figure ? $"{(f.AtLeast ? "≥" : "≤")} {Small(figure)}" : "";
            table.AddRow(f.What, Small(f.Value), wanted, f.IsMet switch { true => "met", false => "missed", null => "" });
        }

        return table;
    }

    private static Table Titled(params string[] columns)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in columns) table.AddColumn(Markup.Escape(column));
        return table;
    }

    private static string Number(double value) => value.ToString("n0", CultureInfo.InvariantCulture);

    private static string Small(double value) => Math.Abs(value) >= 100 ? Number(value) : value.ToString("0.##", CultureInfo.InvariantCulture);
}
