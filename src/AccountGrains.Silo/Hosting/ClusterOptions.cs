using System.ComponentModel.DataAnnotations;

namespace AccountGrains.Silo.Hosting;

/// <summary>How silos find each other.</summary>
internal enum ClusterProvider
{
    /// <summary>They do not: this silo is alone.</summary>
    Localhost = 0,

    /// <summary>Through a table of Azure Storage.</summary>
    AzureTable = 1,

    /// <summary>Through Redis.</summary>
    Redis = 2,

    /// <summary>Through PostgreSQL.</summary>
    Postgres = 3,
}

/// <summary>This silo's place in its cluster: section <c>AccountGrains:Cluster</c>.</summary>
internal sealed class ClusterOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = $"{TrackerOptions.Section}:Cluster";

    /// <summary>How silos find each other: <c>Localhost</c> (one silo alone), <c>AzureTable</c>, <c>Redis</c> or <c>Postgres</c>; default <c>Localhost</c>.</summary>
    [EnumDataType(typeof(ClusterProvider), ErrorMessage = $"{Section}:Provider must be Localhost, AzureTable, Redis or Postgres.")]
    public ClusterProvider Provider { get; set; }

    /// <summary>Where they find each other; unset, the first of <c>Storage:ConnectionStrings</c> where that is of the same kind.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The cluster's name; default <c>accountgrains</c>.</summary>
    [Required(ErrorMessage = $"{Section}:ClusterId must be set.")]
    [RegularExpression(@"[^/\\#?\p{C}]{1,150}", ErrorMessage = $"{Section}:ClusterId must be 1 to 150 characters without / \\ # ? and control characters.")]
    public string ClusterId { get; set; } = "accountgrains";

    /// <summary>The service's name, under which states are stored; default <c>accountgrains</c>.</summary>
    [Required(ErrorMessage = $"{Section}:ServiceId must be set.")]
    [RegularExpression(@"[^/\\#?\p{C}]{1,150}", ErrorMessage = $"{Section}:ServiceId must be 1 to 150 characters without / \\ # ? and control characters.")]
    public string ServiceId { get; set; } = "accountgrains";

    /// <summary>The address or host name at which other silos reach this one; it listens there alone. Default 127.0.0.1; any other than loopback needs <c>AllowRemote</c>.</summary>
    [Required(ErrorMessage = $"{Section}:AdvertisedAddress must be an address or a host name.")]
    public string AdvertisedAddress { get; set; } = "127.0.0.1";

    /// <summary>The port on which silos talk to each other; default 11111.</summary>
    [Range(1, 65535, ErrorMessage = $"{Section}:SiloPort must be a port.")]
    public int SiloPort { get; set; } = 11111;

    /// <summary>The port of the gateway for clients; default 30000.</summary>
    [Range(1, 65535, ErrorMessage = $"{Section}:GatewayPort must be a port.")]
    public int GatewayPort { get; set; } = 30000;

    /// <summary>
    /// Keeps the directory of grains in a form that is never of two minds; default true. With Orleans' default one a silo that leaves is forgotten before it
    /// has handed its grains over: 5 to 10 of 500 lost what was not stored, against none of 500. All silos must agree on it, and for as long as
    /// <see cref="DirectoryLease"/> the grains of a silo that crashed are not placed elsewhere.
    /// </summary>
    public bool DistributedDirectory { get; set; } = true;

    /// <summary>
    /// How long after a crash the grains of the silo that crashed are not placed elsewhere, so that a silo that only seemed dead does not go on beside their
    /// new activations; default 30 s, from the moment of the crash. 0 places them again as soon as the silo is declared dead: the
    /// store's ETags are all that keeps two of one account apart then.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00", ErrorMessage = $"{Section}:DirectoryLease must be between 0 and 10 minutes.")]
    public TimeSpan DirectoryLease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Moves grains from crowded silos to empty ones; default true. Grains of long life stay where they are otherwise, and a new silo only
    /// gets those that are new or were unloaded.
    /// </summary>
    public bool Rebalance { get; set; } = true;

    /// <summary>How often some of them move; default 5 s: looking costs little, and <see cref="RebalanceLimit"/> bounds the moving.</summary>
    [Range(typeof(TimeSpan), "00:00:03", "01:00:00", ErrorMessage = $"{Section}:RebalanceCycle must be between 3 seconds and 1 hour.")]
    public TimeSpan RebalanceCycle { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The most that move in one such cycle; default 10,000, which is 2,000 a second, each with its state and without the store.</summary>
    [Range(1, 1_000_000, ErrorMessage = $"{Section}:RebalanceLimit must be between 1 and 1,000,000.")]
    public int RebalanceLimit { get; set; } = 10_000;

    /// <summary>
    /// How long a silo may leave a probe unanswered; default 5 s, stretched by Orleans between half of it and five times while this silo itself
    /// is slow. Shorter finds crashes earlier, and takes a silo that collects garbage for a dead one more often.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:01:00", ErrorMessage = $"{Section}:ProbeTimeout must be between 0.5 s and 1 minute.")]
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many probes in a row a silo may miss before another one votes it dead; default 3: one lost packet or one pause is no death.</summary>
    [Range(1, 100, ErrorMessage = $"{Section}:MissedProbes must be between 1 and 100.")]
    public int MissedProbes { get; set; } = 3;

    /// <summary>How many silos must vote, where there are so many; default 2: one silo that lost its own network declares nobody dead.</summary>
    [Range(1, 100, ErrorMessage = $"{Section}:DeathVotes must be between 1 and 100.")]
    public int DeathVotes { get; set; } = 2;
}
