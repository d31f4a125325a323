using System.Diagnostics.CodeAnalysis;
using AccountGrains.Core.Accounts;
using AccountGrains.Core.Door;
using AccountGrains.Core.Sketches;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Correlation;

/// <summary>
/// What an account showed in one observation, as plain values: nearly all of it only waits in case that others show the same, and is never an object of its own.
/// See <see cref="SightingRows"/>, where they lie, and <see cref="Sighting"/>, which keeps one.
/// </summary>
public struct SightingRow
{
    private static readonly FingerprintKind[] Kinds =
    [
        FingerprintKind.Ip, FingerprintKind.Prefix, FingerprintKind.Ja4, FingerprintKind.UserAgent, FingerprintKind.Payment, FingerprintKind.Device,
    ];

    private SightedValues _values;
    private SightedHeads _heads;
    private SightedMoments _moments;
    private TemplateSketch _sketch;
    private byte _headCount;
    private byte _momentCount;

    /// <summary>Whose.</summary>
    public AccountId Account { get; private set; }

    /// <summary>When, in milliseconds since 1970.</summary>
    public long Time { get; private set; }

    /// <summary>When the account was opened, 0 when that was not seen.</summary>
    public long SignupAt { get; private set; }

    /// <summary>The declared organization's token, 0 for none.</summary>
    public ulong Organization { get; private set; }

    /// <summary>Which key made the values.</summary>
    public byte KeyId { get; private set; }

    /// <summary>What else is true of the account.</summary>
    public SightingTraits Traits { get; private set; }

    /// <summary>How many heads of other prompts it tells.</summary>
    public readonly int OtherHeads => _headCount;

    /// <summary>How many of the account's last moments it tells.</summary>
    public readonly int Moments => _momentCount;

    /// <summary>The prompt's tokens.</summary>
    public readonly TemplateSketch Sketch => _sketch;

    /// <summary>The marks of the heads of other prompts.</summary>
    [UnscopedRef]
    internal readonly ReadOnlySpan<uint> Heads => ((ReadOnlySpan<uint>)_heads)[.._headCount];

    [UnscopedRef]
    private readonly ReadOnlySpan<uint> Marks => ((ReadOnlySpan<uint>)_moments)[.._momentCount];

    /// <summary>The kind of the value at a position.</summary>
    internal static FingerprintKind KindAt(int index) => Kinds[index];

    /// <summary>Takes in what an account shows with an observation, in place of all that was here.</summary>
    internal void Fill(in AccountInput input, AccountState state, SightingTraits traits) =>
        Fill(input, state.Behaviour.SignupAt, state.Behaviour.Organization, state.Payment, state.Trail, traits, state.Moments);

    /// <summary>Takes in what an observation shows, in place of all that was here; a payment instrument known from before stands where this observation has none.</summary>
    internal void Fill(in AccountInput input, long signupAt, ulong organization, UInt128 knownPayment, in Trail trail, SightingTraits traits, in Moments moments)
    {
        Account = input.Account;
        Time = input.Time;
        SignupAt = signupAt;
        Organization = organization;
        KeyId = input.KeyId;
        Traits = traits | TraitsOf(trail);
        _sketch = input.Sketch;
        _values[0] = input.Ip;
        _values[1] = input.Prefix;
        _values[2] = input.Ja4;
        _values[3] = input.UserAgent;
        _values[4] = input.Payment == 0 ? knownPayment : input.Payment;
        _values[5] = input.Device;
        for (var i = 0; i < Sighting.EarlierCount; i++) _values[Sighting.ValueCount + i] = trail.Address(i + 1);
        FillHeads(trail);
        for (_momentCount = 0; _momentCount < Accounts.Moments.Count && moments[_momentCount] != 0; _momentCount++) _moments[_momentCount] = moments[_momentCount];
    }

    /// <summary>The value at a position; none where the account did not show it.</summary>
    public readonly Fingerprint Value(int index) => _values[index] == 0 ? default : new Fingerprint(Kinds[index], KeyId, _values[index]);

    /// <summary>An address before this one; none where there is none.</summary>
    public readonly Fingerprint Earlier(int index) => _values[Sighting.ValueCount + index] == 0 ? default : new Fingerprint(FingerprintKind.Ip, KeyId, _values[Sighting.ValueCount + index]);

    /// <summary>The mark of the head of another prompt, sent not long before.</summary>
    public readonly uint OtherHead(int index) => _heads[index];

    /// <summary>The bucket of ten seconds of one of its last moments, the latest first.</summary>
    public readonly long Moment(int index) => Accounts.Moments.BucketOf(_moments[index], Time);

    /// <summary>The fingerprint of the template token at a position; none where the sketch has none.</summary>
    public readonly Fingerprint Token(int position) => Sighting.TokenOf(_sketch[position], position, KeyId);

    /// <summary>True when it has one of the traits.</summary>
    public readonly bool Is(SightingTraits trait) => (Traits & trait) != 0;

    /// <summary>True when it shows a fingerprint.</summary>
    public readonly bool Shows(Fingerprint fingerprint)
    {
        for (var i = 0; i < Sighting.ValueCount; i++)
        {
            if (Value(i) == fingerprint) return true;
        }

        for (var i = 0; i < TemplateSketch.Length; i++)
        {
            if (Token(i) == fingerprint) return true;
        }

        return false;
    }

    /// <summary>How many heads two accounts have sent both, beside the prompts that they are sighted with.</summary>
    internal static int CommonHeads(in SightingRow one, in SightingRow other)
    {
        var common = 0;
        foreach (var head in one.Heads)
        {
            foreach (var theirs in other.Heads) common += head == theirs ? 1 : 0;
        }

        return common;
    }

    /// <summary>The fixed order of what two accounts sent at one moment.</summary>
    internal static int ComparePrompts(in SightingRow one, in SightingRow other) => ((ReadOnlySpan<ulong>)one._sketch).SequenceCompareTo(other._sketch);

    /// <summary>The same with more traits.</summary>
    internal readonly SightingRow With(SightingTraits traits)
    {
        var row = this;
        row.Traits |= traits;
        return row;
    }

    /// <summary>Bytes of the stored form, with so many of its tokens.</summary>
    internal readonly int SizeWith(int tokens)
    {
        var size = AccountId.StoredSize + 8 + 8 + 8 + 1 + 1 + 1 + 1 + 1 + ((_headCount + _momentCount) * 3);
        foreach (var value in _values) size += value != 0 ? 16 : 0;
        for (var i = 0; i < tokens; i++) size += _sketch[i] != 0 ? 8 : 0;
        return size;
    }

    internal readonly void Write(StateWriter writer, int tokens = TemplateSketch.Length)
    {
        writer.Account(Account);
        writer.Int64(Time);
        writer.Int64(SignupAt);
        writer.UInt64(Organization);
        writer.Byte(KeyId);
        writer.Byte((byte)Traits);
        byte values = 0, sketch = 0;
        for (var i = 0; i < Sighting.ValueCount + Sighting.EarlierCount; i++) values |= _values[i] != 0 ? (byte)(1 << i) : (byte)0;
        for (var i = 0; i < tokens; i++) sketch |= _sketch[i] != 0 ? (byte)(1 << i) : (byte)0;
        writer.Byte(values);
        writer.Byte(sketch);
        writer.Byte((byte)(_headCount | (_momentCount << 4)));
        foreach (var value in _values)
        {
            if (value != 0) writer.UInt128(value);
        }

        for (var i = 0; i < tokens; i++)
        {
            if (_sketch[i] != 0) writer.UInt64(_sketch[i]);
        }

        foreach (var head in Heads) writer.UInt24(head);
        foreach (var moment in Marks) writer.UInt24(moment);
    }

    internal static SightingRow Read(ref StateReader reader)
    {
        var row = ReadStart(ref reader);
        row.Traits = (SightingTraits)reader.Byte();
        byte present = reader.Byte(), sketched = reader.Byte(), headed = reader.Byte();
        for (var i = 0; i < Sighting.ValueCount + Sighting.EarlierCount; i++) row._values[i] = (present & (1 << i)) != 0 ? reader.UInt128() : 0;
        for (var i = 0; i < TemplateSketch.Length; i++) row._sketch[i] = (sketched & (1 << i)) != 0 ? reader.UInt64() : 0;
        row._headCount = (byte)Math.Min(headed & 15, Sighting.HeadLimit);
        row._momentCount = (byte)Math.Min(headed >> 4, Accounts.Moments.Count);
        for (var i = 0; i < row._headCount; i++) row._heads[i] = reader.UInt24();
        for (var i = 0; i < row._momentCount; i++) row._moments[i] = reader.UInt24();
        return row;
    }

    /// <summary>Reads the form of schema 1, which had everything at its place and no trail.</summary>
    internal static SightingRow ReadFirst(ref StateReader reader)
    {
        var row = ReadStart(ref reader);
        for (var i = 0; i < Sighting.ValueCount; i++) row._values[i] = reader.UInt128();
        for (var i = 0; i < TemplateSketch.Length; i++) row._sketch[i] = reader.UInt64();
        return row;
    }

    private static SightingRow ReadStart(ref StateReader reader) => new()
    {
        Account = reader.Account(),
        Time = reader.Int64(),
        SignupAt = reader.Int64(),
        Organization = reader.UInt64(),
        KeyId = reader.Byte(),
    };

    private static SightingTraits TraitsOf(in Trail trail) => trail.NetworkCount switch
    {
        2 => SightingTraits.Roams,
        Trail.AddressCount => SightingTraits.Roams | SightingTraits.Hops,
        _ => SightingTraits.None,
    };

    private void FillHeads(in Trail trail)
    {
        _headCount = 0;
        var current = _sketch[0] == 0 ? 0 : Trail.MarkOf(_sketch[0]);
        for (var i = 0; i < Sighting.HeadLimit; i++)
        {
            if (trail.Head(i) != 0 && trail.Head(i) != current) _heads[_headCount++] = trail.Head(i);
        }
    }
}
