using Azure.Core;

namespace Orleans.Persistence.AzureStorage;

/// <summary>Makes the SDK's clients as the provider needs them.</summary>
internal static class ClientTuning
{
    /// <summary>
    /// No tries inside the SDK: one that the provider does not know of would make its own write that landed look like somebody else's. And no network
    /// timeout of 100 s.
    /// </summary>
    public static void ApplyTo(this AzureStoragePolicyOptions policy, ClientOptions options)
    {
        options.Retry.MaxRetries = 0;
        options.Retry.NetworkTimeout = policy.CreationTimeout > policy.OperationTimeout ? policy.CreationTimeout : policy.OperationTimeout;
    }
}
