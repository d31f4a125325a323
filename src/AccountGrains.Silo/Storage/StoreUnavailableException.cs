namespace AccountGrains.Silo.Storage;

/// <summary>The store does not answer, or not in time.</summary>
internal class StoreUnavailableException(string message, Exception? cause = null) : IOException(message, cause);

/// <summary>The store answers, and has more to do than it takes in the time that a call waits for its turn.</summary>
internal sealed class StoreBusyException() : StoreUnavailableException("The store has enough to do already.");
