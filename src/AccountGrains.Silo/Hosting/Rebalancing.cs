using Orleans.Configuration;

namespace AccountGrains.Silo.Hosting;

/// <summary>Moves activations from crowded silos to empty ones, so that a new silo gets its share within two minutes.</summary>
internal static class Rebalancing
{
    /// <summary>A silo that joined is full of work of its own for a moment.</summary>
    private static readonly TimeSpan Due = TimeSpan.FromSeconds(10);

    /// <summary>How uneven it may stay: for two silos, the fuller one has 8 % above its share. Orleans' own default lets large clusters stay a third above.</summary>
    private const double Unevenness = 0.005;

    /// <summary>Most of what has to move does so in the first cycles, and not a tenth in each.</summary>
    private const double Eagerness = 0.5;

    /// <summary>Adds the rebalancer of activations.</summary>
    public static ISiloBuilder AddRebalancing(this ISiloBuilder silo, ClusterOptions cluster)
    {
#pragma warning disable ORLEANSEXP002 // The rebalancer is marked experimental; without it a new silo stays empty. It can be switched off.
        silo.AddActivationRebalancer();
        return silo.Configure<ActivationRebalancerOptions>(o =>
        {
            o.RebalancerDueTime = Due;
            o.SessionCyclePeriod = cluster.RebalanceCycle;
            o.ActivationMigrationCountLimit = cluster.RebalanceLimit;
            o.CycleNumberWeight = Eagerness;
            o.ScaleAllowedEntropyDeviation = false;
            o.AllowedEntropyDeviation = Unevenness;
        });
#pragma warning restore ORLEANSEXP002
    }
}
