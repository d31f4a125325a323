using AccountGrains.Abstractions.Messages;
using AccountGrains.Core.Door;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace AccountGrains.Benchmarks.Messages;

/// <summary>What an observation costs on its way to another process.</summary>
[MemoryDiagnoser]
public class MessageBenchmarks
{
    private readonly Message<Observation> _message = new(new Observation(Samples.Input(1, 1, Samples.Start)));
    private Serializer<Message<Observation>> _serializer = null!;
    private byte[] _bytes = [];
    private readonly byte[] _buffer = new byte[4096];

    [GlobalSetup]
    public void SetUp()
    {
        _serializer = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer<Message<Observation>>>();
        _bytes = _serializer.SerializeToArray(_message);
    }

    [Benchmark(Baseline = true)]
    public int Write() => _serializer.Serialize(_message, _buffer);

    [Benchmark]
    public Message<Observation>? Read() => _serializer.Deserialize(_bytes);
}
