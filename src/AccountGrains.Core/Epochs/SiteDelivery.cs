using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Epochs;

/// <summary>What one silo sends to another at the end of an epoch: all that goes to that one's shards. A sighting travels once for all reports of it that follow on each other.</summary>
/// <param name="Number">Counts what the sender sends to the receiver, from 1: what is sent again keeps its number, and counts once. 0 counts always.</param>
/// <param name="Reports">Reports to fingerprints.</param>
/// <param name="Activity">What members of campaigns did.</param>
public sealed record SiteDelivery(long Number, IReadOnlyList<BatchReport> Reports, IReadOnlyList<MemberActivity> Activity) : IMessage<SiteDelivery>
{
    // The rows that nothing but these reports refers to.
    private IReadOnlyList<SightingRows> _rows = [];

    /// <summary>A delivery of some of the reports that refers to no rows of others: it may be kept.</summary>
    /// <param name="number">As in <see cref="Number"/>.</param>
    /// <param name="reports">Reports.</param>
    /// <param name="start">The first of those that it is to have.</param>
    /// <param name="count">How many they are.</param>
    public static SiteDelivery CopyOf(long number, IReadOnlyList<BatchReport> reports, int start, int count)
    {
        ArgumentNullException.ThrowIfNull(reports);
        var store = new SightingStore();
        var copies = new BatchReport[count];
        for (var i = 0; i < count; i++) copies[i] = reports[start + i].At(store.CopyOf(reports[start + i].Sighting));
        return new SiteDelivery(number, copies, []) { _rows = store.All };
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
        writer.Int64(Number);
        var sightings = 0;
        for (var i = 0; i < Reports.Count; i++) sightings += IsOfAnother(i) ? 1 : 0;
        writer.Int32(sightings);
        for (var i = 0; i < Reports.Count; i++)
        {
            if (IsOfAnother(i)) Reports[i].Row.Write(writer);
        }

        writer.Int32(Reports.Count);
        var place = -1;
        for (var i = 0; i < Reports.Count; i++)
        {
            place += IsOfAnother(i) ? 1 : 0;
            writer.Fingerprint(Reports[i].Fingerprint);
            writer.Int32(place);
            writer.Byte((byte)Reports[i].Bans);
        }

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

    /// <summary>True when a report is of another sighting than the one before it. Reports of one come one after the other, mostly: one that comes back travels again.</summary>
    private bool IsOfAnother(int report) => report == 0 || Reports[report].Sighting != Reports[report - 1].Sighting;
}
