using System.Text.RegularExpressions;

namespace Orleans.Persistence.AzureStorage;

/// <summary>Checks that there is a client, a table's name as the service allows it, and sane limits.</summary>
public partial class AzureStorageOperationOptionsValidator<TOptions>(TOptions options, string? name = null) : IConfigurationValidator
    where TOptions : AzureStorageOperationOptions
{
    /// <summary>The options that are checked.</summary>
    public TOptions Options => options;

    /// <summary>The provider's name.</summary>
    public string? Name => name;

    /// <inheritdoc/>
    public virtual void ValidateConfiguration()
    {
        if (options.CreateClient is null)
        {
            throw Wrong(nameof(options.TableServiceClient), "must be set, or be configured by a connection string or an address");
        }

        if (!TableName().IsMatch(options.TableName))
        {
            throw Wrong(nameof(options.TableName), $"is '{options.TableName}'; it must be 3 to 63 letters and digits and begin with a letter");
        }

        PolicyRules.Check(options.StoragePolicyOptions, rule => Wrong(nameof(options.StoragePolicyOptions), rule));
    }

    private OrleansConfigurationException Wrong(string member, string rule) => new($"{typeof(TOptions).Name}.{member} of '{name}' {rule}.");

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9]{2,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex TableName();
}

/// <summary>What policies must keep to.</summary>
internal static class PolicyRules
{
    /// <summary>Throws what <paramref name="wrong"/> makes of a rule that is not kept.</summary>
    public static void Check(AzureStoragePolicyOptions policy, Func<string, Exception> wrong)
    {
        if (policy.MaxBulkUpdateRows is < 1 or > 100) throw wrong("has a MaxBulkUpdateRows that is not between 1 and 100");
        if (policy.MaxOperationRetries is < 0 or > 100) throw wrong("has a MaxOperationRetries that is not between 0 and 100");
        if (policy.MaxCreationRetries is < 0 or > 1000) throw wrong("has a MaxCreationRetries that is not between 0 and 1,000");
        if (policy.BreakerThroughput is < 2 or > 1_000_000) throw wrong("has a BreakerThroughput that is not between 2 and 1,000,000");
        if (policy.BreakerPause < TimeSpan.FromMilliseconds(500) || policy.BreakerPause > TimeSpan.FromMinutes(5)) throw wrong("has a BreakerPause that is not between 0.5 s and 5 minutes");
        if (!IsTimeout(policy.OperationTimeout)) throw wrong("has an OperationTimeout that is not between 10 ms and 10 minutes");
        if (!IsTimeout(policy.CreationTimeout)) throw wrong("has a CreationTimeout that is not between 10 ms and 10 minutes");
        if (!IsPause(policy.PauseBetweenOperationRetries)) throw wrong("has a PauseBetweenOperationRetries that is not between 0 and 10 minutes");
        if (!IsPause(policy.MaxPauseBetweenOperationRetries)) throw wrong("has a MaxPauseBetweenOperationRetries that is not between 0 and 10 minutes");
        if (!IsPause(policy.PauseBetweenCreationRetries)) throw wrong("has a PauseBetweenCreationRetries that is not between 0 and 10 minutes");
    }

    private static bool IsTimeout(TimeSpan value) => value >= TimeSpan.FromMilliseconds(10) && value <= TimeSpan.FromMinutes(10);

    private static bool IsPause(TimeSpan value) => value >= TimeSpan.Zero && value <= TimeSpan.FromMinutes(10);
}
