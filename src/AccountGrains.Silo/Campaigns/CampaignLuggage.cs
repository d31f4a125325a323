using System.Buffers;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.States;

namespace AccountGrains.Silo.Campaigns;

/// <summary>How far a campaign's records are written.</summary>
/// <param name="Revision">The revision of the head.</param>
/// <param name="Slots">In which of its two places each page is.</param>
/// <param name="Written">The hash of each page.</param>
internal sealed record CampaignPlace(long Revision, byte[] Slots, byte[][] Written);

/// <summary>What a campaign takes along when it moves to another silo.</summary>
/// <param name="Campaign">The campaign.</param>
/// <param name="Untold">An outcome that nobody heard of.</param>
/// <param name="IsDirty">True when something is not stored.</param>
/// <param name="Place">How far its records are written.</param>
internal sealed record CampaignLuggage(Campaign Campaign, CampaignOutcome? Untold, bool IsDirty, CampaignPlace Place)
{
    private const string Key = "campaign";
    private const byte Schema = 1;

    /// <summary>Packs it.</summary>
    public void Pack(IDehydrationContext context)
    {
        var writer = new StateWriter(4096);
        writer.Byte(Schema);
        writer.Block(CampaignCodec.Write(Campaign));
        writer.Bool(Untold is not null);
        Untold?.Write(writer);
        writer.Bool(IsDirty);
        writer.Int64(Place.Revision);
        writer.Block(Place.Slots);
        foreach (var hash in Place.Written) writer.Block(hash);
        context.AddBytes(Key, writer.ToArray());
    }

    /// <summary>Unpacks it; null when there is none, or none that can be read: then the campaign starts from what is stored.</summary>
    public static CampaignLuggage? Unpack(IRehydrationContext context)
    {
        if (!context.TryGetBytes(Key, out var bytes)) return null;
        var reader = new StateReader(bytes.ToArray());
        if (reader.Byte() != Schema) return null;
        var campaign = CampaignCodec.Read(reader.Block());
        var untold = reader.Bool() ? CampaignOutcome.Read(ref reader) : null;
        var dirty = reader.Bool();
        var revision = reader.Int64();
        var slots = reader.Block().ToArray();
        var written = new byte[slots.Length][];
        for (var i = 0; i < written.Length; i++) written[i] = reader.Block().ToArray();
        return new CampaignLuggage(campaign, untold, dirty, new CampaignPlace(revision, slots, written));
    }
}
