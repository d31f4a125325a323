using AccountGrains.Core.Door;
using AccountGrains.Core.Policies;

namespace AccountGrains.Cli.Replay;

/// <summary>The engines that run inside this process.</summary>
internal static class ReplayEngines
{
    /// <summary>An embedded silo; the default.</summary>
    public const string Cluster = "cluster";

    /// <summary>The same logic without Orleans.</summary>
    public const string InProcess = "inprocess";

    /// <summary>The keys of an embedded replay: fixed, so that ids are the same in every replay.</summary>
    public static KeyRing Keys() => new(new byte[32]);

    /// <summary>Starts an engine.</summary>
    public static ValueTask<IReplayEngine> CreateAsync(string engine, Policy policy, TimeSpan epochLength, KeyRing keys, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        cancellationToken.ThrowIfCancellationRequested();
        return engine == InProcess ? new(new InProcessEngine(policy, epochLength)) : ClusterEngine.StartAsync(policy, epochLength, configure: null, cancellationToken);
    }
}
