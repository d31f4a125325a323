using Orleans.Persistence.AzureStorage;

namespace Orleans.Clustering.AzureStorage;

/// <summary>The table in which silos find each other.</summary>
public class AzureStorageClusteringOptions : AzureStorageOperationOptions
{
    /// <summary>The table's name, unless told otherwise.</summary>
#pragma warning disable CA1707 // The official package's name.
    public const string DEFAULT_TABLE_NAME = "OrleansSiloInstances";
#pragma warning restore CA1707

    /// <summary>The table's name; default <c>OrleansSiloInstances</c>.</summary>
    public override string TableName { get; set; } = DEFAULT_TABLE_NAME;
}

/// <summary>The table in which clients find silos.</summary>
public class AzureStorageGatewayOptions : AzureStorageOperationOptions
{
    /// <summary>The table's name; default <c>OrleansSiloInstances</c>.</summary>
    public override string TableName { get; set; } = AzureStorageClusteringOptions.DEFAULT_TABLE_NAME;
}

/// <summary>Checks <see cref="AzureStorageClusteringOptions"/>.</summary>
public class AzureStorageClusteringOptionsValidator(AzureStorageClusteringOptions options, string? name)
    : AzureStorageOperationOptionsValidator<AzureStorageClusteringOptions>(options, name);

/// <summary>Checks <see cref="AzureStorageGatewayOptions"/>.</summary>
public class AzureStorageGatewayOptionsValidator(AzureStorageGatewayOptions options, string? name)
    : AzureStorageOperationOptionsValidator<AzureStorageGatewayOptions>(options, name);
