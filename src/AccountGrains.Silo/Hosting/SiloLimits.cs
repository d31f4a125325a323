using System.ComponentModel.DataAnnotations;

namespace AccountGrains.Silo.Hosting;

/// <summary>What bounds one silo: section <c>AccountGrains:Silo</c>. Each has a default that fits; each can be set.</summary>
internal sealed class SiloLimits
{
    private const string Section = $"{TrackerOptions.Section}:Silo";

    /// <summary>How many calls may wait for one grain before further ones are refused; default 5,000. Orleans has no limit of its own, and one account or fingerprint that everybody calls would take the memory of all. What the door has an account take in without a call is bounded by <c>InFlight</c>.</summary>
    [Range(100, 1_000_000, ErrorMessage = $"{Section}:MaxEnqueuedRequests must be between 100 and 1,000,000.")]
    public int MaxEnqueuedRequests { get; set; } = 5_000;

    /// <summary>The longest message between silos, in bytes; default 64 MiB: an epoch's reports to one silo, or a stored campaign of many members, travel as one.</summary>
    [Range(1 << 20, 1 << 30, ErrorMessage = $"{Section}:MaxMessageBodySize must be between 1 MiB and 1 GiB.")]
    public int MaxMessageBodySize { get; set; } = 64 * 1024 * 1024;

    /// <summary>How long a call between grains may go unanswered; default 30 s. It bounds what waits for a silo that is gone; a verdict does not wait for it, but for its deadline.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ErrorMessage = $"{Section}:ResponseTimeout must be between 1 second and 10 minutes.")]
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an account that nobody calls stays loaded; default 15 minutes, since a person's next request comes within that, and loading costs a read.</summary>
    [Range(typeof(TimeSpan), "00:02:00", "24:00:00", ErrorMessage = $"{Section}:AccountAge must be between 2 minutes and 1 day.")]
    public TimeSpan AccountAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>The same of an account with less than five requests in fourteen days that is no member of a campaign and under no verdict; default 2 minutes: whoever makes up accounts pays for none of the memory of others.</summary>
    [Range(typeof(TimeSpan), "00:02:00", "24:00:00", ErrorMessage = $"{Section}:YoungAccountAge must be between 2 minutes and 1 day.")]
    public TimeSpan YoungAccountAge { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The same of a fingerprint; default 5 minutes: most are seen by a few accounts and never again, and are called once in an epoch at most.</summary>
    [Range(typeof(TimeSpan), "00:02:00", "24:00:00", ErrorMessage = $"{Section}:FingerprintAge must be between 2 minutes and 1 day.")]
    public TimeSpan FingerprintAge { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The same of a campaign, and of whatever else; default 1 hour: they are few, and loading one of many members is dear.</summary>
    [Range(typeof(TimeSpan), "00:02:00", "24:00:00", ErrorMessage = $"{Section}:OtherAge must be between 2 minutes and 1 day.")]
    public TimeSpan OtherAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Unloads the grains that were called longest ago when memory runs short; default true. The limit is the container's, or <c>DOTNET_GCHeapHardLimit</c>; without either it is the machine's memory.</summary>
    public bool ShedOnMemoryPressure { get; set; } = true;

    /// <summary>The share of memory in use, in percent, at which that begins; default 80: collecting and storing need room too.</summary>
    [Range(10, 99, ErrorMessage = $"{Section}:MemoryLimitPercent must be between 10 and 99.")]
    public int MemoryLimitPercent { get; set; } = 80;

    /// <summary>The share of memory, in percent, at which it ends; default 75, below the limit.</summary>
    [Range(5, 98, ErrorMessage = $"{Section}:MemoryTargetPercent must be between 5 and 98.")]
    public int MemoryTargetPercent { get; set; } = 75;

    /// <summary>Refuses calls of clients through the gateway while the processor or memory is at its limit; default true. HTTP has bounds of its own.</summary>
    public bool ShedOnLoad { get; set; } = true;

    /// <summary>How long the process may take to stop; default 2 minutes: everything is stored or handed over by then. Whoever stops it must wait longer before killing it.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "01:00:00", ErrorMessage = $"{Section}:ShutdownTimeout must be between 5 seconds and 1 hour.")]
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long one grain may take to store its state and go; default 30 s. Many are stored at the same time when the process stops, or when they are due; one that finds no room in the store tries again until two write timeouts before that.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:30:00", ErrorMessage = $"{Section}:DeactivationTimeout must be between 1 second and 30 minutes.")]
    public TimeSpan DeactivationTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
