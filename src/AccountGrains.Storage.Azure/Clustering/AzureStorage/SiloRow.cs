using System.Globalization;
using System.Net;
using Azure.Data.Tables;

namespace Orleans.Clustering.AzureStorage;

/// <summary>A silo as a row of the membership table: the official provider's columns, all of them text.</summary>
internal static class SiloRow
{
    /// <summary>The cluster, again.</summary>
    public const string DeploymentId = "DeploymentId";

    /// <summary>The silo's status, by name.</summary>
    public const string Status = "Status";

    /// <summary>The gateway's port; <c>0</c> when there is none.</summary>
    public const string ProxyPort = "ProxyPort";

    /// <summary>When the silo last said that it is alive.</summary>
    public const string IAmAliveTime = "IAmAliveTime";

    private const string Address = "Address";
    private const string Port = "Port";
    private const string Generation = "Generation";
    private const char Between = '|';

    /// <summary>The key of a silo's row.</summary>
    public static string KeyOf(SiloAddress silo) => string.Create(CultureInfo.InvariantCulture, $"{silo.Endpoint.Address}-{silo.Endpoint.Port}-{silo.Generation}");

    /// <summary>Makes a silo's row.</summary>
    public static TableEntity Write(string clusterId, MembershipEntry silo) => new(clusterId, KeyOf(silo.SiloAddress))
    {
        [DeploymentId] = clusterId,
        [Address] = silo.SiloAddress.Endpoint.Address.ToString(),
        [Port] = Text(silo.SiloAddress.Endpoint.Port),
        [Generation] = Text(silo.SiloAddress.Generation),
        ["HostName"] = silo.HostName,
        [Status] = silo.Status.ToString(),
        [ProxyPort] = Text(silo.ProxyPort),
        ["RoleName"] = silo.RoleName,
        ["SiloName"] = silo.SiloName,

        // The same under the name that older silos read.
        ["InstanceName"] = silo.SiloName,
        ["UpdateZone"] = Text(silo.UpdateZone),
        ["FaultZone"] = Text(silo.FaultZone),
        ["SuspectingSilos"] = string.Join(Between, Suspects(silo).Select(s => s.Item1.ToParsableString())),
        ["SuspectingTimes"] = string.Join(Between, Suspects(silo).Select(s => LogFormatter.PrintDate(s.Item2))),
        ["StartTime"] = LogFormatter.PrintDate(silo.StartTime),
        [IAmAliveTime] = LogFormatter.PrintDate(silo.IAmAliveTime),
    };

    /// <summary>Makes what a silo that is alive says.</summary>
    public static TableEntity WriteAlive(string clusterId, MembershipEntry silo) => new(clusterId, KeyOf(silo.SiloAddress))
    {
        [DeploymentId] = clusterId,
        [IAmAliveTime] = LogFormatter.PrintDate(silo.IAmAliveTime),
    };

    /// <summary>Reads a silo's row; throws a <see cref="FormatException"/> when it is none.</summary>
    public static MembershipEntry Read(TableEntity row) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Parse(Required(row, Address)), Number(row, Port), Number(row, Generation)),
        HostName = row.GetString("HostName"),
        Status = Enum.TryParse<SiloStatus>(Required(row, Status), out var status) ? status : throw new FormatException($"The row {row.RowKey} has an unknown {Status}."),
        ProxyPort = row.GetString(ProxyPort) is null ? 0 : Number(row, ProxyPort),
        RoleName = row.GetString("RoleName"),
        SiloName = row.GetString("SiloName") is { Length: > 0 } name ? name : row.GetString("InstanceName"),
        UpdateZone = row.GetString("UpdateZone") is null ? 0 : Number(row, "UpdateZone"),
        FaultZone = row.GetString("FaultZone") is null ? 0 : Number(row, "FaultZone"),
        SuspectTimes = ReadSuspects(row),
        StartTime = ReadTime(row, "StartTime"),
        IAmAliveTime = ReadTime(row, IAmAliveTime),
    };

    /// <summary>A gateway's address.</summary>
    public static Uri ReadGateway(TableEntity row) =>
        SiloAddress.New(IPAddress.Parse(Required(row, Address)), Number(row, ProxyPort), Number(row, Generation)).ToGatewayUri();

    private static List<Tuple<SiloAddress, DateTime>> Suspects(MembershipEntry silo) => silo.SuspectTimes ?? [];

    private static List<Tuple<SiloAddress, DateTime>> ReadSuspects(TableEntity row)
    {
        var silos = (row.GetString("SuspectingSilos") ?? "").Split(Between, StringSplitOptions.RemoveEmptyEntries);
        var times = (row.GetString("SuspectingTimes") ?? "").Split(Between, StringSplitOptions.RemoveEmptyEntries);
        if (silos.Length != times.Length) throw new FormatException($"The row {row.RowKey} has {silos.Length} suspecting silos and {times.Length} times.");
        return [.. silos.Zip(times, (silo, time) => Tuple.Create(SiloAddress.FromParsableString(silo), LogFormatter.ParseDate(time)))];
    }

    private static DateTime ReadTime(TableEntity row, string column) =>
        row.GetString(column) is { Length: > 0 } text ? LogFormatter.ParseDate(text) : default;

    private static int Number(TableEntity row, string column) => int.Parse(Required(row, column), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private static string Required(TableEntity row, string column) =>
        row.GetString(column) ?? throw new FormatException($"The row {row.RowKey} has no {column}.");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
