using AccountGrains.Abstractions;
using Orleans.Storage;

namespace AccountGrains.Silo.Storage;

/// <summary>
/// What was stored and cannot be read: damaged, or written by a newer build. Before it is overwritten it is kept under another name, so that it can be
/// looked at, and put back.
/// </summary>
internal static class Unreadable
{
    /// <summary>Ends when the record is stored as <c>NAME-unreadable</c> of its grain; one that is there already is replaced.</summary>
    public static async Task KeepAsync(IGrainContext grain, string stateName, StoredRecord record)
    {
        var storage = grain.ActivationServices.GetRequiredKeyedService<IGrainStorage>(StorageNames.State);
        var kept = new GrainState<StoredRecord>();
        await storage.ReadStateAsync(NameOf(stateName), grain.GrainId, kept);
        kept.State = record;
        await storage.WriteStateAsync(NameOf(stateName), grain.GrainId, kept);
    }

    /// <summary>The name under which it is kept.</summary>
    public static string NameOf(string stateName) => stateName + "-unreadable";
}
