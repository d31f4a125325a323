using AccountGrains.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AccountGrains.Silo.Policies;

/// <summary>Puts the policy into a silo.</summary>
internal static class PolicyRegistration
{
    /// <summary>Adds the policy of section <c>AccountGrains:Policy</c>; one that is there already stays.</summary>
    public static IServiceCollection AddPolicy(this IServiceCollection services)
    {
        // Not bound in the way that follows changes by itself: an exception about a wrong value would end up in whatever changed the configuration.
        services.AddOptionsWithValidateOnStart<PolicyOptions, PolicyOptionsValidator>()
            .Configure<IConfiguration>((options, configuration) => configuration.GetSection(PolicyOptions.Section).Bind(options))
            .Validate(o => o.FamiliesNeeded >= 2, $"{PolicyOptions.Section}:FamiliesNeeded must be at least 2: one family alone restricts nobody. Only a replay may try 1.")
            .Validate(o => o.PopularityFactor >= 1, $"{PolicyOptions.Section}:PopularityFactor must be at least 1: what everybody shares must not restrict anybody. Only a replay may try less.");
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PolicyOptions>, PolicyOptionsRules>());
        services.TryAddSingleton(sp => new PolicyHolder(
            sp.GetRequiredService<IOptions<PolicyOptions>>().Value.ToPolicy(sp.GetRequiredService<IOptions<TrackerOptions>>().Value.Mode)));
        services.AddHostedService<PolicyReload>();
        return services;
    }
}
