using AccountGrains.Core.Correlation;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Campaigns;

/// <summary>The stored form of a campaign: whole, or a head whose members are in pages of their own (<see cref="CampaignPages"/>).</summary>
public static class CampaignCodec
{
    /// <summary>The schema of the stored form.</summary>
    public const byte Schema = 4;

    /// <summary>Writes a campaign with its members.</summary>
    public static byte[] Write(Campaign campaign) => WriteHead(campaign, 0, []);

    /// <summary>Writes a campaign whose members are in pages.</summary>
    /// <param name="campaign">The campaign.</param>
    /// <param name="revision">Grows with each write, so that a page tells whether it was written for an earlier or a later one.</param>
    /// <param name="slots">In which of its two places each page is; empty when the members are to be in the head.</param>
    public static byte[] WriteHead(Campaign campaign, long revision, ReadOnlySpan<byte> slots)
    {
        ArgumentNullException.ThrowIfNull(campaign);
        var writer = ThreadWriter.Take();
        writer.Byte(Schema);
        writer.UInt64(campaign.Id.Value);
        writer.Int64(campaign.FoundedAt);
        writer.Fingerprint(campaign.FoundedOn);
        writer.Byte((byte)campaign.Status);
        writer.Int64(campaign.ActiveSince);
        writer.Int64(campaign.LastActivity);
        writer.UInt64(campaign.MergedInto.Value);
        writer.UInt64(campaign.SplitFrom.Value);
        writer.Double(campaign.Departed.Walk);
        writer.Double(campaign.Departed.Lenient);
        writer.Bool(campaign.Narrow);
        writer.Byte((byte)campaign.Proved);
        WriteAssessment(writer, campaign.Assessment);
        campaign.Population.Write(writer);
        WriteList(writer, campaign.AbsorbedList, (w, id) => w.UInt64(id.Value));
        WriteList(writer, campaign.Labels, (w, label) => w.Text(label));
        WriteList(writer, campaign.TimelineList, WriteEvent);
        writer.Int64(revision);
        writer.Int32(slots.Length);
        writer.Bytes(slots);
        if (slots.IsEmpty) WriteList(writer, campaign.Members.Values.ToArray(), (w, member) => member.Write(w));
        campaign.Evidence.Write(writer);
        campaign.Turns.Write(writer);
        campaign.Taken.Write(writer);
        writer.Int32(campaign.Prompts);
        writer.Int64(campaign.Seen);
        writer.Int64(campaign.WeighedAt);
        writer.Int64(campaign.WeighedSeen);
        campaign.Bursts.Write(writer);
        var bytes = writer.ToArray();
        ThreadWriter.Return(writer);
        return bytes;
    }

    /// <summary>Reads a campaign with its members; throws <see cref="InvalidDataException"/> when it is none.</summary>
    public static Campaign Read(ReadOnlySpan<byte> stored) => ReadHead(stored, out _, out var slots) is var campaign && slots.Length == 0
        ? campaign : throw new InvalidDataException("The members of this campaign are in pages.");

    /// <summary>Reads a campaign whose members may be in pages; throws <see cref="InvalidDataException"/> when it is none.</summary>
    /// <param name="stored">The stored form.</param>
    /// <param name="revision">The revision that it was written as.</param>
    /// <param name="slots">In which of its two places each page is; empty when the members are in it.</param>
    public static Campaign ReadHead(ReadOnlySpan<byte> stored, out long revision, out byte[] slots)
    {
        var reader = new StateReader(stored);
        var schema = reader.Byte();
        if (schema is < 1 or > Schema) throw new InvalidDataException($"A campaign of schema {schema} cannot be read.");
        var campaign = new Campaign(new CampaignId(reader.UInt64()))
        {
            FoundedAt = reader.Int64(),
            FoundedOn = reader.Fingerprint(),
            Status = (CampaignStatus)reader.Byte(),
            ActiveSince = reader.Int64(),
            LastActivity = reader.Int64(),
            MergedInto = new CampaignId(reader.UInt64()),
            SplitFrom = new CampaignId(reader.UInt64()),
            Departed = (reader.Double(), reader.Double()),
            Narrow = reader.Bool(),
            Proved = (CoordinationProofs)reader.Byte(),
            Assessment = ReadAssessment(ref reader, schema < 3),
            Population = schema < 3 ? PopulationView.ReadFirst(ref reader) : PopulationView.Read(ref reader),
        };
        for (int i = 0, count = reader.Count(100_000); i < count; i++) campaign.AbsorbedList.Add(new CampaignId(reader.UInt64()));
        for (int i = 0, count = reader.Count(Campaign.LabelLimit); i < count; i++) campaign.Labels.Add(reader.Text() ?? "");
        for (int i = 0, count = reader.Count(100_000); i < count; i++)
        {
            campaign.TimelineList.Add(new CampaignEvent(reader.Int64(), (CampaignEventKind)reader.Byte(), reader.Int32(), new CampaignId(reader.UInt64())));
        }

        revision = schema == 1 ? 0 : reader.Int64();
        slots = new byte[schema == 1 ? 0 : reader.Count(CampaignPages.Limit)];
        reader.Bytes(slots);
        if (slots.Length == 0) CampaignPages.ReadMembers(campaign, ref reader, Math.Max(1, schema - 1));
        campaign.Evidence.ReadFrom(ref reader, schema < 3);
        campaign.Turns.ReadFrom(ref reader);
        campaign.Taken.ReadFrom(ref reader, schema);
        if (schema < 3)
        {
            campaign.Prompts = campaign.Members.Values.Sum(m => m.Requests);
            return campaign;
        }

        campaign.Prompts = reader.Int32();
        campaign.Seen = reader.Int64();
        campaign.WeighedAt = reader.Int64();
        campaign.WeighedSeen = reader.Int64();
        campaign.Bursts.ReadFrom(ref reader);
        return campaign;
    }

    private static void WriteList<T>(StateWriter writer, IReadOnlyCollection<T> items, Action<StateWriter, T> write)
    {
        writer.Int32(items.Count);
        foreach (var item in items) write(writer, item);
    }

    private static void WriteEvent(StateWriter writer, CampaignEvent entry)
    {
        writer.Int64(entry.Time);
        writer.Byte((byte)entry.Kind);
        writer.Int32(entry.Members);
        writer.UInt64(entry.Other.Value);
    }

    private static void WriteAssessment(StateWriter writer, in Assessment assessment)
    {
        writer.Double(assessment.Share);
        writer.Double(assessment.Newness);
        writer.Double(assessment.Timing);
        writer.Double(assessment.Focus);
        writer.Byte((byte)((assessment.Narrow ? 1 : 0) | (assessment.FamilyHolds ? 2 : 0) | (assessment.NetworkAlone ? 4 : 0) | (assessment.OneCustomer ? 8 : 0)));
        writer.Byte((byte)assessment.Proofs);
        writer.Int32(assessment.Families);
        writer.Double(assessment.HopWeight);
    }

    private static Assessment ReadAssessment(ref StateReader reader, bool first)
    {
        double share = reader.Double(), newness = reader.Double(), timing = reader.Double(), focus = reader.Double();
        var flags = reader.Byte();
        return new Assessment(share, newness, timing, focus, (flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0, (CoordinationProofs)reader.Byte(), reader.Int32(), (flags & 8) != 0, first ? 0 : reader.Double());
    }
}
