using Microsoft.Extensions.Options;

namespace AccountGrains.Silo.Storage;

/// <summary>Opens the embedded store while the silo starts, so that a store that cannot be opened stops the start.</summary>
internal sealed class StoreStart(IServiceProvider services, IOptions<StorageOptions> options) : ILifecycleParticipant<ISiloLifecycle>
{
    /// <inheritdoc/>
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(StoreStart), ServiceLifecycleStage.RuntimeStorageServices, _ =>
        {
            // It is closed with the host's services, after everything that may still write.
            if (!options.Value.IsVolatile) services.GetRequiredService<SqliteStore>().Open();
            return Task.CompletedTask;
        });
}
