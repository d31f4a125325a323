using AccountGrains.Core.Correlation;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Epochs;

/// <summary>The reports of one fingerprint in one epoch.</summary>
/// <param name="Fingerprint">Which.</param>
/// <param name="Earlier">Tokens of the accounts that the first-seen table kept, when the fingerprint is new.</param>
/// <param name="Reports">The reports, by account.</param>
/// <param name="Population">The population that weights are measured against.</param>
public sealed record FingerprintCall(Fingerprint Fingerprint, uint[] Earlier, IReadOnlyList<Report> Reports, PopulationView Population) : IMessage<FingerprintCall>
{
    /// <inheritdoc/>
    public void Write(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Fingerprint(Fingerprint);
        Lists.Write(writer, Earlier, (w, mark) => w.UInt32(mark));
        Lists.Write(writer, Reports, (w, report) =>
        {
            report.Sighting.Write(w);
            w.Byte((byte)report.Bans);
        });
        Population.Write(writer);
    }

    /// <inheritdoc/>
    public static FingerprintCall Read(ref StateReader reader) => new(
        reader.Fingerprint(),
        Lists.Read(ref reader, (ref StateReader r) => r.UInt32()),
        Lists.Read(ref reader, (ref StateReader r) => new Report(Sighting.Read(ref r), (sbyte)r.Byte())),
        PopulationView.Read(ref reader));
}

/// <summary>What a fingerprint says back to its reports.</summary>
/// <param name="Outcome">What they did to it.</param>
public sealed record FingerprintReply(FingerprintOutcome Outcome) : IMessage<FingerprintReply>
{
    /// <inheritdoc/>
    public void Write(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Int32(Outcome.Accounts);
        writer.Bool(Outcome.Generic);
        writer.Bool(Outcome.Sample is not null);
        if (Outcome.Sample is { } sample) Lists.Write(writer, sample, (w, sighting) => sighting.Write(w));
        Lists.Write(writer, Outcome.Notices ?? [], (w, notice) => notice.Write(w));
        Lists.Write(writer, Outcome.Pairs ?? [], (w, pair) => pair.Write(w));
    }

    /// <inheritdoc/>
    public static FingerprintReply Read(ref StateReader reader)
    {
        var accounts = reader.Int32();
        var generic = reader.Bool();
        var sample = reader.Bool() ? Lists.Read(ref reader, Sighting.Read) : null;
        var notices = Lists.Read(ref reader, LinkNotice.Read);
        var pairs = Lists.Read(ref reader, Proposal.Read);
        return new FingerprintReply(new FingerprintOutcome(accounts, sample, notices.Length == 0 ? null : notices, generic) { Pairs = pairs.Length == 0 ? null : pairs });
    }
}
