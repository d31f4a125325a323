using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;

namespace Orleans.Storage;

/// <summary>A state's bytes or text, and how a row holds them: in as many properties as they need, each as long as a property may be.</summary>
internal static class StatePayload
{
    /// <summary>The properties of one row that hold data.</summary>
    public const int MostChunks = 15;

    /// <summary>Bytes of one property.</summary>
    public const int BytesOfAChunk = 64 * 1024;

    /// <summary>UTF-16 units of one property.</summary>
    public const int CharsOfAChunk = 32 * 1024;

    private static readonly string[] Binary = Names("Data");
    private static readonly string[] Text = Names("StringData");
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Puts a serialized state into a row.</summary>
    public static void Put(TableEntity row, BinaryData state, bool asText)
    {
        if (asText) PutText(row, TextOf(state));
        else PutBytes(row, state.ToMemory());
    }

    /// <summary>The state in a row, whatever its form; null when there is none.</summary>
    public static BinaryData? Get(TableEntity row)
    {
        var bytes = new MemoryStream();
        foreach (var name in Binary) Append(bytes, row.TryGetValue(name, out var value) ? value : null);
        if (bytes.Length > 0) return new BinaryData(bytes.GetBuffer().AsMemory(0, (int)bytes.Length));

        var text = new StringBuilder();
        foreach (var name in Text) text.Append(row.TryGetValue(name, out var value) ? value as string : null);
        return text.Length > 0 ? new BinaryData(text.ToString()) : null;
    }

    /// <summary>Tells states apart by their bytes.</summary>
    public static UInt128 PrintOf(BinaryData? state)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(state is null ? [] : state.ToMemory().Span, hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    private static void PutBytes(TableEntity row, ReadOnlyMemory<byte> bytes)
    {
        Check(bytes.Length, BytesOfAChunk, "bytes");
        for (var i = 0; i * BytesOfAChunk < bytes.Length; i++)
        {
            var rest = bytes[(i * BytesOfAChunk)..];
            row[Binary[i]] = rest[..Math.Min(rest.Length, BytesOfAChunk)].ToArray();
        }
    }

    private static void PutText(TableEntity row, string text)
    {
        Check(text.Length, CharsOfAChunk, "UTF-16 units");
        var start = 0;
        for (var i = 0; start < text.Length; i++)
        {
            var end = Math.Min(start + CharsOfAChunk, text.Length);

            // Two halves of a character in two properties would both be lost on the way.
            if (end < text.Length && char.IsHighSurrogate(text[end - 1])) end--;
            if (i == MostChunks) throw TooBig(text.Length, CharsOfAChunk, "UTF-16 units");
            row[Text[i]] = text[start..end];
            start = end;
        }
    }

    private static string TextOf(BinaryData state)
    {
        try
        {
            return Strict.GetString(state.ToMemory().Span);
        }
        catch (DecoderFallbackException e)
        {
            throw new ArgumentException("The serializer made something of the state that is no text, and UseStringFormat stores text.", e);
        }
    }

    private static void Check(int length, int chunk, string unit)
    {
        if (length == 0) throw new ArgumentException("The serializer made nothing of the state, which could not be told from a cleared one.");
        if (length > MostChunks * chunk) throw TooBig(length, chunk, unit);
    }

#pragma warning disable CA2208 // The official provider's name for it.
    private static ArgumentOutOfRangeException TooBig(int length, int chunk, string unit) =>
        new("GrainState.Size", $"The state has {length} {unit}, and a row holds {MostChunks * chunk} at most.");
#pragma warning restore CA2208

    private static void Append(MemoryStream bytes, object? value)
    {
        switch (value)
        {
            case byte[] chunk: bytes.Write(chunk); break;
            case BinaryData chunk: bytes.Write(chunk.ToMemory().Span); break;
            case string chunk: bytes.Write(Convert.FromBase64String(chunk)); break;
        }
    }

    private static string[] Names(string first) => [first, .. Enumerable.Range(1, MostChunks - 1).Select(i => $"{first}{i}")];
}
