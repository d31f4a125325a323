using AccountGrains.LoadTests.Measuring;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AccountGrains.LoadTests.Serving;

/// <summary>What a process under load says of itself.</summary>
internal sealed record SampleView(double CpuMilliseconds, long Resident, long Allocated, double PausedMilliseconds, IReadOnlyDictionary<string, double> Counters)
{
    /// <summary>The sample in it.</summary>
    public ProcessSample ToSample() => new(TimeSpan.FromMilliseconds(CpuMilliseconds), Resident, Allocated, TimeSpan.FromMilliseconds(PausedMilliseconds));
}

/// <summary>Lets whoever makes the load ask what it costs.</summary>
internal static class SampleEndpoint
{
    /// <summary>Where it is.</summary>
    public const string Path = "/load/sample";

    /// <summary>Maps it.</summary>
    public static void MapSample(this IEndpointRouteBuilder routes, SiloCounters? counters) => routes.MapGet(Path, () =>
    {
        var sample = ProcessSample.OfThisProcess();
        return TypedResults.Ok(new SampleView(
            sample.Cpu.TotalMilliseconds, sample.Resident, sample.Allocated, sample.Paused.TotalMilliseconds, counters?.Read() ?? new Dictionary<string, double>()));
    });
}
