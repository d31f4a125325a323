namespace AccountGrains.Silo.Hosting;

/// <summary>What is asked of the cluster's list of silos.</summary>
internal static class Membership
{
    /// <summary>The silos that are gone, but for one: lost or stopped, which cannot be told apart.</summary>
    public static HashSet<SiloAddress> GoneBut(this ClusterMembershipSnapshot snapshot, SiloAddress self) =>
        [.. snapshot.Members.Values.Where(m => m.Status == SiloStatus.Dead && !m.SiloAddress.Equals(self)).Select(m => m.SiloAddress)];
}
