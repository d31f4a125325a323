namespace AccountGrains.LoadTests.Measuring;

/// <summary>This process: the generator, and in a hosted run the silo too.</summary>
internal sealed class ThisProcess(string name, SiloCounters? counters) : IObservedProcess
{
    public string Name => name;

    public ValueTask<ProcessSample> SampleAsync() => new(ProcessSample.OfThisProcess());

    public ValueTask<IReadOnlyDictionary<string, double>> CountersAsync() => new(counters?.Read() ?? new Dictionary<string, double>());
}
