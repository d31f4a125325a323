using Orleans.Configuration;

namespace AccountGrains.Silo.Hosting;

/// <summary>Moves activations from crowded silos to empty ones, so that a new silo gets its share within two minutes.</summary>
internal static class Rebalancing
{
    /// <summary>Adds the rebalancer of activations.</summary>
    public static ISiloBuilder AddRebalancing(this ISiloBuilder silo)
    {
#pragma warning disable ORLEANSEXP002 // The rebalancer is marked experimental; without it a new silo stays empty. It can be switched off.
        silo.AddActivationRebalancer();
        return silo.Configure<ActivationRebalancerOptions>(o =>
        {
            o.RebalancerDueTime = TimeSpan.FromSeconds(30);
        });
#pragma warning restore ORLEANSEXP002
    }
}
