namespace AccountGrains.Core.Tests;

/// <summary>Measures what code allocates once it is warm.</summary>
internal static class Allocation
{
    private const int WarmUp = 200;
    private const int Rounds = 100;
    private const int Measurements = 20;

    /// <summary>
    /// The bytes that 100 rounds allocate: the least of several measurements. What the code itself allocates is in each of them; a collection that another
    /// test causes counts the unused rest of this thread's buffer as allocated, and is not.
    /// </summary>
    public static long Of(Action act)
    {
        for (var i = 0; i < WarmUp; i++) act();

        var least = long.MaxValue;
        for (var i = 0; i < Measurements && least > 0; i++) least = Math.Min(least, Measure(act));
        return least;
    }

    private static long Measure(Action act)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Rounds; i++) act();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
