using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Epochs;

/// <summary>What one account is told at the end of an epoch.</summary>
/// <param name="Account">Whom.</param>
/// <param name="Standings">Where it stands with campaigns.</param>
/// <param name="Links">What it shares.</param>
/// <param name="End">The end of the epoch.</param>
public sealed record AccountCall(AccountId Account, IReadOnlyList<Standing> Standings, IReadOnlyList<LinkNotice> Links, long End) : IMessage<AccountCall>
{
    /// <inheritdoc/>
    public void Write(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Account(Account);
        Lists.Write(writer, Standings, (w, standing) => standing.Write(w));
        Lists.Write(writer, Links, (w, link) => link.Write(w));
        writer.Int64(End);
    }

    /// <inheritdoc/>
    public static AccountCall Read(ref StateReader reader) =>
        new(reader.Account(), Lists.Read(ref reader, Standing.Read), Lists.Read(ref reader, LinkNotice.Read), reader.Int64());
}

/// <summary>What an account says back.</summary>
/// <param name="Decisions">Its changes of verdict.</param>
/// <param name="Joined">The campaigns that it learned to be a member of, and what it says to them.</param>
public sealed record AccountReply(IReadOnlyList<Decision> Decisions, IReadOnlyList<(CampaignId Campaign, JoinReply Reply)> Joined) : IMessage<AccountReply>
{
    /// <summary>One that has nothing to say.</summary>
    public static readonly AccountReply Nothing = new([], []);

    /// <inheritdoc/>
    public void Write(StateWriter writer)
    {
        Lists.Write(writer, Decisions, (w, decision) =>
        {
            var bytes = DecisionCodec.Write(decision);
            w.Int32(bytes.Length);
            w.Bytes(bytes);
        });
        Lists.Write(writer, Joined, (w, joined) =>
        {
            w.UInt64(joined.Campaign.Value);
            joined.Reply.Write(w);
        });
    }

    /// <inheritdoc/>
    public static AccountReply Read(ref StateReader reader) => new(
        Lists.Read(ref reader, (ref StateReader r) =>
        {
            var bytes = new byte[r.Count(r.Remaining)];
            r.Bytes(bytes);
            return DecisionCodec.Read(bytes);
        }),
        Lists.Read(ref reader, (ref StateReader r) => (new CampaignId(r.UInt64()), JoinReply.Read(ref r))));
}

/// <summary>What new members said to their campaign.</summary>
/// <param name="Replies">By account.</param>
public sealed record JoinReplies(IReadOnlyList<JoinReply> Replies) : IMessage<JoinReplies>
{
    /// <inheritdoc/>
    public void Write(StateWriter writer) => Lists.Write(writer, Replies, (w, reply) => reply.Write(w));

    /// <inheritdoc/>
    public static JoinReplies Read(ref StateReader reader) => new(Lists.Read(ref reader, JoinReply.Read));
}

/// <summary>Whom to tell what.</summary>
/// <param name="Items">By account.</param>
public sealed record Standings(IReadOnlyList<Standing> Items) : IMessage<Standings>
{
    /// <inheritdoc/>
    public void Write(StateWriter writer) => Lists.Write(writer, Items, (w, standing) => standing.Write(w));

    /// <inheritdoc/>
    public static Standings Read(ref StateReader reader) => new(Lists.Read(ref reader, Standing.Read));
}
