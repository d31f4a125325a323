using System.Text.Json;
using AccountGrains.Abstractions.Accounts;
using AccountGrains.Core;
using AccountGrains.Core.Accounts;
using AccountGrains.Silo.Correlation;
using AccountGrains.Silo.Door;
using AccountGrains.Silo.Http.Views;
using AccountGrains.Silo.Policies;

namespace AccountGrains.Silo.Hosting;

/// <summary>
/// Walks once the way of an observation before the first one comes, up to what would count it: otherwise the first requests after a start wait for the
/// compiler and get the fallback.
/// </summary>
internal sealed class Warmup(FrontDoor door, IGrainFactory grains, SnapshotHolder snapshots, PolicyHolder policies) : IHostedLifecycleService
{
    private const int Rounds = 40;

    // A store that does not answer keeps nobody from serving.
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(5);
    private static readonly AccountId Nobody = new(1, UInt128.One);

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var scratch = new AccountState(Nobody);
        for (var i = 0; i < Rounds; i++)
        {
            if (!door.TryRead("""{"type":"request","account":"warm-up","requestId":"1","ip":"192.0.2.1","prompt":"Say it again, in other words, for the second time today"}"""u8, out var arrival, out _)) return;
            var outcome = AccountRules.Observe(scratch, arrival.Input, snapshots.Current);
            JsonSerializer.SerializeToUtf8Bytes(VerdictView.Live(arrival, Reply(outcome.Verdict), policies.Current), Json.Line);
        }

        try
        {
            await grains.GetGrain<IAccountGrain>(Nobody.ToString()).GetAsync().AsTask().WaitAsync(LongestRead, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A store that is down at the start is said elsewhere, and stops nothing here.
        }
    }

    private static VerdictReply Reply(Verdict verdict) =>
        new() { Verdict = verdict, DecisionNumber = 0, Durable = true, Campaign = 0, Score = 0, Duplicate = false, Reasons = [] };

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
