using AccountGrains.Core.Sketches;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Door;

/// <summary>An observation as it travels from the door to its account.</summary>
public sealed class Observation(in AccountInput input) : IMessage<Observation>
{
    private const int MostArtefacts = 16;
    private readonly AccountInput _input = input;

    /// <summary>The observation as the door left it.</summary>
    public ref readonly AccountInput Input => ref _input;

    /// <inheritdoc/>
    public void Write(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Byte((byte)_input.Type);
        writer.Int64(_input.Time);
        writer.Account(_input.Account);
        _input.Name.Write(writer);
        writer.UInt64(_input.Request);
        writer.Byte(_input.KeyId);
        foreach (var value in (ReadOnlySpan<UInt128>)[_input.Ip, _input.Prefix, _input.Asn, _input.Ja4, _input.UserAgent, _input.Payment, _input.Device, _input.Email]) writer.UInt128(value);
        writer.UInt64(_input.Organization);
        writer.Text(_input.Plan);
        writer.Text(_input.Model);
        writer.Text(_input.Capability);
        writer.Int64(_input.InputTokens);
        writer.Int64(_input.OutputTokens);
        writer.Int32(_input.Status);
        for (var i = 0; i < TemplateSketch.Length; i++) writer.UInt64(_input.Sketch[i]);
        writer.Single(_input.ReasoningElicitation);
        WriteIds(writer, _input.Presented);
        WriteIds(writer, _input.Issued);
        writer.Text(_input.Reason);
    }

    /// <inheritdoc/>
    public static Observation Read(ref StateReader reader)
    {
        var type = (ObservationType)reader.Byte();
        var time = reader.Int64();
        var account = reader.Account();
        var name = AccountName.Read(ref reader);
        var request = reader.UInt64();
        var keyId = reader.Byte();
        return new Observation(new AccountInput
        {
            Type = type,
            Time = time,
            Account = account,
            Name = name,
            Request = request,
            KeyId = keyId,
            Ip = reader.UInt128(),
            Prefix = reader.UInt128(),
            Asn = reader.UInt128(),
            Ja4 = reader.UInt128(),
            UserAgent = reader.UInt128(),
            Payment = reader.UInt128(),
            Device = reader.UInt128(),
            Email = reader.UInt128(),
            Organization = reader.UInt64(),
            Plan = reader.Text(),
            Model = reader.Text(),
            Capability = reader.Text(),
            InputTokens = reader.Int64(),
            OutputTokens = reader.Int64(),
            Status = reader.Int32(),
            Sketch = ReadSketch(ref reader),
            ReasoningElicitation = reader.Single(),
            Presented = ReadIds(ref reader),
            Issued = ReadIds(ref reader),
            Reason = reader.Text(),
        });
    }

    private static TemplateSketch ReadSketch(ref StateReader reader)
    {
        var sketch = new TemplateSketch();
        for (var i = 0; i < TemplateSketch.Length; i++) sketch[i] = reader.UInt64();
        return sketch;
    }

    private static void WriteIds(StateWriter writer, UInt128[]? ids)
    {
        writer.Int32(ids?.Length ?? 0);
        foreach (var id in ids ?? []) writer.UInt128(id);
    }

    private static UInt128[]? ReadIds(ref StateReader reader)
    {
        var count = reader.Count(MostArtefacts);
        if (count == 0) return null;
        var ids = new UInt128[count];
        for (var i = 0; i < count; i++) ids[i] = reader.UInt128();
        return ids;
    }
}
