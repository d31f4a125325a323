using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace AccountGrains.Core.Door;

/// <summary>Reads observations: checks every rule of the contract, and lets nothing that identifies anybody past but the account's name.</summary>
public static class ObservationReader
{
    /// <summary>The most bytes of an observation.</summary>
    public const int MaxBytes = 65_536;

    /// <summary>The most UTF-16 units of a text: the account's name, an identifier, a label.</summary>
    public const int MaxText = 256;

    private const string Whole = "$";
    private const int MaxFields = 1_000;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    /// <summary>Reads an observation. False, with what is wrong, for anything else; it throws for no bytes whatsoever.</summary>
    public static bool TryRead(ReadOnlySpan<byte> utf8Json, in DoorContext context, out AccountInput input, out ObservationError error) =>
        TryRead(utf8Json, context, keepRequestId: false, out input, out _, out error);

    /// <summary>The same, and gives the request id itself, null where there is none: behind the door there is only its keyed hash, and the answer repeats it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> utf8Json, in DoorContext context, out AccountInput input, out string? requestId, out ObservationError error) =>
        TryRead(utf8Json, context, keepRequestId: true, out input, out requestId, out error);

    private static bool TryRead(ReadOnlySpan<byte> utf8Json, in DoorContext context, bool keepRequestId, out AccountInput input, out string? requestId, out ObservationError error)
    {
        input = default;
        requestId = null;
        if (utf8Json.Length > MaxBytes)
        {
            error = new ObservationError(Whole, "must have at most 65536 bytes");
            return false;
        }

        if (!Utf8.IsValid(utf8Json))
        {
            error = new ObservationError(Whole, "must be valid UTF-8");
            return false;
        }

        var scratch = ArrayPool<byte>.Shared.Rent(FieldReader.ScratchBytes);
        try
        {
            var draft = new ObservationDraft(context, scratch, keepRequestId);
            error = ReadFields(utf8Json, ref draft, scratch);
            if (error.Rule is not null || !draft.TryFinish(out input, out error)) return false;
            requestId = draft.RequestId;
            return true;
        }
        catch (JsonException)
        {
            // Its message quotes the text, and so is kept from everyone.
            error = new ObservationError(Whole, "must be one JSON object, nested at most 64 levels");
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    private static ObservationError ReadFields(ReadOnlySpan<byte> utf8Json, ref ObservationDraft draft, byte[] scratch)
    {
        var reader = new Utf8JsonReader(utf8Json, Options);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) return new ObservationError(Whole, "must be a JSON object");

        var seen = 0L;
        var count = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (++count > MaxFields) return new ObservationError(Whole, "must have at most 1000 fields");

            var field = FieldReader.TryUnescape(ref reader, scratch, out var name) ? ObservationFields.Find(name) : ObservationField.Unknown;
            reader.Read();
            if (field == ObservationField.Unknown)
            {
                reader.Skip();
                continue;
            }

            if ((seen & (1L << (int)field)) != 0) return new ObservationError(field.Name(), "must be there once");
            seen |= 1L << (int)field;
            if (draft.Take(field, ref reader) is { } rule) return new ObservationError(field.Name(), rule);
        }

        // Whatever follows the object makes the reader throw.
        reader.Read();
        return default;
    }
}
