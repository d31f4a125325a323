using AccountGrains.Silo.Hosting;

namespace AccountGrains.Silo.Tests.Hosting;

public sealed class FreePortsTests
{
    [Fact]
    public void Take_ManyAtOnce_GivesEachOnceAndBelowThoseOfConnections()
    {
        var ports = new int[300];

        Parallel.For(0, ports.Length, i => ports[i] = FreePorts.Take());

        Assert.Distinct(ports);
        Assert.All(ports, port => Assert.InRange(port, 12_000, 28_999));
    }

    [Fact]
    public void Next_OfProgramsSideBySide_NeverTheSame()
    {
        FreePorts[] programs = [.. Enumerable.Range(0, 4).Select(_ => new FreePorts())];

        int[] ports = [.. Enumerable.Range(0, 50).SelectMany(_ => programs.Select(program => program.Next()))];

        Assert.Distinct(ports);
        GC.KeepAlive(programs);
    }
}
