namespace Orleans.Persistence.AzureStorage;

/// <summary>How long a call to the store may take, and how often it is tried.</summary>
public class AzureStoragePolicyOptions
{
    /// <summary>How many rows one transaction deletes at most; default 100, which is the service's own limit.</summary>
    public int MaxBulkUpdateRows { get; set; } = 100;

    /// <summary>How often the creation of a table or container is tried again; default 10.</summary>
    public int MaxCreationRetries { get; set; } = 10;

    /// <summary>How often a call that failed for a passing reason is tried again; default 3.</summary>
    public int MaxOperationRetries { get; set; } = 3;

    /// <summary>The pause before a creation is tried again; default 1 s.</summary>
    public TimeSpan PauseBetweenCreationRetries { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The first pause before a call is tried again, more or less a random part of it; it doubles from try to try; default 100 ms.</summary>
    public TimeSpan PauseBetweenOperationRetries { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause between two tries, also when the service asks for more; default 2 s.</summary>
    public TimeSpan MaxPauseBetweenOperationRetries { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long one try of a creation may take; default 10 s.</summary>
    public TimeSpan CreationTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one try of a call may take; default 3 s.</summary>
    public TimeSpan OperationTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How many tries are looked at, within 10 s, before the store counts as down; default 10.</summary>
    public int BreakerThroughput { get; set; } = 10;

    /// <summary>How long no call is made, at first, once half of the tries failed; it doubles from probe to probe, up to 30 s; default 1 s.</summary>
    public TimeSpan BreakerPause { get; set; } = TimeSpan.FromSeconds(1);
}
