namespace AccountGrains.Silo.Hosting;

/// <summary>The silo does not start, for a reason that whoever starts it can mend; the message says how.</summary>
internal sealed class StartRefusedException(string message, Exception? cause = null) : Exception(message, cause);
