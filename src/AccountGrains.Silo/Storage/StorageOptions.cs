using System.ComponentModel.DataAnnotations;
using AccountGrains.Silo.AzureStorage;
using Microsoft.Extensions.Options;

namespace AccountGrains.Silo.Storage;

/// <summary>Where states and decisions are kept: section <c>AccountGrains</c>.</summary>
internal sealed class StorageOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "AccountGrains";

    /// <summary>The directory of the files that a silo keeps; relative to the working directory; default <c>./data</c>.</summary>
    [Required(ErrorMessage = "AccountGrains:DataDirectory must name a directory.")]
    public string DataDirectory { get; set; } = "./data";

    /// <summary>How long an account, a fingerprint, a campaign or a decision is kept that is not stored again; counted in days of the clock; default 90 days.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00", ErrorMessage = "AccountGrains:Retention must be between 1 day and 3650 days.")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How the store behaves; section <c>AccountGrains:Storage</c>.</summary>
    [ValidateObjectMembers]
    public StorageSettings Storage { get; set; } = new();

    /// <summary>The file of the embedded store.</summary>
    public string DatabaseFile => Path.GetFullPath(Path.Combine(DataDirectory, "accountgrains.db"));

    /// <summary>The provider; <see cref="StorageProviderRule"/> refuses a name that is none.</summary>
    public StorageProvider Kind => Enum.TryParse<StorageProvider>(Storage.Provider, ignoreCase: true, out var kind) ? kind : StorageProvider.Sqlite;

    /// <summary>True when nothing is to outlive the process.</summary>
    public bool IsVolatile => Kind == StorageProvider.Memory;

    /// <summary>True when it is inside this process: no other silo can use it.</summary>
    public bool IsEmbedded => Kind is StorageProvider.Sqlite or StorageProvider.Memory;
}

/// <summary>How the store behaves: section <c>AccountGrains:Storage</c>.</summary>
internal sealed class StorageSettings
{
    /// <summary>Which store: <c>Sqlite</c>, <c>Memory</c>, <c>AzureTable</c>, <c>AzureBlob</c>, <c>Redis</c> or <c>Postgres</c>; default <c>Sqlite</c>.</summary>
    public string Provider { get; set; } = nameof(StorageProvider.Sqlite);

    /// <summary>
    /// The servers of a store that is none of the embedded ones. Of several, each keeps the states of its share of the grains, and the first the
    /// decisions; their number and order are recorded in them and cannot be changed. Default none.
    /// </summary>
    public IReadOnlyList<string> ConnectionStrings { get; set; } = [];

    /// <summary>
    /// Waits for the disk at every commit, so that acknowledged writes survive a power loss too; default false, with which they
    /// survive the end of the process in any form, <c>kill -9</c> included, but an operating system's crash may take the last ones.
    /// </summary>
    public bool FullSync { get; set; }

    /// <summary>Clearing a state deletes its record, instead of leaving an empty one with its version; default true.</summary>
    public bool DeleteStateOnClear { get; set; } = true;

    /// <summary>How long reading a state may take; default 2 s. An account whose state comes later starts without its history, and gets it when it can be read.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00", ErrorMessage = "AccountGrains:Storage:ReadTimeout must be between 50 ms and 1 minute.")]
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How many states are read at the same time, by this silo, at most; default 128. They become fewer while answers take longer than a quarter of <see cref="ReadTimeout"/>;
    /// an account that finds no room within half of it starts without its history.
    /// </summary>
    [Range(1, 10_000, ErrorMessage = "AccountGrains:Storage:MaxReads must be between 1 and 10,000.")]
    public int MaxReads { get; set; } = 128;

    /// <summary>The same of writes; default 256. One that finds no room within half of <see cref="WriteTimeout"/> is tried again after the flush interval, and at once where its grain goes.</summary>
    [Range(1, 10_000, ErrorMessage = "AccountGrains:Storage:MaxWrites must be between 1 and 10,000.")]
    public int MaxWrites { get; set; } = 256;

    /// <summary>How long a write may take; default 10 s. It is tried again after the flush interval; one that came through after all is recognised.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00", ErrorMessage = "AccountGrains:Storage:WriteTimeout must be between 50 ms and 10 minutes.")]
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How calls to Azure Storage for states are tried; section <c>AccountGrains:Storage:Azure</c>.</summary>
    [ValidateObjectMembers]
    public AzureCallSettings Azure { get; set; } = new();

    /// <summary>How many writes may wait for the writer before callers wait in their turn; default 4,096.</summary>
    [Range(1, 1_000_000)]
    public int QueueLimit { get; set; } = 4096;

    /// <summary>How many decisions the <c>Memory</c> store keeps before the oldest fall out; default 1,000,000.</summary>
    [Range(1, 100_000_000)]
    public int VolatileDecisions { get; set; } = 1_000_000;
}

/// <summary>Checks the ranges of <see cref="StorageOptions"/>.</summary>
[OptionsValidator]
internal sealed partial class StorageOptionsValidator : IValidateOptions<StorageOptions>;
