using AccountGrains.Core.States;

namespace AccountGrains.Core.Campaigns;

/// <summary>The sent form of the index of campaigns, for another silo to go on with. It is not stored: who is in a campaign is stored with that.</summary>
public static class CampaignIndexCodec
{
    private const byte Schema = 1;

    /// <summary>Writes an index.</summary>
    public static byte[] Write(CampaignIndex index)
    {
        ArgumentNullException.ThrowIfNull(index);
        var writer = new StateWriter(4096);
        writer.Byte(Schema);
        Lists.Write(writer, [.. index.Campaigns.Values], (w, entry) =>
        {
            w.UInt64(entry.Id.Value);
            w.Int64(entry.FoundedAt);
            w.Int64(entry.LastActivity);
            w.Int32(entry.CheckedAt);
            Lists.Write(w, entry.Members, (inner, account) => inner.Account(account));
            w.Bool(entry.Signature is not null);
            entry.Signature?.Write(w);
        });
        return writer.ToArray();
    }

    /// <summary>Reads an index; throws <see cref="InvalidDataException"/> when it is none.</summary>
    public static CampaignIndex Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes);
        if (reader.Byte() is var schema && schema != Schema) throw new InvalidDataException($"An index of schema {schema} cannot be read.");
        var index = new CampaignIndex();
        for (int i = 0, count = reader.Count(Lists.Limit); i < count; i++)
        {
            var id = new CampaignId(reader.UInt64());
            long founded = reader.Int64(), last = reader.Int64();
            var checkedAt = reader.Int32();
            var members = Lists.Read(ref reader, (ref StateReader r) => r.Account());
            index.Restore(id, founded, last, members, reader.Bool() ? CampaignSignature.Read(ref reader) : null);
            index.Campaigns[id].CheckedAt = checkedAt;
        }

        return index;
    }
}
