using System.ComponentModel.DataAnnotations;
using AccountGrains.Core;
using AccountGrains.Core.Policies;
using Microsoft.Extensions.Options;

namespace AccountGrains.Silo.Hosting;

/// <summary>How epochs end.</summary>
internal enum EpochMode
{
    /// <summary>By the clock.</summary>
    Live = 0,

    /// <summary>When somebody asks, through <c>POST /v1/epochs</c>.</summary>
    Manual = 1,
}

/// <summary>How the tracker behaves: section <c>AccountGrains</c>.</summary>
internal sealed class TrackerOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "AccountGrains";

    private TimeSpan? _deadline;

    /// <summary>The secret of the keyed ids; section <c>AccountGrains:Keys</c>.</summary>
    public KeyOptions Keys { get; set; } = new();

    /// <summary>How epochs end; section <c>AccountGrains:Epoch</c>.</summary>
    [ValidateObjectMembers]
    public EpochOptions Epoch { get; set; } = new();

    /// <summary>This silo's place in its cluster; section <c>AccountGrains:Cluster</c>.</summary>
    [ValidateObjectMembers]
    public ClusterOptions Cluster { get; set; } = new();

    /// <summary>What bounds this silo; section <c>AccountGrains:Silo</c>.</summary>
    [ValidateObjectMembers]
    public SiloLimits Silo { get; set; } = new();

    /// <summary>How behaviour is written behind; section <c>AccountGrains:Flush</c>.</summary>
    [ValidateObjectMembers]
    public FlushSettings Flush { get; set; } = new();

    /// <summary>How long a verdict may take before the last known one is answered; default 50 ms, and 30 s in <c>Manual</c> mode, where a replay waits for each.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00", ErrorMessage = "AccountGrains:Deadline must be between 1 ms and 1 minute.")]
    public TimeSpan Deadline
    {
        get => _deadline ?? (Epoch.Mode == EpochMode.Manual ? TimeSpan.FromSeconds(30) : TimeSpan.FromMilliseconds(50));
        set => _deadline = value;
    }

    /// <summary>What is answered for an account of which nothing is known in time, or that is not asked since there is too much to do, <c>allow</c> or <c>challenge</c>; default <c>allow</c>.</summary>
    [AllowedValues(Verdict.Allow, Verdict.Challenge, ErrorMessage = "AccountGrains:Fallback must be allow or challenge.")]
    public Verdict Fallback { get; set; } = Verdict.Allow;

    /// <summary>How many observations may be under way to their accounts at a time; more, but bans and their ends, are answered with the last known verdict or the fallback; default 10,000.</summary>
    [Range(1, 1_000_000, ErrorMessage = "AccountGrains:InFlight must be between 1 and 1,000,000.")]
    public int InFlight { get; set; } = 10_000;

    /// <summary>Whether verdicts restrict anybody, <c>enforce</c> or <c>shadow</c>; default <c>enforce</c>.</summary>
    [EnumDataType(typeof(EnforcementMode), ErrorMessage = "AccountGrains:Mode must be enforce or shadow.")]
    public EnforcementMode Mode { get; set; } = EnforcementMode.Enforce;

    /// <summary>Lets the silo listen on other addresses than loopback, although operators have no accounts yet; default false.</summary>
    public bool AllowRemote { get; set; }

    /// <summary>Last decisions that each silo keeps, for when an account cannot answer; restricted accounts stay when others make way; default 1,000,000.</summary>
    [Range(1_000, 100_000_000, ErrorMessage = "AccountGrains:LastVerdicts must be between 1,000 and 100,000,000.")]
    public int LastVerdicts { get; set; } = 1_000_000;

    /// <summary>Entries of the first-seen table, 32 bytes each; default 1,048,576.</summary>
    [Range(1024, 1 << 28, ErrorMessage = "AccountGrains:FirstSeenEntries must be between 1,024 and 268,435,456.")]
    public int FirstSeenEntries { get; set; } = 1 << 20;
}

/// <summary>The secret of the keyed ids.</summary>
internal sealed class KeyOptions
{
    /// <summary>The secret, at least 16 bytes in Base64; unset, it is generated once into the data directory.</summary>
    public string? Current { get; set; }
}

/// <summary>How epochs end.</summary>
internal sealed class EpochOptions
{
    private TimeSpan? _patience;

    /// <summary>By the clock (<c>Live</c>) or when asked (<c>Manual</c>); default <c>Live</c>.</summary>
    [EnumDataType(typeof(EpochMode), ErrorMessage = "AccountGrains:Epoch:Mode must be Live or Manual.")]
    public EpochMode Mode { get; set; } = EpochMode.Live;

    /// <summary>How long a live epoch lasts; default 250 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00", ErrorMessage = "AccountGrains:Epoch:Length must be between 10 ms and 1 hour.")]
    public TimeSpan Length { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long one step of the end of an epoch waits for a silo before it goes on without it; default 5 s, and 60 s in <c>Manual</c> mode.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00", ErrorMessage = "AccountGrains:Epoch:Patience must be between 100 ms and 10 minutes.")]
    public TimeSpan Patience
    {
        get => _patience ?? TimeSpan.FromSeconds(Mode == EpochMode.Manual ? 60 : 5);
        set => _patience = value;
    }
}

/// <summary>How behaviour is written behind.</summary>
internal sealed class FlushSettings
{
    /// <summary>
    /// How long a change may wait before it is stored: what a crash can lose of counters, sixteen times as much while the store does not keep up or a silo has as much to do as it can;
    /// what an account was only told by others waits up to twelve times as long; default 5 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00", ErrorMessage = "AccountGrains:Flush:Interval must be between 100 ms and 1 hour.")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many grains are asked to store at a time; default 256.</summary>
    [Range(1, 4096, ErrorMessage = "AccountGrains:Flush:Parallel must be between 1 and 4,096.")]
    public int Parallel { get; set; } = 256;

    /// <summary>
    /// How many grains store in a second at most; default 5,000, and a quarter of it while something nearly always waits for a thread. What an outage of the store left behind
    /// is stored at this pace, and when there is more the interval stretches, to sixteen times what it is: then verdicts have no precedence.
    /// </summary>
    [Range(10, 1_000_000, ErrorMessage = "AccountGrains:Flush:MaxPerSecond must be between 10 and 1,000,000.")]
    public int MaxPerSecond { get; set; } = 5_000;
}

/// <summary>Checks <see cref="TrackerOptions"/>.</summary>
[OptionsValidator]
internal sealed partial class TrackerOptionsValidator : IValidateOptions<TrackerOptions>;
