using System.Runtime.InteropServices;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Epochs;

/// <summary>What one silo sends to another at the end of an epoch: all that goes to that one's shards. A sighting travels once, however many reports share it.</summary>
/// <param name="Number">Counts what the sender sends to the receiver, from 1: what is sent again keeps its number, and counts once. 0 counts always.</param>
/// <param name="Reports">Reports to fingerprints.</param>
/// <param name="Activity">What members of campaigns did.</param>
public sealed record SiteDelivery(long Number, IReadOnlyList<BatchReport> Reports, IReadOnlyList<MemberActivity> Activity) : IMessage<SiteDelivery>
{
    /// <inheritdoc/>
    public void Write(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var places = new Dictionary<Sighting, int>(ReferenceEqualityComparer.Instance);
        var sightings = new List<Sighting>();
        foreach (var report in Reports)
        {
            ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(places, report.Report.Sighting, out var known);
            if (known) continue;
            place = sightings.Count;
            sightings.Add(report.Report.Sighting);
        }

        writer.Int64(Number);
        Lists.Write(writer, sightings, (w, sighting) => sighting.Write(w));
        Lists.Write(writer, Reports, (w, report) =>
        {
            w.Fingerprint(report.Fingerprint);
            w.Int32(places[report.Report.Sighting]);
            w.Byte((byte)report.Report.Bans);
        });
        Lists.Write(writer, Activity, (w, activity) => activity.Write(w));
    }

    /// <inheritdoc/>
    public static SiteDelivery Read(ref StateReader reader)
    {
        var number = reader.Int64();
        var sightings = Lists.Read(ref reader, Sighting.Read);
        var reports = new BatchReport[reader.Count(Math.Min(Lists.Limit, reader.Remaining))];
        for (var i = 0; i < reports.Length; i++)
        {
            var fingerprint = reader.Fingerprint();
            var place = reader.Int32();
            if ((uint)place >= (uint)sightings.Length) throw new InvalidDataException($"There is no sighting {place} in a delivery of {sightings.Length}.");
            reports[i] = new BatchReport(fingerprint, new Report(sightings[place], (sbyte)reader.Byte()));
        }

        return new SiteDelivery(number, reports, Lists.Read(ref reader, MemberActivity.Read));
    }
}
