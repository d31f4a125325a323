using System.Collections.Immutable;
using System.Net;
using AccountGrains.Silo.Hosting;
using AccountGrains.Silo.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AccountGrains.Silo.Tests.Hosting;

/// <summary>What a silo that stood still may store; <c>DrillTests</c> has real ones stand still.</summary>
public sealed class StandstillTests
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly Cluster _cluster = new();
    private readonly Standstill _standstill;

    public StandstillTests() => _standstill = new Standstill(_cluster, _cluster, _clock, NullLogger<Standstill>.Instance);

    [Fact]
    public async Task Check_WhileTimeGoesOn_AsksNobody()
    {
        _clock.Advance(Short);
        await _standstill.CheckAsync();

        Assert.Equal(0, _cluster.Asked);
    }

    [Fact]
    public async Task Check_AfterAStandstill_AsksOnceForAll_AndNotAgainAfterTheNextLook()
    {
        _cluster.Answers = new TaskCompletionSource();
        _clock.Advance(Long);
        var first = _standstill.CheckAsync().AsTask();
        var second = _standstill.CheckAsync().AsTask();
        var waited = (first.IsCompleted, second.IsCompleted);
        _cluster.Answers.SetResult();
        await Task.WhenAll(first, second);
        var asked = _cluster.Asked;
        await _standstill.TickAsync();
        await _standstill.CheckAsync();

        Assert.Equal((false, false), waited);
        Assert.Equal((1, 2), (asked, _cluster.Asked));
    }

    [Fact]
    public async Task Check_OfASiloThatTheClusterGoesOnWithout_Refuses()
    {
        _cluster.Status = SiloStatus.Dead;
        _clock.Advance(Long);

        await RefusedAsync();
        await _standstill.TickAsync();
        await RefusedAsync();
    }

    [Fact]
    public async Task Check_OfAClusterThatDoesNotAnswer_Refuses_UntilItDoes()
    {
        _cluster.Answers = new TaskCompletionSource();
        _clock.Advance(Long);
        var unanswered = _standstill.CheckAsync().AsTask();
        _clock.Advance(Long);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => unanswered);
        _cluster.Answers = new TaskCompletionSource();
        _cluster.Answers.SetException(new IOException("The table is away."));
        await RefusedAsync();

        _cluster.Answers = null;
        await _standstill.CheckAsync();
    }

    private Task<StoreUnavailableException> RefusedAsync() => Assert.ThrowsAsync<StoreUnavailableException>(() => _standstill.CheckAsync().AsTask());

    private sealed class Cluster : IClusterMembershipService, ILocalSiloDetails
    {
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public SiloStatus Status { get; set; } = SiloStatus.Active;

        public TaskCompletionSource? Answers { get; set; }

        public ClusterMembershipSnapshot CurrentSnapshot => new(ImmutableDictionary<SiloAddress, ClusterMember>.Empty.Add(SiloAddress, new ClusterMember(SiloAddress, Status, Name)), new MembershipVersion(1));

        public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => throw new NotSupportedException();

        public string Name => "here";

        public string ClusterId => "c";

        public string DnsHostName => "localhost";

        public SiloAddress SiloAddress { get; } = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11111), 1);

        public SiloAddress GatewayAddress => SiloAddress;

        public ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _asked);
            return Answers is { } answers ? new ValueTask(answers.Task) : ValueTask.CompletedTask;
        }

        public Task<bool> TryKill(SiloAddress siloAddress) => throw new NotSupportedException();
    }
}
