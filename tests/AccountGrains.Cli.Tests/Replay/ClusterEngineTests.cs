using AccountGrains.Abstractions.Fingerprints;
using AccountGrains.Cli.Replay;
using AccountGrains.Core.Door;
using AccountGrains.Core.Policies;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrains.Cli.Tests.Replay;

public sealed class ClusterEngineTests : IDisposable
{
    private readonly TraceFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Replay_InWhichAFingerprintFails_WritesWhatThereIsAndEndsWithOne()
    {
        var report = await ReplayAsync(new FailingFilter());

        Assert.Equal(1, report.ExitCode);
        Assert.True(report.Faults.Resent > 0);
        Assert.Contains("correlation calls were not acknowledged", Assert.Single(report.Faults.Sentences), StringComparison.Ordinal);
        Assert.NotEmpty(File.ReadLines(_folder["out/decisions.jsonl"]));
    }

    [Fact]
    public async Task Replay_InWhichNothingFails_EndsWithNought()
    {
        var report = await ReplayAsync(null);

        Assert.Equal(0, report.ExitCode);
        Assert.Empty(report.Faults.Sentences);
    }

    [Theory]
    [InlineData(0, 3, 0, "3 decisions found no room")]
    [InlineData(0, 0, 4, "The reports of 4 observations found no room")]
    public void Sentences_OfAFault_SayWhich(long resent, long lost, long dropped, string expected)
    {
        var sentences = new ReplayFaults(resent, lost, dropped).Sentences;

        Assert.StartsWith(expected, Assert.Single(sentences), StringComparison.Ordinal);
    }

    private async Task<ReplayReport> ReplayAsync(IIncomingGrainCallFilter? filter)
    {
        var stop = TestContext.Current.CancellationToken;
        var length = TimeSpan.FromHours(1);
        var keys = ReplayEngines.Keys();
        await using var engine = await ClusterEngine.StartAsync(Policy.Default, length, Configure, stop);
        await using var output = new ReplayOutput(_folder["out"]);
        return await ReplayRun.RunAsync(_folder.Write("trace.jsonl"), engine, new DoorContext(keys, new LabelCache(keys), 0, IsReplay: true), output, length, null, null, stop);

        void Configure(ISiloBuilder silo)
        {
            if (filter is not null) silo.Services.AddSingleton(filter);
        }
    }

    /// <summary>Lets the first report to a fingerprint fail.</summary>
    private sealed class FailingFilter : IIncomingGrainCallFilter
    {
        private int _calls;

        public Task Invoke(IIncomingGrainCallContext context) =>
            context.InterfaceMethod.DeclaringType == typeof(IFingerprintGrain) && Interlocked.Increment(ref _calls) == 1
                ? throw new InvalidOperationException("The fingerprint is away.")
                : context.Invoke();
    }
}
