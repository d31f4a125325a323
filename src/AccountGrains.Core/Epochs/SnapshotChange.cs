using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Conduct;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Policies;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Epochs;

/// <summary>What makes the next snapshot out of the last one, or out of none.</summary>
/// <param name="From">The version that it changes; 0 for all of a snapshot.</param>
/// <param name="Version">The version that it makes.</param>
/// <param name="Policy">The policy.</param>
/// <param name="Population">The population.</param>
/// <param name="Changed">Signatures that changed, by campaign.</param>
/// <param name="Gone">Campaigns that are recognised no longer.</param>
/// <param name="Common">The tokens of all fingerprints that are too common to report.</param>
public sealed record SnapshotChange(
    long From, long Version, Policy Policy, PopulationView Population, IReadOnlyList<CampaignSignature> Changed, IReadOnlyList<CampaignId> Gone, IReadOnlyCollection<ulong> Common)
    : IMessage<SnapshotChange>
{
    /// <summary>How accounts behave; null when that is as before.</summary>
    public ConductNorms? Norms { get; init; }

    /// <summary>The snapshot that it makes; null when it does not follow on the one given.</summary>
    public Snapshot? ApplyTo(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (From != 0 && From != snapshot.Version) return null;
        var before = From == 0 ? Snapshot.Empty(Policy) : snapshot;
        return before.Next(Policy, Population, Changed, Gone, [.. Common], Norms).As(Version);
    }

    /// <inheritdoc/>
    public void Write(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Int64(From);
        writer.Int64(Version);
        PolicyText.Write(writer, Policy);
        Population.Write(writer);
        Lists.Write(writer, Changed, (w, signature) => signature.Write(w));
        Lists.Write(writer, Gone, (w, id) => w.UInt64(id.Value));
        Lists.Write(writer, Common, (w, token) => w.UInt64(token));
        writer.Bool(Norms is not null);
        Norms?.Write(writer);
    }

    /// <inheritdoc/>
    public static SnapshotChange Read(ref StateReader reader) => new(
        reader.Int64(), reader.Int64(), PolicyText.Read(ref reader), PopulationView.Read(ref reader),
        Lists.Read(ref reader, CampaignSignature.Read),
        Lists.Read(ref reader, (ref StateReader r) => new CampaignId(r.UInt64())),
        Lists.Read(ref reader, (ref StateReader r) => r.UInt64()))
    {
        Norms = reader.Bool() ? ConductNorms.Read(ref reader) : null,
    };
}
