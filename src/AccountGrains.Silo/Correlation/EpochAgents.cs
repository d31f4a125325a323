using AccountGrains.Abstractions.Correlation;
using Orleans.Runtime.Services;

namespace AccountGrains.Silo.Correlation;

/// <summary>The agents of all silos.</summary>
internal sealed class EpochAgents(IServiceProvider services, ILocalSiloDetails local, IClusterMembershipService membership) : GrainServiceClient<IEpochAgent>(services)
{
    /// <summary>This silo.</summary>
    public SiloAddress Here => local.SiloAddress;

    /// <summary>The silos that are active, in their fixed order.</summary>
    public IReadOnlyList<SiloAddress> Active => [.. membership.CurrentSnapshot.Members.Values.Where(m => m.Status == SiloStatus.Active).Select(m => m.SiloAddress).Order()];

    /// <summary>The active silos but this one.</summary>
    public IReadOnlyList<SiloAddress> Others => [.. Active.Where(silo => !silo.Equals(Here))];

    /// <summary>The agent of a silo.</summary>
    public IEpochAgent At(SiloAddress silo) => GetGrainService(silo);
}
