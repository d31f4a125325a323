using Azure;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Orleans.Persistence.AzureStorage;

/// <summary>What a failed call means.</summary>
internal static class Failures
{
    /// <summary>True for what may go better the next time, and for what says that the store is in trouble. It may have been carried out.</summary>
    public static bool IsPassing(Exception exception) => exception switch
    {
        RequestFailedException { Status: 0 or 408 or 429 or >= 500 and not 501 and not 505 } => true,
        RequestFailedException => false,
        AggregateException several => several.InnerExceptions.All(IsPassing),
        TimeoutRejectedException or IOException or HttpRequestException => true,

        // The SDK says so when its network timeout ends a try; a cancellation by the caller is told apart by whoever knows the token.
        OperationCanceledException => true,
        _ => false,
    };

    /// <summary>True when the record is not as the caller expected it.</summary>
    public static bool IsConflict(Exception exception) => exception is RequestFailedException { Status: 404 or 409 or 412 };

    /// <summary>What a call that was not made gives: as if the service were not available.</summary>
    public static RequestFailedException NotCalled(string store, BrokenCircuitException cause) =>
        new(503, $"The store {store} was not called: its last calls failed, and it is given a pause.", "CircuitOpen", cause);
}
