using System.Reflection;
using AccountGrains.Silo.Policies;
using AccountGrains.Silo.Storage;

namespace AccountGrains.Silo.Hosting;

/// <summary>Refuses what no option reads: a misspelt setting would otherwise be passed over, and the default in its place would hold.</summary>
internal static class KnownSettings
{
    private static readonly string[] Roots =
        [TrackerOptions.Section, "Kestrel", "Logging", "urls", "http_ports", "https_ports", "environment", "contentRoot", "applicationName", "AllowedHosts"];

    /// <summary>Checks the section <c>AccountGrains</c>.</summary>
    public static void Check(IConfiguration configuration)
    {
        foreach (var key in configuration.GetSection(TrackerOptions.Section).AsEnumerable().Select(pair => pair.Key).Order(StringComparer.Ordinal))
        {
            Check(key.Split(':').AsSpan(1), [typeof(TrackerOptions), typeof(StorageOptions), typeof(PolicySection)], TrackerOptions.Section);
        }
    }

    /// <summary>Checks the command line: each word is an option, or the value behind one.</summary>
    public static void Check(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i].TrimStart('-', '/');
            if (name.Length == args[i].Length) throw Wrong(args[i]);
            var end = name.IndexOf('=', StringComparison.Ordinal);
            if (!Roots.Contains((end < 0 ? name : name[..end]).Split(':')[0], StringComparer.OrdinalIgnoreCase)) throw Wrong(args[i]);
            if (end >= 0) continue;
            if (++i == args.Length) throw new StartRefusedException($"{args[i - 1]} has no value; write {args[i - 1]}=VALUE. --help shows the options.");
        }
    }

    private static void Check(ReadOnlySpan<string> path, Type[] types, string at)
    {
        if (path.IsEmpty) return;
        var name = path[0];
        PropertyInfo[] known = [.. types.SelectMany(t => t.GetProperties()).Where(p => p.CanWrite)];
        var property = known.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new StartRefusedException($"{at}:{name} is no setting. Known there: {string.Join(", ", known.Select(p => p.Name).Distinct().Order(StringComparer.Ordinal))}.");
        Type[] inner = [.. known.Where(p => p.Name == property.Name).Select(p => p.PropertyType).Where(t => t.Assembly == typeof(KnownSettings).Assembly && t.IsClass)];
        if (inner.Length > 0) Check(path[1..], inner, $"{at}:{property.Name}");
    }

    private static StartRefusedException Wrong(string argument) => new($"'{argument}' is no option. --help shows them.");

    private sealed class PolicySection
    {
        public PolicyOptions Policy { get; set; } = new();
    }
}
