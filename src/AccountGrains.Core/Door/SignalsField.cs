using System.Text.Json;

namespace AccountGrains.Core.Door;

/// <summary>The scores of the provider's own classifiers, of which one is kept.</summary>
internal static class SignalsField
{
    private const int MaxSignals = 16;
    private const string Rule = "must be an object of at most 16 names with numbers from 0 to 1";

    /// <summary>Reads all scores; gives the rule that they break, or null.</summary>
    public static string? Take(ref Utf8JsonReader reader, byte[] scratch, out float reasoningElicitation)
    {
        reasoningElicitation = -1;
        if (reader.TokenType != JsonTokenType.StartObject) return Rule;

        var count = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (++count > MaxSignals) return Rule;
            if (!FieldReader.TryUnescape(ref reader, scratch, out var name)) return FieldReader.NotUnicode;
            var isKept = name.SequenceEqual("reasoningElicitation"u8);

            reader.Read();
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetDouble(out var score) || score is not (>= 0 and <= 1)) return Rule;
            if (!isKept) continue;
            if (reasoningElicitation >= 0) return "must have each name once";
            reasoningElicitation = (float)score;
        }

        return null;
    }
}
