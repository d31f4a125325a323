using System.Runtime.CompilerServices;
using AccountGrains.Core.Door;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Accounts;

/// <summary>
/// An account's last steps, latest first: three addresses with the networks that they belong to, and the heads of the last eight different prompts,
/// 24 bits of each. A head that comes again within them is one that the account repeats.
/// </summary>
public struct Trail
{
    /// <summary>The number of addresses kept.</summary>
    public const int AddressCount = 3;

    /// <summary>The number of heads kept.</summary>
    public const int HeadCount = 8;

    /// <summary>The size of the stored form in bytes.</summary>
    public const int StoredSize = (AddressCount * (16 + 1)) + (HeadCount * 3) + 1;

    private Addresses _addresses;
    private Networks _networks;
    private Heads _heads;
    private byte _repeated;

    /// <summary>The address at a place, 0 the latest; 0 where there is none.</summary>
    public readonly UInt128 Address(int place) => _addresses[place];

    /// <summary>The mark of the head at a place; 0 where there is none.</summary>
    public readonly uint Head(int place) => _heads[place];

    /// <summary>From how many networks the last three addresses are. Three mean that the account hops.</summary>
    public readonly int NetworkCount
    {
        get
        {
            var count = 0;
            for (var i = 0; i < AddressCount; i++)
            {
                if (_addresses[i] != 0 && !((ReadOnlySpan<byte>)_networks)[..i].Contains(_networks[i])) count++;
            }

            return count;
        }
    }

    /// <summary>True when the last three addresses are from three networks.</summary>
    public readonly bool Hops => NetworkCount == AddressCount;

    /// <summary>Notes where a request came from.</summary>
    public void TakeAddress(in AccountInput input)
    {
        if (input.Ip == 0) return;
        var at = ((ReadOnlySpan<UInt128>)_addresses).IndexOf(input.Ip);
        for (var i = at < 0 ? AddressCount - 1 : at; i > 0; i--) (_addresses[i], _networks[i]) = (_addresses[i - 1], _networks[i - 1]);
        _addresses[0] = input.Ip;
        _networks[0] = (byte)Mixing.Mix64((ulong)(input.Asn != 0 ? input.Asn : input.Prefix));
    }

    /// <summary>Notes a prompt's head; true when it came before, and <paramref name="first"/> when it is the first time that it comes again.</summary>
    public bool TakeHead(ulong head, out bool first)
    {
        first = false;
        if (head == 0) return false;
        var mark = MarkOf(head);
        var at = ((ReadOnlySpan<uint>)_heads).IndexOf(mark);
        var known = at >= 0;
        var repeated = known && (_repeated & (1 << at)) != 0;
        first = known && !repeated;
        for (var i = known ? at : HeadCount - 1; i > 0; i--)
        {
            _heads[i] = _heads[i - 1];
            Mark(i, (_repeated & (1 << (i - 1))) != 0);
        }

        _heads[0] = mark;
        Mark(0, known);
        return known;
    }

    /// <summary>The 24 bits that stand for a head token.</summary>
    public static uint MarkOf(ulong head) => (uint)(head >> 40) | 1;

    internal readonly void Write(StateWriter writer)
    {
        foreach (var address in (ReadOnlySpan<UInt128>)_addresses) writer.UInt128(address);
        writer.Bytes(_networks);
        foreach (var head in (ReadOnlySpan<uint>)_heads) writer.UInt24(head);

        writer.Byte(_repeated);
    }

    internal static Trail Read(ref StateReader reader)
    {
        var trail = new Trail();
        for (var i = 0; i < AddressCount; i++) trail._addresses[i] = reader.UInt128();
        reader.Bytes(trail._networks);
        for (var i = 0; i < HeadCount; i++) trail._heads[i] = reader.UInt24();
        trail._repeated = reader.Byte();
        return trail;
    }

    private void Mark(int place, bool repeated) => _repeated = (byte)(repeated ? _repeated | (1 << place) : _repeated & ~(1 << place));

    [InlineArray(AddressCount)]
    private struct Addresses
    {
        private UInt128 _first;
    }

    [InlineArray(AddressCount)]
    private struct Networks
    {
        private byte _first;
    }

    [InlineArray(HeadCount)]
    private struct Heads
    {
        private uint _first;
    }
}
