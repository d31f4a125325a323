using AccountGrains.Core.States;

namespace AccountGrains.Core.Decisions;

/// <summary>The stored form of a <see cref="Decision"/>: little-endian, behind a schema byte.</summary>
public static class DecisionCodec
{
    /// <summary>The most reasons that a stored decision names. They are ordered strongest first, so the weakest fall out.</summary>
    public const int MaxReasons = 16;

    private const byte Schema = 2;

    /// <summary>Writes a decision.</summary>
    public static byte[] Write(Decision decision)
    {
        var writer = new StateWriter(256);
        writer.Byte(Schema);
        writer.Account(decision.Account);
        writer.Text(decision.Name);
        writer.Int32(decision.Number);
        writer.Int64(decision.Time);
        writer.Byte((byte)decision.Verdict);
        writer.Double(decision.Score);
        writer.Text(decision.Campaign);
        writer.Int32(decision.PolicyVersion);

        var reasons = Math.Min(decision.Reasons.Count, MaxReasons);
        writer.Int32(reasons);
        for (var i = 0; i < reasons; i++) decision.Reasons[i].Write(writer);
        return writer.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote; anything else throws <see cref="InvalidDataException"/>.</summary>
    public static Decision Read(ReadOnlySpan<byte> stored)
    {
        var reader = new StateReader(stored);
        var schema = reader.Byte();
        if (schema is 0 or > Schema) throw new InvalidDataException($"A decision of schema {schema} cannot be read; {Schema} is known.");

        // The initializers run in the order in which they stand here, and that is the order on disk.
        var decision = new Decision
        {
            Account = reader.Account(),
            Name = reader.Text() ?? throw new InvalidDataException("The decision has no account name."),
            Number = reader.Int32(),
            Time = reader.Int64(),
            Verdict = ReadVerdict(ref reader),
            Score = reader.Double(),
            Campaign = reader.Text(),
            PolicyVersion = reader.Int32(),
            Reasons = ReadReasons(ref reader, schema),
        };
        return reader.Remaining == 0 ? decision : throw new InvalidDataException($"{reader.Remaining} bytes follow the decision.");
    }

    private static Verdict ReadVerdict(ref StateReader reader)
    {
        var verdict = (Verdict)reader.Byte();
        return verdict <= Verdict.Block ? verdict : throw new InvalidDataException($"There is no verdict {(byte)verdict}.");
    }

    private static Reason[] ReadReasons(ref StateReader reader, byte schema)
    {
        var reasons = new Reason[reader.Count(MaxReasons)];
        for (var i = 0; i < reasons.Length; i++) reasons[i] = Reason.Read(ref reader, schema);
        return reasons;
    }
}
