using System.Globalization;
using Azure.Data.Tables;

namespace Orleans.Clustering.AzureStorage;

/// <summary>
/// The rows that carry the table's version: one whose ETag guards every change, and two that sort before and after all silos, by which a reading in
/// several pages tells whether the table changed under it.
/// </summary>
internal static class VersionRows
{
    /// <summary>The key of the row that guards changes.</summary>
    public const string Version = "VersionRow";

    /// <summary>The key of the row before all silos.</summary>
    public const string Start = "!Start";

    /// <summary>The key of the row after all silos.</summary>
    public const string End = "~End";

    private const string MembershipVersion = "MembershipVersion";

    /// <summary>True for a row that is no silo's.</summary>
    public static bool Contains(string rowKey) => rowKey is Version or Start or End;

    /// <summary>Makes the row that guards changes.</summary>
    public static TableEntity Write(string clusterId, int version) => Row(clusterId, Version, version);

    /// <summary>Makes the two others.</summary>
    public static IEnumerable<TableEntity> WriteBoundaries(string clusterId, int version)
    {
        foreach (var key in (string[])[Start, End])
        {
            var row = Row(clusterId, key, version);
            row[SiloRow.Status] = nameof(SiloStatus.Active);
            yield return row;
        }
    }

    /// <summary>The version that a row carries.</summary>
    public static int Read(TableEntity row) => int.TryParse(row.GetString(MembershipVersion), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
        ? version
        : throw new FormatException($"The row {row.RowKey} of the membership table carries no version.");

    /// <summary>
    /// True when rows that were read in several pages are of one version: both boundaries carry it, or the guarding row is ahead of both, because a silo of
    /// an older release changed the table, or there are no boundaries at all.
    /// </summary>
    public static bool AreOfOneVersion(IReadOnlyList<TableEntity> rows)
    {
        int? start = null, end = null, version = null;
        foreach (var row in rows)
        {
            if (row.RowKey == Start) start = Read(row);
            if (row.RowKey == End) end = Read(row);
            if (row.RowKey == Version) version = Read(row);
        }

        if (start is null && end is null) return true;
        return start == end ? version >= start : version > start && version > end;
    }

    private static TableEntity Row(string clusterId, string key, int version) => new(clusterId, key)
    {
        [SiloRow.DeploymentId] = clusterId,
        [MembershipVersion] = version.ToString(CultureInfo.InvariantCulture),
    };
}
