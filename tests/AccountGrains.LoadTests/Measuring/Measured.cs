namespace AccountGrains.LoadTests.Measuring;

/// <summary>What came of one measurement.</summary>
internal sealed record Measured
{
    /// <summary>What was called.</summary>
    public required string Target { get; init; }

    /// <summary>Which part of the run it was.</summary>
    public required string Phase { get; init; }

    /// <summary>How long it took.</summary>
    public required double Seconds { get; init; }

    /// <summary>Calls a second that were to be sent; null when each caller sent as fast as it was answered.</summary>
    public double? Offered { get; init; }

    /// <summary>Calls a second that were answered and not refused.</summary>
    public required double Achieved { get; init; }

    /// <summary>From the moment that a call was to be sent to its answer, in microseconds; accepted calls only.</summary>
    public required Latency Latency { get; init; }

    /// <summary>The same of those calls alone that the account itself answered.</summary>
    public required Latency Live { get; init; }

    /// <summary>The part of it until a thread came to send: the generator shares the machine, and in a hosted run the threads too, with what it measures; null when each caller sent as fast as it was answered.</summary>
    public Latency? Late { get; init; }

    /// <summary>How many ended in which way.</summary>
    public required IReadOnlyDictionary<string, long> Answers { get; init; }

    /// <summary>What the processes used meanwhile.</summary>
    public required IReadOnlyList<ProcessUsage> Processes { get; init; }

    /// <summary>What the tracker counted for each observation.</summary>
    public IReadOnlyDictionary<string, double> PerObservation { get; init; } = new Dictionary<string, double>();
}

/// <summary>What a process used during a measurement.</summary>
internal sealed record ProcessUsage
{
    /// <summary>Which.</summary>
    public required string Name { get; init; }

    /// <summary>CPU time for each accepted call while calls were under way, in microseconds.</summary>
    public required double CpuMicroseconds { get; init; }

    /// <summary>The same with what was done behind the calls after the last of them: epochs, writes.</summary>
    public required double CpuMicrosecondsInAll { get; init; }

    /// <summary>CPU time over wall time.</summary>
    public required double Cores { get; init; }

    /// <summary>Bytes allocated for each accepted call; null for one that is no .NET process.</summary>
    public double? AllocatedBytes { get; init; }

    /// <summary>Share of the time that garbage collection paused it, in percent.</summary>
    public double? PausePercent { get; init; }

    /// <summary>Resident memory at the end, in MiB.</summary>
    public required double ResidentMebibytes { get; init; }
}
