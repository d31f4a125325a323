using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Epochs;

/// <summary>What one campaign gets at the end of an epoch.</summary>
/// <param name="Campaign">Which.</param>
/// <param name="Founding">The proposal that founds it; null when it exists.</param>
/// <param name="Input">What it works on.</param>
/// <param name="Population">The population that weights are measured against.</param>
public sealed record CampaignCall(CampaignId Campaign, Proposal? Founding, CampaignInput Input, PopulationView Population) : IMessage<CampaignCall>
{
    /// <summary>The same call with more of what members did, all of it by time, account and number.</summary>
    public CampaignCall With(IReadOnlyList<MemberActivity> activity) => this with
    {
        Input = Input with { Activity = [.. Input.Activity.Concat(activity).OrderBy(a => a.Sighting.Time).ThenBy(a => a.Sighting.Account).ThenBy(a => a.Number)] },
    };

    /// <inheritdoc/>
    public void Write(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.UInt64(Campaign.Value);
        writer.Bool(Founding is not null);
        Founding?.Write(writer);
        writer.Int64(Input.End);
        Lists.Write(writer, Input.Joins, (w, join) => join.Write(w));
        Lists.Write(writer, Input.Activity, (w, activity) => activity.Write(w));
        Population.Write(writer);
    }

    /// <inheritdoc/>
    public static CampaignCall Read(ref StateReader reader)
    {
        var id = new CampaignId(reader.UInt64());
        var founding = reader.Bool() ? Proposal.Read(ref reader) : null;
        var input = new CampaignInput(reader.Int64(), Lists.Read(ref reader, Sighting.Read), Lists.Read(ref reader, MemberActivity.Read));
        return new CampaignCall(id, founding, input, PopulationView.Read(ref reader));
    }
}

/// <summary>Asks the index for places.</summary>
/// <param name="Proposals">The proposals, in their order.</param>
/// <param name="End">The end of the epoch.</param>
public sealed record PlaceCall(IReadOnlyList<Proposal> Proposals, long End) : IMessage<PlaceCall>
{
    /// <inheritdoc/>
    public void Write(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Lists.Write(writer, Proposals, (w, proposal) => proposal.Write(w));
        writer.Int64(End);
    }

    /// <inheritdoc/>
    public static PlaceCall Read(ref StateReader reader) => new(Lists.Read(ref reader, Proposal.Read), reader.Int64());
}

/// <summary>Where proposals go.</summary>
/// <param name="Placements">The places.</param>
public sealed record PlaceReply(IReadOnlyList<Placement> Placements) : IMessage<PlaceReply>
{
    /// <inheritdoc/>
    public void Write(StateWriter writer) => Lists.Write(writer, Placements, (w, placement) =>
    {
        w.UInt64(placement.Campaign.Value);
        w.Bool(placement.Founding is not null);
        placement.Founding?.Write(w);
        Lists.Write(w, placement.Joins, (inner, join) => join.Write(inner));
    });

    /// <inheritdoc/>
    public static PlaceReply Read(ref StateReader reader) => new(Lists.Read(ref reader, (ref StateReader r) =>
        new Placement(new CampaignId(r.UInt64()), r.Bool() ? Proposal.Read(ref r) : null, Lists.Read(ref r, Sighting.Read))));
}

/// <summary>Tells the index what became of campaigns.</summary>
/// <param name="Outcomes">What became of them.</param>
/// <param name="End">The end of the epoch.</param>
public sealed record UpdateCall(IReadOnlyList<CampaignOutcome> Outcomes, long End) : IMessage<UpdateCall>
{
    /// <inheritdoc/>
    public void Write(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Lists.Write(writer, Outcomes, (w, outcome) => outcome.Write(w));
        writer.Int64(End);
    }

    /// <inheritdoc/>
    public static UpdateCall Read(ref StateReader reader) => new(Lists.Read(ref reader, CampaignOutcome.Read), reader.Int64());
}

/// <summary>What became of merging one campaign into another.</summary>
/// <param name="Signature">The signature of the one that stays.</param>
/// <param name="Standings">Whom to tell that it moved.</param>
public sealed record MergerOutcome(CampaignSignature Signature, IReadOnlyList<Standing> Standings) : IMessage<MergerOutcome>
{
    /// <inheritdoc/>
    public void Write(StateWriter writer)
    {
        Signature.Write(writer);
        Lists.Write(writer, Standings, (w, standing) => standing.Write(w));
    }

    /// <inheritdoc/>
    public static MergerOutcome Read(ref StateReader reader) => new(CampaignSignature.Read(ref reader), Lists.Read(ref reader, Standing.Read));
}

/// <summary>How campaigns are recognised.</summary>
/// <param name="Items">By id.</param>
public sealed record Signatures(IReadOnlyList<CampaignSignature> Items) : IMessage<Signatures>
{
    /// <inheritdoc/>
    public void Write(StateWriter writer) => Lists.Write(writer, Items, (w, signature) => signature.Write(w));

    /// <inheritdoc/>
    public static Signatures Read(ref StateReader reader) => new(Lists.Read(ref reader, CampaignSignature.Read));
}
