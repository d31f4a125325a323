using System.ComponentModel.DataAnnotations;
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

    /// <summary>True when nothing is to outlive the process.</summary>
    public bool IsVolatile => string.Equals(Storage.Provider, StorageSettings.Memory, StringComparison.OrdinalIgnoreCase);
}

/// <summary>How the store behaves: section <c>AccountGrains:Storage</c>.</summary>
internal sealed class StorageSettings
{
    /// <summary>The embedded store in one file.</summary>
    public const string Sqlite = "Sqlite";

    /// <summary>The store that ends with the process.</summary>
    public const string Memory = "Memory";

    /// <summary>Which store: <c>Sqlite</c> or <c>Memory</c>; default <c>Sqlite</c>.</summary>
    public string Provider { get; set; } = Sqlite;

    /// <summary>
    /// Waits for the disk at every commit, so that acknowledged writes survive a power loss too; default false, with which they
    /// survive the end of the process in any form, <c>kill -9</c> included, but an operating system's crash may take the last ones.
    /// </summary>
    public bool FullSync { get; set; }

    /// <summary>Clearing a state deletes its record, instead of leaving an empty one with its version; default true.</summary>
    public bool DeleteStateOnClear { get; set; } = true;

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

/// <summary>Checks that the provider is one that is built in.</summary>
internal sealed class StorageProviderRule : IValidateOptions<StorageOptions>
{
    private const string Key = $"{StorageOptions.Section}:Storage:Provider";
    private static readonly string[] BuiltIn = [StorageSettings.Sqlite, StorageSettings.Memory];
    private static readonly string[] Planned = ["AzureTable", "AzureBlob", "Postgres", "Redis"];

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        var provider = options.Storage.Provider;
        if (BuiltIn.Contains(provider, StringComparer.OrdinalIgnoreCase)) return ValidateOptionsResult.Success;

        var allowed = string.Join(" or ", BuiltIn);
        return Planned.Contains(provider, StringComparer.OrdinalIgnoreCase)
            ? ValidateOptionsResult.Fail($"{Key} is '{provider}', which is not built in yet; use {allowed}.")
            : ValidateOptionsResult.Fail($"{Key} is '{provider}'; allowed are {allowed} ({string.Join(", ", Planned)} are not built in yet).");
    }
}
