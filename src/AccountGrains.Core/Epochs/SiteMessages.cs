using System.Text.Json;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Policies;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Epochs;

/// <summary>Opens the end of an epoch at one site: a silo, as far as epochs are concerned.</summary>
/// <param name="Number">Counts epochs; a site does nothing for a number that is not higher than its last.</param>
/// <param name="Heard">The last number of which everything that the site answered was worked; what it answered after that it says again.</param>
/// <param name="Self">The number of this site.</param>
/// <param name="Owners">The number of the site that has each shard, below 0 for none.</param>
/// <param name="Policy">The policy that the epoch ends under.</param>
public sealed record EpochOpening(long Number, long Heard, int Self, int[] Owners, Policy Policy) : IMessage<EpochOpening>
{
    /// <inheritdoc/>
    public void Write(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Int64(Number);
        writer.Int64(Heard);
        writer.Int32(Self);
        Lists.Write(writer, Owners, (w, owner) => w.Int32(owner));
        PolicyText.Write(writer, Policy);
    }

    /// <inheritdoc/>
    public static EpochOpening Read(ref StateReader reader) =>
        new(reader.Int64(), reader.Int64(), reader.Int32(), Lists.Read(ref reader, (ref StateReader r) => r.Int32()), PolicyText.Read(ref reader));
}

/// <summary>What a site says when it delivered what its accounts left behind.</summary>
/// <param name="Population">The accounts to count.</param>
/// <param name="Latest">The latest event time, 0 when it saw none.</param>
/// <param name="Snapshot">The version of the snapshot that it has.</param>
/// <param name="Decisions">Decisions of its accounts, for the doors of all sites to know.</param>
public sealed record Collected(Population Population, long Latest, long Snapshot, DecisionList Decisions) : IMessage<Collected>
{
    /// <inheritdoc/>
    public void Write(StateWriter writer)
    {
        Population.Write(writer);
        writer.Int64(Latest);
        writer.Int64(Snapshot);
        Decisions.Write(writer);
    }

    /// <inheritdoc/>
    public static Collected Read(ref StateReader reader) => new(Population.Read(ref reader), reader.Int64(), reader.Int64(), DecisionList.Read(ref reader));
}

/// <summary>What all sites work the end of an epoch with.</summary>
/// <param name="Number">The epoch's number.</param>
/// <param name="End">Its end.</param>
/// <param name="Population">The population that weights are measured against.</param>
public sealed record EpochWork(long Number, long End, PopulationView Population) : IMessage<EpochWork>
{
    /// <summary>How many accounts have sent the heads that many have sent, for the tests of cohorts.</summary>
    public PopularHeads Heads { get; init; } = new();

    /// <inheritdoc/>
    public void Write(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Int64(Number);
        writer.Int64(End);
        Population.Write(writer);
        Heads.Write(writer);
    }

    /// <inheritdoc/>
    public static EpochWork Read(ref StateReader reader) => new(reader.Int64(), reader.Int64(), PopulationView.Read(ref reader)) { Heads = PopularHeads.Read(ref reader) };
}

/// <summary>What a site says when its fingerprints have their reports.</summary>
/// <param name="Campaigns">Campaigns that something waits for in its shards, by id.</param>
/// <param name="Links">Links to tell accounts about, by fingerprint.</param>
/// <param name="Common">The tokens of its fingerprints that are too common to report.</param>
/// <param name="ToTest">True when it has cohorts to test.</param>
/// <param name="Counts">What was sent.</param>
/// <param name="Heads">Heads of many accounts that were reported.</param>
public sealed record Reported(
    IReadOnlyList<CampaignId> Campaigns, IReadOnlyList<LinkNotice> Links, IReadOnlyCollection<ulong> Common, bool ToTest, SiteCounts Counts, IReadOnlyList<PopularHead> Heads) : IMessage<Reported>
{
    /// <inheritdoc/>
    public void Write(StateWriter writer)
    {
        Lists.Write(writer, Campaigns, (w, id) => w.UInt64(id.Value));
        Lists.Write(writer, Links, (w, link) => link.Write(w));
        Lists.Write(writer, Common, (w, token) => w.UInt64(token));
        writer.Bool(ToTest);
        Counts.Write(writer);
        Lists.Write(writer, Heads, (w, head) => head.Write(w));
    }

    /// <inheritdoc/>
    public static Reported Read(ref StateReader reader) => new(
        Lists.Read(ref reader, (ref StateReader r) => new CampaignId(r.UInt64())), Lists.Read(ref reader, LinkNotice.Read), Lists.Read(ref reader, (ref StateReader r) => r.UInt64()),
        reader.Bool(), SiteCounts.Read(ref reader), Lists.Read(ref reader, PopularHead.Read));
}

/// <summary>What a site found when it tested its cohorts.</summary>
/// <param name="Proposals">The proposals, by token.</param>
/// <param name="Counts">What was sent.</param>
public sealed record Tested(IReadOnlyList<Proposal> Proposals, SiteCounts Counts) : IMessage<Tested>
{
    /// <inheritdoc/>
    public void Write(StateWriter writer)
    {
        Lists.Write(writer, Proposals, (w, proposal) => proposal.Write(w));
        Counts.Write(writer);
    }

    /// <inheritdoc/>
    public static Tested Read(ref StateReader reader) => new(Lists.Read(ref reader, Proposal.Read), SiteCounts.Read(ref reader));
}

/// <summary>Closes the epoch of the campaigns of a site's shards.</summary>
/// <param name="Number">The epoch's number.</param>
/// <param name="Calls">The campaigns, by id, with what does not wait at the site.</param>
public sealed record CloseCall(long Number, IReadOnlyList<CampaignCall> Calls) : IMessage<CloseCall>
{
    /// <inheritdoc/>
    public void Write(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Int64(Number);
        Lists.Write(writer, Calls, (w, call) => call.Write(w));
    }

    /// <inheritdoc/>
    public static CloseCall Read(ref StateReader reader) => new(reader.Int64(), Lists.Read(ref reader, CampaignCall.Read));
}

/// <summary>What became of a site's campaigns.</summary>
/// <param name="Outcomes">Those that acknowledged, by id.</param>
/// <param name="Earlier">Outcomes of an earlier epoch, whose answer was lost.</param>
/// <param name="Counts">What was sent.</param>
public sealed record Closed(IReadOnlyList<CampaignOutcome> Outcomes, IReadOnlyList<CampaignOutcome> Earlier, SiteCounts Counts) : IMessage<Closed>
{
    /// <inheritdoc/>
    public void Write(StateWriter writer)
    {
        Lists.Write(writer, Outcomes, (w, outcome) => outcome.Write(w));
        Lists.Write(writer, Earlier, (w, outcome) => outcome.Write(w));
        Counts.Write(writer);
    }

    /// <inheritdoc/>
    public static Closed Read(ref StateReader reader) =>
        new(Lists.Read(ref reader, CampaignOutcome.Read), Lists.Read(ref reader, CampaignOutcome.Read), SiteCounts.Read(ref reader));
}

/// <summary>What a site sent.</summary>
/// <param name="Reports">Calls to fingerprints that delivered reports.</param>
/// <param name="Popularity">Calls that asked a fingerprint for its popularity.</param>
/// <param name="Resent">What was not acknowledged, and goes again.</param>
public readonly record struct SiteCounts(int Reports, int Popularity, int Resent)
{
    internal void Write(StateWriter writer)
    {
        writer.Int32(Reports);
        writer.Int32(Popularity);
        writer.Int32(Resent);
    }

    internal static SiteCounts Read(ref StateReader reader) => new(reader.Int32(), reader.Int32(), reader.Int32());
}

/// <summary>The sent form of a policy: its settings by name, so that silos of two builds understand each other.</summary>
internal static class PolicyText
{
    private const int Limit = 65_536;

    public static void Write(StateWriter writer, Policy policy)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(policy);
        writer.Int32(text.Length);
        writer.Bytes(text);
    }

    public static Policy Read(ref StateReader reader)
    {
        var text = new byte[reader.Count(Limit)];
        reader.Bytes(text);
        try
        {
            return JsonSerializer.Deserialize<Policy>(text) ?? throw new InvalidDataException("There is no policy.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException("The policy cannot be read.", e);
        }
    }
}
