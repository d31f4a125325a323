using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;

namespace AccountGrains.Core.Sketches;

/// <summary>The form in which a front end sends a sketch: base64 of a version byte and eight little-endian tokens.</summary>
public static class SketchCode
{
    private const byte Version = 1;
    private const int Bytes = 1 + (8 * TemplateSketch.Length);
    private const int Characters = (Bytes + 2) / 3 * 4;

    /// <summary>Writes a sketch.</summary>
    public static string Encode(TemplateSketch sketch)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        bytes[0] = Version;
        for (var i = 0; i < TemplateSketch.Length; i++) BinaryPrimitives.WriteUInt64LittleEndian(bytes[(1 + (8 * i))..], sketch[i]);
        return Convert.ToBase64String(bytes);
    }

    /// <summary>Reads a sketch back; false when it is none, or of another version.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> utf8, out TemplateSketch sketch)
    {
        sketch = default;
        if (utf8.Length != Characters) return false;

        Span<byte> bytes = stackalloc byte[Bytes];
        if (Base64.DecodeFromUtf8(utf8, bytes, out _, out var written) != OperationStatus.Done) return false;
        if (written != Bytes || bytes[0] != Version) return false;

        for (var i = 0; i < TemplateSketch.Length; i++) sketch[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(1 + (8 * i))..]);
        return true;
    }
}
