using Orleans.Persistence.AzureStorage;
using Orleans.Storage;

namespace Orleans.Configuration;

/// <summary>Grain storage in an Azure table.</summary>
public class AzureTableStorageOptions : AzureStorageOperationOptions, IStorageProviderSerializerOptions
{
    /// <summary>The table's name, unless told otherwise.</summary>
#pragma warning disable CA1707 // The official package's name.
    public const string DEFAULT_TABLE_NAME = "OrleansGrainState";
#pragma warning restore CA1707

    /// <summary>The stage of the silo's life in which the table is made, unless told otherwise.</summary>
#pragma warning disable CA1707 // The official package's name.
    public const int DEFAULT_INIT_STAGE = ServiceLifecycleStage.ApplicationServices;
#pragma warning restore CA1707

    /// <summary>The table's name; default <c>OrleansGrainState</c>.</summary>
    public override string TableName { get; set; } = DEFAULT_TABLE_NAME;

    /// <summary>Clearing a state deletes its row, instead of leaving one without data; default false.</summary>
    public bool DeleteStateOnClear { get; set; }

    /// <summary>States are written as text, for serializers that write text; default false. Either form is read.</summary>
    public bool UseStringFormat { get; set; }

    /// <summary>The stage of the silo's life in which the table is made; default 10,000, with the application's services.</summary>
    public int InitStage { get; set; } = DEFAULT_INIT_STAGE;

    /// <summary>Writes and reads states; by default the one registered under the provider's name, else the silo's.</summary>
    public IGrainStorageSerializer GrainStorageSerializer { get; set; } = null!;
}

/// <summary>Checks <see cref="AzureTableStorageOptions"/>.</summary>
public class AzureTableGrainStorageOptionsValidator(AzureTableStorageOptions options, string name)
    : AzureStorageOperationOptionsValidator<AzureTableStorageOptions>(options, name);
