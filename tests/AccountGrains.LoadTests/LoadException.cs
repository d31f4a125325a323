namespace AccountGrains.LoadTests;

/// <summary>A run that cannot go on, for a reason that whoever started it can mend; the message says how.</summary>
internal sealed class LoadException(string message, Exception? cause = null) : Exception(message, cause);
