using AccountGrains.Core.Door;
using AccountGrains.Silo.Hosting;
using AccountGrains.Silo.Storage;

namespace AccountGrains.Silo.Door;

/// <summary>Keeps a silo away from a store whose ids another secret made: it would find none of them, and start everybody anew.</summary>
internal sealed class KeyCheck(KeyRing keys, IStoreProperties properties)
{
    /// <summary>Refuses the start when the store was made with another secret.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var stored = await properties.SetIfAbsentAsync("key-check", keys.CheckValue, cancellationToken).ConfigureAwait(false);
        if (stored == keys.CheckValue) return;
        throw new StartRefusedException(
            $"The store was made with another secret (its check value is {stored}, this silo's is {keys.CheckValue}). Set {TrackerOptions.Section}:Keys:Current to the "
            + "secret that made it, put its key file back, or start with an empty store.");
    }
}
