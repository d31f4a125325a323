namespace AccountGrains.Silo.Storage;

/// <summary>The store does not answer, or not in time.</summary>
internal sealed class StoreUnavailableException(string message, Exception? cause = null) : IOException(message, cause);
