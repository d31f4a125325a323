using AccountGrains.Core.Correlation;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Campaigns;

/// <summary>What a member, or an account that asks to join, did: what its campaign learns of it.</summary>
public sealed record MemberActivity
{
    /// <summary>Which campaign.</summary>
    public required CampaignId Campaign { get; init; }

    /// <summary>What it showed.</summary>
    public required Sighting Sighting { get; init; }

    /// <summary>The account's name.</summary>
    public required string Name { get; init; }

    /// <summary>Counts what the account told this campaign, from 1: what is sent again keeps its number, and counts once.</summary>
    public required int Number { get; init; }

    /// <summary>True for a request, false for a completion, which only adds what was taken.</summary>
    public bool IsRequest { get; init; }

    /// <summary>True when the account is no member and asks to become one.</summary>
    public bool Joins { get; init; }

    /// <summary>True when the account, which asks to join, came when the campaign's members did.</summary>
    public bool InTime { get; init; }

    /// <summary>True when the request is the campaign's work.</summary>
    public bool Matched { get; init; }

    /// <summary>Log-odds of membership, as the account judges itself.</summary>
    public float Score { get; init; }

    /// <summary>1 when the account was banned elsewhere, −1 when that was lifted, else 0.</summary>
    public sbyte Bans { get; init; }

    /// <summary>The capability's label.</summary>
    public string? Capability { get; init; }

    /// <summary>The model's label.</summary>
    public string? Model { get; init; }

    /// <summary>Tokens read, negative when not known.</summary>
    public long InputTokens { get; init; }

    /// <summary>Tokens written, negative when not known.</summary>
    public long OutputTokens { get; init; }

    /// <summary>The other campaign that is told the same, since the account is a member of both; none for most.</summary>
    public CampaignId AlsoIn { get; init; }

    internal void Write(StateWriter writer)
    {
        writer.UInt64(Campaign.Value);
        Sighting.Write(writer);
        writer.Int32(Number);
        writer.Text(Name);
        writer.Byte((byte)((IsRequest ? 1 : 0) | (Joins ? 2 : 0) | (Matched ? 4 : 0) | (InTime ? 8 : 0)));
        writer.Single(Score);
        writer.Byte((byte)Bans);
        writer.Text(Capability);
        writer.Text(Model);
        writer.Int64(InputTokens);
        writer.Int64(OutputTokens);
        writer.UInt64(AlsoIn.Value);
    }

    internal static MemberActivity Read(ref StateReader reader)
    {
        var campaign = new CampaignId(reader.UInt64());
        var sighting = Sighting.Read(ref reader);
        var number = reader.Int32();
        var name = reader.Text() ?? "";
        var flags = reader.Byte();
        return new MemberActivity
        {
            Campaign = campaign,
            Sighting = sighting,
            Number = number,
            Name = name,
            IsRequest = (flags & 1) != 0,
            Joins = (flags & 2) != 0,
            Matched = (flags & 4) != 0,
            InTime = (flags & 8) != 0,
            Score = reader.Single(),
            Bans = (sbyte)reader.Byte(),
            Capability = reader.Text(),
            Model = reader.Text(),
            InputTokens = reader.Int64(),
            OutputTokens = reader.Int64(),
            AlsoIn = new CampaignId(reader.UInt64()),
        };
    }
}

/// <summary>What an account says back when it learns that it became a member: its name, and what it took before, from its daily totals.</summary>
/// <param name="Account">Who.</param>
/// <param name="Name">Its name.</param>
/// <param name="Requests">Requests before it joined, since its daily totals begin.</param>
/// <param name="InputTokens">Tokens read in them.</param>
/// <param name="OutputTokens">Tokens written in them.</param>
/// <param name="AlsoIn">The campaign that it was a member of already, and that counted some of it; none for most.</param>
public readonly record struct JoinReply(AccountId Account, string Name, long Requests, long InputTokens, long OutputTokens, CampaignId AlsoIn)
{
    internal void Write(StateWriter writer)
    {
        writer.Account(Account);
        writer.Text(Name);
        writer.Int64(Requests);
        writer.Int64(InputTokens);
        writer.Int64(OutputTokens);
        writer.UInt64(AlsoIn.Value);
    }

    internal static JoinReply Read(ref StateReader reader) =>
        new(reader.Account(), reader.Text() ?? "", reader.Int64(), reader.Int64(), reader.Int64(), new CampaignId(reader.UInt64()));
}

/// <summary>What changed between a campaign and an account.</summary>
public enum StandingChange : byte
{
    /// <summary>The account became a member.</summary>
    Joined = 1,

    /// <summary>It is a member no longer.</summary>
    Left = 2,

    /// <summary>The campaign's status or the member's timing changed.</summary>
    Changed = 3,

    /// <summary>Its campaign became part of another.</summary>
    Moved = 4,
}

/// <summary>Tells an account where it stands with a campaign. Idempotent: it says what holds, not what to add.</summary>
/// <param name="Account">To whom.</param>
/// <param name="Campaign">Which campaign.</param>
/// <param name="Change">What changed.</param>
/// <param name="Timing">True when the account takes its turn in it.</param>
/// <param name="Into">The campaign that it became part of, for <see cref="StandingChange.Moved"/>.</param>
public readonly record struct Standing(AccountId Account, CampaignId Campaign, StandingChange Change, bool Timing, CampaignId Into)
{
    internal void Write(StateWriter writer)
    {
        writer.Account(Account);
        writer.UInt64(Campaign.Value);
        writer.Byte((byte)Change);
        writer.Bool(Timing);
        writer.UInt64(Into.Value);
    }

    internal static Standing Read(ref StateReader reader) =>
        new(reader.Account(), new CampaignId(reader.UInt64()), (StandingChange)reader.Byte(), reader.Bool(), new CampaignId(reader.UInt64()));
}

/// <summary>What a campaign gets at the end of an epoch.</summary>
/// <param name="End">The end of the epoch, in milliseconds since 1970.</param>
/// <param name="Joins">Accounts that a cohort test found, by account.</param>
/// <param name="Activity">What members did, and who asks to join, by time and account.</param>
public sealed record CampaignInput(long End, IReadOnlyList<Sighting> Joins, IReadOnlyList<MemberActivity> Activity);

/// <summary>What the end of an epoch did to a campaign.</summary>
/// <param name="Signature">How it is recognised from now on.</param>
/// <param name="Standings">Whom to tell what, by account.</param>
/// <param name="MembersChanged">True when somebody joined or left, or the status changed: it is stored before anybody is told.</param>
/// <param name="Split">Members that have nothing in common with the rest any more, and form a campaign of their own; null when there are none.</param>
/// <param name="LastActivity">When a member was last seen.</param>
public sealed record CampaignOutcome(CampaignSignature Signature, IReadOnlyList<Standing> Standings, bool MembersChanged, Campaign? Split, long LastActivity) : IMessage<CampaignOutcome>
{
    /// <summary>The campaign that a tombstone forwards to: what it was given belongs there.</summary>
    public CampaignId ForwardTo { get; init; }

    /// <summary>This outcome with what an earlier one had to tell and nobody heard.</summary>
    public CampaignOutcome After(CampaignOutcome? untold) => untold is null ? this : this with
    {
        Standings = [.. untold.Standings, .. Standings],
        MembersChanged = MembersChanged || untold.MembersChanged,
        Split = Split ?? untold.Split,
    };

    /// <inheritdoc/>
    public void Write(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Signature.Write(writer);
        Lists.Write(writer, Standings, (w, standing) => standing.Write(w));
        writer.Bool(MembersChanged);
        writer.Bool(Split is not null);
        if (Split is not null)
        {
            var bytes = CampaignCodec.Write(Split);
            writer.Int32(bytes.Length);
            writer.Bytes(bytes);
        }

        writer.Int64(LastActivity);
        writer.UInt64(ForwardTo.Value);
    }

    /// <inheritdoc/>
    public static CampaignOutcome Read(ref StateReader reader)
    {
        var signature = CampaignSignature.Read(ref reader);
        var standings = Lists.Read(ref reader, Standing.Read);
        var changed = reader.Bool();
        Campaign? split = null;
        if (reader.Bool())
        {
            var bytes = new byte[reader.Count(reader.Remaining)];
            reader.Bytes(bytes);
            split = CampaignCodec.Read(bytes);
        }

        return new CampaignOutcome(signature, standings, changed, split, reader.Int64()) { ForwardTo = new CampaignId(reader.UInt64()) };
    }
}
