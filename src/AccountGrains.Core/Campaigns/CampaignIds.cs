using AccountGrains.Core.States;

namespace AccountGrains.Core.Campaigns;

/// <summary>The stored form of the list of campaigns that are kept.</summary>
public static class CampaignIds
{
    private const int Limit = 10_000_000;

    /// <summary>Writes ids, in their order.</summary>
    public static byte[] Write(IReadOnlyCollection<ulong> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var writer = new StateWriter(8 * (ids.Count + 1));
        writer.Int32(ids.Count);
        foreach (var id in ids) writer.UInt64(id);
        return writer.ToArray();
    }

    /// <summary>Reads ids; throws <see cref="InvalidDataException"/> when it is none.</summary>
    public static ulong[] Read(ReadOnlySpan<byte> stored)
    {
        var reader = new StateReader(stored);
        var ids = new ulong[reader.Count(Limit)];
        for (var i = 0; i < ids.Length; i++) ids[i] = reader.UInt64();
        return ids;
    }
}
