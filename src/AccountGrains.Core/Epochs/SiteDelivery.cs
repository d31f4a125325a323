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
    // The rows that nothing but these reports refers to.
    private IReadOnlyList<SightingRows> _rows = [];

    /// <summary>A delivery of reports that refers to no rows of others: it may be kept.</summary>
    public static SiteDelivery CopyOf(long number, IReadOnlyList<BatchReport> reports)
    {
        ArgumentNullException.ThrowIfNull(reports);
        var store = new SightingStore();
        return new SiteDelivery(number, [.. reports.Select(r => r.At(store.CopyOf(r.Sighting)))], []) { _rows = store.All };
    }

    /// <summary>Gives back the room of what it was read or copied into: it was taken in, and nobody reads it any more.</summary>
    public void GiveBack()
    {
        foreach (var rows in _rows) rows.Return();
        _rows = [];
    }

    /// <inheritdoc/>
    public void Write(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var places = new Dictionary<SightingPlace, int>();
        var sightings = new List<SightingPlace>();
        foreach (var report in Reports)
        {
            if (places.TryAdd(report.Sighting, sightings.Count)) sightings.Add(report.Sighting);
        }

        writer.Int64(Number);
        Lists.Write(writer, sightings, (w, sighting) => sighting.Row.Write(w));
        Lists.Write(writer, Reports, (w, report) =>
        {
            w.Fingerprint(report.Fingerprint);
            w.Int32(places[report.Sighting]);
            w.Byte((byte)report.Bans);
        });
        Lists.Write(writer, Activity, (w, activity) => activity.Write(w));
    }

    /// <inheritdoc/>
    public static SiteDelivery Read(ref StateReader reader)
    {
        var number = reader.Int64();
        var store = new SightingStore();
        var sightings = Lists.Read(ref reader, (ref StateReader r) => store.Add(SightingRow.Read(ref r)));
        var reports = new BatchReport[reader.Count(Math.Min(Lists.Limit, reader.Remaining))];
        for (var i = 0; i < reports.Length; i++)
        {
            var fingerprint = reader.Fingerprint();
            var place = reader.Int32();
            if ((uint)place >= (uint)sightings.Length) throw new InvalidDataException($"There is no sighting {place} in a delivery of {sightings.Length}.");
            reports[i] = new BatchReport(fingerprint, sightings[place], (sbyte)reader.Byte());
        }

        return new SiteDelivery(number, reports, Lists.Read(ref reader, MemberActivity.Read)) { _rows = store.All };
    }
}
