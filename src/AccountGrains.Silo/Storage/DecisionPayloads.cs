using AccountGrains.Core.Decisions;

namespace AccountGrains.Silo.Storage;

/// <summary>Reads stored decisions; one that cannot be read is passed over, logged and counted.</summary>
internal sealed class DecisionPayloads(StorageMetrics metrics, ILogger<DecisionPayloads> logger)
{
    /// <summary>The decision, or null when it cannot be read.</summary>
    public Decision? Read(long sequence, byte[] payload)
    {
        try
        {
            return DecisionCodec.Read(payload);
        }
        catch (InvalidDataException exception)
        {
            metrics.UnreadableDecisions.Add(1);
            Log.DecisionUnreadable(logger, sequence, exception);
            return null;
        }
    }
}
