using System.Numerics;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Campaigns;

/// <summary>
/// How the members of a large campaign are spread over pages, each a record of its own: one that changes writes its page, not all 25,000. A member's
/// page follows from its account; the number of pages is a power of two that grows with the members.
/// </summary>
public static class CampaignPages
{
    /// <summary>The most members that are kept in the head, and the mean of a page.</summary>
    public const int Members = 128;

    /// <summary>The most pages.</summary>
    public const int Limit = 1 << 16;

    private const byte Schema = 3;

    /// <summary>How many pages a campaign of so many members needs; 0 while they fit the head. It shrinks only below a quarter, so that it does not flutter.</summary>
    public static int CountFor(int members, int now)
    {
        var needed = members <= Members ? 0 : (int)BitOperations.RoundUpToPowerOf2((uint)((members + Members - 1) / Members));
        return needed < now && members > now * Members / 4 ? now : needed;
    }

    /// <summary>Writes each page of a campaign.</summary>
    public static byte[][] Write(Campaign campaign, int pages)
    {
        ArgumentNullException.ThrowIfNull(campaign);
        var members = campaign.Members.Values.ToLookup(m => PageOf(m.Account, pages));
        return [.. Enumerable.Range(0, pages).Select(page => Write([.. members[page]]))];
    }

    /// <summary>Adds the members of a page to their campaign; throws <see cref="InvalidDataException"/> when it is none.</summary>
    public static void ReadInto(Campaign campaign, ReadOnlySpan<byte> stored)
    {
        ArgumentNullException.ThrowIfNull(campaign);
        var reader = new StateReader(stored);
        var schema = reader.Byte();
        if (schema is 0 or > Schema) throw new InvalidDataException($"A page of members of schema {schema} cannot be read.");
        ReadMembers(campaign, ref reader, schema);
    }

    internal static void ReadMembers(Campaign campaign, ref StateReader reader, int form)
    {
        for (int i = 0, count = reader.Count(10_000_000); i < count; i++)
        {
            var member = Member.Read(ref reader, form);
            if (!campaign.Members.TryAdd(member)) throw new InvalidDataException($"{member.Account} is a member twice.");
        }
    }

    private static int PageOf(AccountId account, int pages) => (int)(Mixing.Mix64(account.Token) & (ulong)(pages - 1));

    private static byte[] Write(Member[] members) => ThreadWriter.BytesOf(members, static (writer, members) =>
    {
        writer.Byte(Schema);
        writer.Int32(members.Length);
        foreach (var member in members) member.Write(writer);
    });
}
