using AccountGrains.Core;
using AccountGrains.Core.Decisions;
using AccountGrains.Silo.Storage;

namespace AccountGrains.Silo.Tests.Cluster;

/// <summary>A log of decisions that can be held up or made to fail.</summary>
internal sealed class GatedDecisionLog(IDecisionLog inner) : IDecisionLog
{
    public Gate? Gate { get; set; }

    public async ValueTask AppendAsync(IReadOnlyList<Decision> batch, CancellationToken cancellationToken)
    {
        if (Gate is { } gate) await gate.PassAsync();
        await inner.AppendAsync(batch, cancellationToken);
    }

    public ValueTask<IReadOnlyList<LoggedDecision>> ReadAsync(long afterSequence, int limit, CancellationToken cancellationToken) => inner.ReadAsync(afterSequence, limit, cancellationToken);

    public ValueTask<IReadOnlyList<Decision>> ReadAccountAsync(AccountId account, int limit, CancellationToken cancellationToken) => inner.ReadAccountAsync(account, limit, cancellationToken);

    public IAsyncEnumerable<Decision> LoadLatestAsync(CancellationToken cancellationToken) => inner.LoadLatestAsync(cancellationToken);
}
