using AccountGrains.Core.Correlation;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Epochs;

/// <summary>Decisions that were made in an epoch.</summary>
/// <param name="Items">The decisions.</param>
public sealed record DecisionList(IReadOnlyList<Decision> Items) : IMessage<DecisionList>
{
    /// <inheritdoc/>
    public void Write(StateWriter writer) => Lists.Write(writer, Items, (w, decision) => w.Block(DecisionCodec.Write(decision)));

    /// <inheritdoc/>
    public static DecisionList Read(ref StateReader reader) => new(Lists.Read(ref reader, (ref StateReader r) => DecisionCodec.Read(r.Block())));
}

/// <summary>Tells accounts where they stand, each only where it is.</summary>
/// <param name="Calls">The accounts.</param>
public sealed record TellCall(IReadOnlyList<AccountCall> Calls) : IMessage<TellCall>
{
    /// <inheritdoc/>
    public void Write(StateWriter writer) => Lists.Write(writer, Calls, (w, call) => call.Write(w));

    /// <inheritdoc/>
    public static TellCall Read(ref StateReader reader) => new(Lists.Read(ref reader, AccountCall.Read));
}

/// <summary>What those accounts said that were here.</summary>
/// <param name="Replies">The replies, with the place of the call that each answers.</param>
public sealed record Told(IReadOnlyList<(int Place, AccountReply Reply)> Replies) : IMessage<Told>
{
    /// <inheritdoc/>
    public void Write(StateWriter writer) => Lists.Write(writer, Replies, (w, reply) =>
    {
        w.Int32(reply.Place);
        reply.Reply.Write(w);
    });

    /// <inheritdoc/>
    public static Told Read(ref StateReader reader) => new(Lists.Read(ref reader, (ref StateReader r) => (r.Int32(), AccountReply.Read(ref r))));
}

/// <summary>What a silo that stops did not deliver.</summary>
/// <param name="Delivery">Reports and what members did.</param>
/// <param name="Population">Accounts to count.</param>
/// <param name="Latest">The latest event time.</param>
/// <param name="Decisions">Decisions that the other silos do not know.</param>
public sealed record LeftBehind(SiteDelivery Delivery, Population Population, long Latest, DecisionList Decisions) : IMessage<LeftBehind>
{
    /// <inheritdoc/>
    public void Write(StateWriter writer)
    {
        Delivery.Write(writer);
        Population.Write(writer);
        writer.Int64(Latest);
        Decisions.Write(writer);
    }

    /// <inheritdoc/>
    public static LeftBehind Read(ref StateReader reader) => new(SiteDelivery.Read(ref reader), Population.Read(ref reader), reader.Int64(), DecisionList.Read(ref reader));
}
