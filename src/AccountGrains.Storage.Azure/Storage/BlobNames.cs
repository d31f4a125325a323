using System.Collections.Concurrent;
using System.Globalization;

namespace Orleans.Storage;

/// <summary>Makes names of blobs as the official provider does, and refuses those that would give two states one blob, or one that addresses cannot name.</summary>
internal sealed class BlobNames
{
    private const int LongestName = 1024;

    private readonly ConcurrentDictionary<(string State, GrainType Type), bool> _kinds = new();
    private readonly ConcurrentDictionary<string, (string State, GrainType Type)> _prefixes = new(StringComparer.Ordinal);

    /// <summary>The name of a state's blob.</summary>
    public string Of(string stateName, GrainId grain)
    {
        if (!_kinds.ContainsKey((stateName, grain.Type))) Admit(stateName, grain);
        var key = grain.Key.ToString()!;
        Check("key", key, grain);
        if (key.Contains("./", StringComparison.Ordinal)) throw new ArgumentException($"The key of grain {grain} has a dot before a slash, which the address of a blob cannot hold.");
        var name = $"{stateName}-{grain.Type}/{key}.json";
        return name.Length <= LongestName ? name : throw new ArgumentException($"The name of the blob of grain {grain} is too long: it may have {LongestName} characters, and has {name.Length}.");
    }

    private static void Check(string what, string text, GrainId grain)
    {
        foreach (var c in text)
        {
            if (c != '\\' && !char.IsControl(c)) continue;
            var shown = char.IsControl(c) ? $"U+{((int)c).ToString("X4", CultureInfo.InvariantCulture)}" : $"'{c}'";
            throw new ArgumentException($"The {what} of grain {grain} contains {shown}, which the name of a blob cannot hold.");
        }
    }

    /// <summary>State <c>a</c> of type <c>b-c</c> and state <c>a-b</c> of type <c>c</c> have one name, so only one of them can be here.</summary>
    private void Admit(string stateName, GrainId grain)
    {
        var type = grain.Type.ToString()!;
        Check("state name", stateName, grain);
        Check("type", type, grain);
        if (stateName.Contains('/', StringComparison.Ordinal) || type.Contains('/', StringComparison.Ordinal))
        {
            throw new ArgumentException($"The state name '{stateName}' or the type '{type}' contains '/', by which two states could have one blob.");
        }

        var first = _prefixes.GetOrAdd($"{stateName}-{type}", (stateName, grain.Type));
        if (first != (stateName, grain.Type)) throw new ArgumentException($"State '{stateName}' of type '{type}' and state '{first.State}' of type '{first.Type}' would have the same blobs; rename one of them.");
        _kinds.TryAdd((stateName, grain.Type), true);
    }
}
