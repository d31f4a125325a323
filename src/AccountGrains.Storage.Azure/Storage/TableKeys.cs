using System.Collections.Concurrent;
using System.Globalization;

namespace Orleans.Storage;

/// <summary>Where a state's row is.</summary>
/// <param name="Partition">Service and grain.</param>
/// <param name="Row">The state's name.</param>
internal readonly record struct TableKey(string Partition, string Row);

/// <summary>
/// Makes keys of rows as the official provider does, which puts an underscore for each of <c>/ \ # ?</c>; what would give two states one row by that is refused.
/// </summary>
internal sealed class TableKeys(string serviceId)
{
    private const int LongestKey = 1023;

    private readonly ConcurrentDictionary<GrainType, bool> _types = new();

    /// <summary>The place of a state's row.</summary>
    public TableKey Of(string stateName, GrainId grain)
    {
        if (!_types.ContainsKey(grain.Type)) Admit(grain);
        var key = grain.Key.ToString()!;
        Check("key", key, grain);
        Check("state name", stateName, grain);
        Check("service id", serviceId, grain);
        var partition = $"{serviceId}_{grain.Type}_{key}";
        if (partition.Length > LongestKey) throw new ArgumentException($"The key of grain {grain} is too long: with service and type it may have {LongestKey} characters, and has {partition.Length}.");
        if (stateName.Length > LongestKey) throw new ArgumentException($"The state name of grain {grain} is too long: it may have {LongestKey} characters, and has {stateName.Length}.");
        return new TableKey(partition, stateName);
    }

    private static void Check(string what, string text, GrainId grain)
    {
        foreach (var c in text)
        {
            if (c is '/' or '\\' or '#' or '?' || char.IsControl(c))
            {
                var shown = char.IsControl(c) ? $"U+{((int)c).ToString("X4", CultureInfo.InvariantCulture)}" : $"'{c}'";
                throw new ArgumentException($"The {what} of grain {grain} contains {shown}, which a table's keys cannot hold; replacing it could give two states one row.");
            }
        }
    }

    /// <summary>Type <c>a</c> with key <c>b_c</c> and type <c>a_b</c> with key <c>c</c> have one row, so only one of such types can be here.</summary>
    private void Admit(GrainId grain)
    {
        var name = grain.Type.ToString()!;
        Check("type", name, grain);
        foreach (var other in _types.Keys)
        {
            var known = other.ToString()!;
            if (name.StartsWith(known + "_", StringComparison.Ordinal) || known.StartsWith(name + "_", StringComparison.Ordinal))
            {
                throw new ArgumentException($"Grains of the types '{known}' and '{name}' could have one row in a table; rename one of them.");
            }
        }

        _types.TryAdd(grain.Type, true);
    }
}
