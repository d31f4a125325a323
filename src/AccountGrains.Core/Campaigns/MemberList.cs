using System.Diagnostics.CodeAnalysis;

namespace AccountGrains.Core.Campaigns;

/// <summary>A campaign's members, by account: read through at each end of an epoch, and changed seldom.</summary>
internal sealed class MemberList
{
    private AccountId[] _accounts = [];
    private Member[] _members = [];

    public int Count { get; private set; }

    /// <summary>The members, to be read through at once.</summary>
    public ReadOnlySpan<Member> All => _members.AsSpan(0, Count);

    /// <summary>The members, to be asked for as a sequence.</summary>
    public ArraySegment<Member> Values => new(_members, 0, Count);

    public ArraySegment<AccountId> Keys => new(_accounts, 0, Count);

    public Member this[AccountId account] => TryGetValue(account, out var member) ? member : throw new KeyNotFoundException($"{account} is no member.");

    public bool ContainsKey(AccountId account) => PlaceOf(account) >= 0;

    public bool TryGetValue(AccountId account, [MaybeNullWhen(false)] out Member member)
    {
        var place = PlaceOf(account);
        member = place < 0 ? null : _members[place];
        return place >= 0;
    }

    /// <summary>Takes in a member, unless there is one of that account.</summary>
    public bool TryAdd(Member member)
    {
        var place = PlaceOf(member.Account);
        if (place >= 0) return false;
        if (Count == _members.Length)
        {
            Array.Resize(ref _accounts, Math.Max(4, 2 * Count));
            Array.Resize(ref _members, Math.Max(4, 2 * Count));
        }

        Array.Copy(_accounts, ~place, _accounts, ~place + 1, Count - ~place);
        Array.Copy(_members, ~place, _members, ~place + 1, Count - ~place);
        (_accounts[~place], _members[~place]) = (member.Account, member);
        Count++;
        return true;
    }

    public void Remove(AccountId account)
    {
        var place = PlaceOf(account);
        if (place < 0) return;
        Count--;
        Array.Copy(_accounts, place + 1, _accounts, place, Count - place);
        Array.Copy(_members, place + 1, _members, place, Count - place);
        _members[Count] = null!;
    }

    public void Clear()
    {
        (_accounts, _members) = ([], []);
        Count = 0;
    }

    private int PlaceOf(AccountId account) => Array.BinarySearch(_accounts, 0, Count, account);
}
