namespace AccountGrains.Silo.Storage;

/// <summary>Opens the store while the silo starts, so that a store that cannot be opened stops the start.</summary>
internal sealed class StoreStart(IStore store) : ILifecycleParticipant<ISiloLifecycle>
{
    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle) =>

        // It is closed with the host's services, after everything that may still write.
        lifecycle.Subscribe(nameof(StoreStart), ServiceLifecycleStage.RuntimeStorageServices, store.OpenAsync);
}
