using AccountGrains.Core.States;

namespace AccountGrains.Core.Epochs;

/// <summary>Asks a site how many accounts show fingerprints of its shards.</summary>
/// <param name="Fingerprints">Which.</param>
/// <param name="Ask">True to ask a fingerprint itself where its shard does not know.</param>
public sealed record PopularityCall(IReadOnlyList<Fingerprint> Fingerprints, bool Ask) : IMessage<PopularityCall>
{
    /// <inheritdoc/>
    public void Write(StateWriter writer)
    {
        Lists.Write(writer, Fingerprints, (w, fingerprint) => w.Fingerprint(fingerprint));
        writer.Bool(Ask);
    }

    /// <inheritdoc/>
    public static PopularityCall Read(ref StateReader reader) => new(Lists.Read(ref reader, (ref StateReader r) => r.Fingerprint()), reader.Bool());
}
