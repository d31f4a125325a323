using AccountGrains.Core.Door;
using AccountGrains.Silo.Hosting;
using AccountGrains.Silo.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AccountGrains.Silo.Door;

/// <summary>Puts the door before the accounts.</summary>
internal static class DoorRegistration
{
    /// <summary>Adds the keys, the labels and the door; a key ring that is there already stays.</summary>
    public static IServiceCollection AddDoor(this IServiceCollection services)
    {
        services.TryAddSingleton(sp => new KeyRing(KeyFile.Secret(
            sp.GetRequiredService<IOptions<TrackerOptions>>().Value.Keys, sp.GetRequiredService<IOptions<StorageOptions>>().Value)));
        services.TryAddSingleton(sp => new LabelCache(sp.GetRequiredService<KeyRing>()));
        services.TryAddSingleton<KeyCheck>();
        services.TryAddSingleton<VerdictMetrics>();
        services.TryAddSingleton<FrontDoor>();
        return services;
    }
}
