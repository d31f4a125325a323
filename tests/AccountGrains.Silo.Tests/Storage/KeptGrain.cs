using AccountGrains.Silo.Storage;

namespace AccountGrains.Silo.Tests.Storage;

/// <summary>A grain without a silo, for what keeps its state.</summary>
internal sealed class KeptGrain : IKeptBehind
{
    public GrainId Id { get; } = GrainId.Create("account", "k1-" + new string('0', 32));

    public IGrainContext Context => throw new InvalidOperationException("Without a silo there is none.");

    public string StateName => StorageNames.Account;

    /// <summary>What it does when it is asked to store what changed.</summary>
    public Func<Task<bool>>? Flush { get; set; }

    public async ValueTask AskToFlushAsync()
    {
        if (Flush is { } flush) await flush();
    }

    public void StayFor(TimeSpan time)
    {
    }
}
