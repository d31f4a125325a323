using AccountGrains.Silo.Storage;

namespace AccountGrains.Silo.Tests.Storage;

/// <summary>A grain without a silo, for what keeps its state.</summary>
internal sealed class KeptGrain : IKeptBehind
{
    public GrainId Id { get; } = GrainId.Create("account", "k1-" + new string('0', 32));

    public IGrainContext Context => throw new InvalidOperationException("Without a silo there is none.");

    public string StateName => StorageNames.Account;

    public ValueTask AskToFlushAsync() => default;

    public void StayFor(TimeSpan time)
    {
    }
}
