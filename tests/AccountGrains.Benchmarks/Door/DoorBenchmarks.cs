using AccountGrains.Core.Door;
using BenchmarkDotNet.Attributes;

namespace AccountGrains.Benchmarks.Door;

/// <summary>What it costs to read an observation without a prompt and make all its ids: from values seen before, and from values never seen.</summary>
[MemoryDiagnoser]
public class DoorBenchmarks
{
    private const int Many = 65_536;
    private readonly byte[] _warm = Samples.Json(1, 1, null);
    private readonly byte[][] _cold = [.. Enumerable.Range(0, Many).Select(i => Samples.Json(i * 7919, i, null))];
    private KeyRing _keys = Samples.Keys();
    private DoorContext _door;
    private int _next;

    [GlobalSetup]
    public void SetUp()
    {
        // A ring that remembers nothing makes every value new.
        _door = Samples.Door(_keys);
        for (var i = 0; i < 3; i++) Warm();
        ColdDoor = Samples.Door(new KeyRing(new byte[32], cachedValues: 1));
    }

    private DoorContext ColdDoor { get; set; }

    [Benchmark(Baseline = true)]
    public bool Warm() => ObservationReader.TryRead(_warm, _door, out _, out _);

    [Benchmark]
    public bool Cold() => ObservationReader.TryRead(_cold[_next++ % Many], ColdDoor, out _, out _);
}
