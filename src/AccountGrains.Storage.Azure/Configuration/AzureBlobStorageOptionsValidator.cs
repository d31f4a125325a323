using System.Text.RegularExpressions;
using Orleans.Persistence.AzureStorage;

namespace Orleans.Configuration;

/// <summary>Checks that there is a client, a container's name as the service allows it, and sane limits.</summary>
public partial class AzureBlobStorageOptionsValidator(AzureBlobStorageOptions options, string name) : IConfigurationValidator
{
    private const int ShortestName = 3;
    private const int LongestName = 63;

    /// <inheritdoc/>
    public void ValidateConfiguration()
    {
        if (options.CreateClient is null) throw Wrong(nameof(options.BlobServiceClient), "must be set, or be configured by a connection string or an address");
        if (options.ContainerName is not { Length: >= ShortestName and <= LongestName } container || !ContainerName().IsMatch(container))
        {
            throw Wrong(nameof(options.ContainerName), $"is '{options.ContainerName}'; it must be 3 to 63 lower-case letters, digits and single dashes between them");
        }

        PolicyRules.Check(options.StoragePolicyOptions, rule => Wrong(nameof(options.StoragePolicyOptions), rule));
    }

    private OrleansConfigurationException Wrong(string member, string rule) => new($"{nameof(AzureBlobStorageOptions)}.{member} of '{name}' {rule}.");

    [GeneratedRegex(@"^[a-z0-9]+(-[a-z0-9]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex ContainerName();
}
