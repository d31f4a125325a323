using System.Collections.Immutable;
using System.Net;

namespace AccountGrains.Silo.Tests.Hosting;

/// <summary>A cluster as one of its silos sees it, and as a test says that it is.</summary>
internal sealed class FakeMembership : IClusterMembershipService, ILocalSiloDetails
{
    private int _asked;

    /// <summary>The silos but this one.</summary>
    public ImmutableDictionary<SiloAddress, ClusterMember> Others { get; private set; } = ImmutableDictionary<SiloAddress, ClusterMember>.Empty;

    /// <summary>What the cluster says of this silo.</summary>
    public SiloStatus Status { get; set; } = SiloStatus.Active;

    /// <summary>When the cluster answers; at once without.</summary>
    public TaskCompletionSource? Answers { get; set; }

    /// <summary>What happens while it is asked.</summary>
    public Action? Asks { get; set; }

    /// <summary>How often it was asked.</summary>
    public int Asked => Volatile.Read(ref _asked);

    public ClusterMembershipSnapshot CurrentSnapshot => new(Others.Add(SiloAddress, new ClusterMember(SiloAddress, Status, Name)), new MembershipVersion(3));

    public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => throw new NotSupportedException();

    public string Name => "here";

    public string ClusterId => "c";

    public string DnsHostName => "localhost";

    public SiloAddress SiloAddress { get; } = SiloAddress.New(IPAddress.Loopback, 1, 1);

    public SiloAddress GatewayAddress => SiloAddress;

    /// <summary>Another silo is gone.</summary>
    public void Lose()
    {
        var lost = SiloAddress.New(IPAddress.Loopback, 2, 1);
        Others = Others.Add(lost, new ClusterMember(lost, SiloStatus.Dead, "other"));
    }

    public ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _asked);
        Asks?.Invoke();
        return Answers is { } answers ? new ValueTask(answers.Task) : ValueTask.CompletedTask;
    }

    public Task<bool> TryKill(SiloAddress siloAddress) => throw new NotSupportedException();
}
