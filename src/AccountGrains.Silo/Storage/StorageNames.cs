namespace AccountGrains.Silo.Storage;

/// <summary>The names under which grains ask for storage.</summary>
internal static class StorageNames
{
    /// <summary>The grain storage provider of all states: <c>[PersistentState("account", StorageNames.State)]</c>.</summary>
    public const string State = "state";

    /// <summary>The grain storage in Azure that stands behind <see cref="State"/> where that is the provider.</summary>
    public const string AzureState = "azure-state";

    /// <summary>The name of an account's state.</summary>
    public const string Account = "account";
}
