using AccountGrains.Abstractions;
using AccountGrains.Core;
using Orleans.Storage;

namespace AccountGrains.Silo.Storage;

/// <summary>Tells whether an account still has a state; while it has, its last decision is kept.</summary>
internal sealed class KnownAccounts([FromKeyedServices(StorageNames.State)] IGrainStorage storage)
{
    /// <summary>False when the account has no state for certain.</summary>
    public async ValueTask<bool> ContainsAsync(AccountId account, CancellationToken cancellationToken)
    {
        var state = new GrainState<StoredRecord>();
        await storage.ReadStateAsync(StorageNames.Account, GrainId.Create(StorageNames.Account, account.ToString()), state, cancellationToken).ConfigureAwait(false);
        return state.RecordExists || state.ETag == GrainStates.Unknown;
    }
}
