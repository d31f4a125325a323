using System.Text.Json;

namespace AccountGrains.Core.Door;

/// <summary>A list of things that the provider handed out.</summary>
internal static class ArtefactsField
{
    private const int MaxArtefacts = 16;
    private const string Rule = "must be an array of at most 16 strings of 1 to 256 characters";

    /// <summary>Reads the list; gives the rule that it breaks, or null. An empty list is none.</summary>
    public static string? Take(ref Utf8JsonReader reader, KeyRing keys, byte[] scratch, out UInt128[]? ids)
    {
        ids = null;
        if (reader.TokenType != JsonTokenType.StartArray) return Rule;

        Span<UInt128> found = stackalloc UInt128[MaxArtefacts];
        var count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (count == MaxArtefacts || FieldReader.Text(ref reader, ObservationReader.MaxText, scratch, out var text) is not null || text.IsEmpty) return Rule;
            keys.TryValue(FingerprintKind.Artefact, text, out found[count++], out _);
        }

        if (count > 0) ids = found[..count].ToArray();
        return null;
    }
}
