using AccountGrains.Core.Accounts;
using AccountGrains.Core.Door;
using AccountGrains.Core.Sketches;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Correlation;

/// <summary>What is true of an account when it is sighted, as flags that are stored and never change.</summary>
[Flags]
public enum SightingTraits : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Its last addresses are from at least two networks.</summary>
    Roams = 1,

    /// <summary>Its last three addresses are from three networks.</summary>
    Hops = 2,

    /// <summary>The head of this prompt came before, within its last few prompts.</summary>
    Repeats = 4,

    /// <summary>All that it asked for was refused.</summary>
    Fails = 8,

    /// <summary>It sent the same as another account within a minute of it, again and again.</summary>
    Paired = 16,
}

/// <summary>What an account showed in one observation, as fingerprints and campaigns see it. Immutable and shared by all that keep it.</summary>
public sealed class Sighting
{
    /// <summary>The number of values beside the sketch.</summary>
    public const int ValueCount = 6;

    /// <summary>Earlier addresses that it tells.</summary>
    public const int EarlierCount = Trail.AddressCount - 1;

    /// <summary>Other prompts' heads that it tells.</summary>
    public const int HeadLimit = Trail.HeadCount;

    /// <summary>The tokens that a sample keeps: head, tail and the first of the body.</summary>
    internal const int SampleTokens = 5;

    private static readonly FingerprintKind[] Kinds =
    [
        FingerprintKind.Ip, FingerprintKind.Prefix, FingerprintKind.Ja4, FingerprintKind.UserAgent, FingerprintKind.Payment, FingerprintKind.Device,
    ];

    private readonly UInt128[] _values;
    private readonly uint[] _heads;
    private readonly uint[] _moments;
    private int _sampleSize;

    private Sighting(UInt128[] values, uint[] heads, uint[] moments)
    {
        _values = values;
        _heads = heads;
        _moments = moments;
    }

    /// <summary>Whose.</summary>
    public required AccountId Account { get; init; }

    /// <summary>When, in milliseconds since 1970.</summary>
    public required long Time { get; init; }

    /// <summary>When the account was opened, 0 when that was not seen.</summary>
    public required long SignupAt { get; init; }

    /// <summary>The declared organization's token, 0 for none.</summary>
    public required ulong Organization { get; init; }

    /// <summary>Which key made the values.</summary>
    public required byte KeyId { get; init; }

    /// <summary>The prompt's tokens.</summary>
    public required TemplateSketch Sketch { get; init; }

    /// <summary>What else is true of the account.</summary>
    public SightingTraits Traits { get; init; }

    /// <summary>How many heads of other prompts it tells.</summary>
    public int OtherHeads => _heads.Length;

    /// <summary>The value at a position; none where the account did not show it.</summary>
    public Fingerprint Value(int index) => _values[index] == 0 ? default : new Fingerprint(Kinds[index], KeyId, _values[index]);

    /// <summary>An address before this one; none where there is none.</summary>
    public Fingerprint Earlier(int index) => _values[ValueCount + index] == 0 ? default : new Fingerprint(FingerprintKind.Ip, KeyId, _values[ValueCount + index]);

    /// <summary>The mark of the head of another prompt, sent not long before.</summary>
    public uint OtherHead(int index) => _heads[index];

    /// <summary>How many of the account's last moments it tells.</summary>
    public int Moments => _moments.Length;

    /// <summary>The bucket of ten seconds of one of its last moments, the latest first.</summary>
    public long Moment(int index) => Accounts.Moments.BucketOf(_moments[index], Time);

    /// <summary>The kind of the value at a position.</summary>
    public static FingerprintKind KindAt(int index) => Kinds[index];

    /// <summary>The fingerprint of the template token at a position; none where the sketch has none.</summary>
    public Fingerprint Token(int position) => TokenOf(Sketch[position], position, KeyId);

    /// <summary>Everything that it shows; none where there is nothing at a position.</summary>
    public IEnumerable<Fingerprint> Shown => Enumerable.Range(0, ValueCount).Select(Value).Concat(Enumerable.Range(0, TemplateSketch.Length).Select(Token));

    /// <summary>True when it has one of the traits.</summary>
    public bool Is(SightingTraits trait) => (Traits & trait) != 0;

    /// <summary>True when it shows a fingerprint.</summary>
    public bool Shows(Fingerprint fingerprint)
    {
        for (var i = 0; i < ValueCount; i++)
        {
            if (Value(i) == fingerprint) return true;
        }

        for (var i = 0; i < TemplateSketch.Length; i++)
        {
            if (Token(i) == fingerprint) return true;
        }

        return false;
    }

    /// <summary>The fingerprint of the template token at a position: the keyed 64 bits, widened to the size of an id, with the token's class in it.</summary>
    public static Fingerprint TokenOf(ulong token, int position, byte keyId) => token == 0 ? default
        : new Fingerprint(FingerprintKind.Template, keyId, new UInt128((Mixing.Mix64(token) & ~3UL) | (uint)TemplateSketch.ClassOf(position), token));

    /// <summary>The class of a template token's fingerprint: 0 head, 1 tail, 2 body.</summary>
    public static int ClassOf(Fingerprint token) => (int)(ulong)(token.Value >> 64) & 3;

    /// <summary>What an observation shows; a payment instrument known from before stands where this observation has none.</summary>
    public static Sighting Of(in AccountInput input, long signupAt, ulong organization, UInt128 knownPayment, Trail? trail = null, SightingTraits traits = SightingTraits.None, Moments? moments = null) =>
        new([input.Ip, input.Prefix, input.Ja4, input.UserAgent, input.Payment == 0 ? knownPayment : input.Payment, input.Device, trail?.Address(1) ?? 0, trail?.Address(2) ?? 0], HeadsOf(trail, input.Sketch[0]), MomentsOf(moments))
        {
            Account = input.Account,
            Time = input.Time,
            SignupAt = signupAt,
            Organization = organization,
            KeyId = input.KeyId,
            Sketch = input.Sketch,
            Traits = traits | TraitsOf(trail),
        };

    /// <summary>The same with more traits.</summary>
    internal Sighting With(SightingTraits traits) => (Traits | traits) == Traits ? this : new Sighting(_values, _heads, _moments)
    {
        Account = Account,
        Time = Time,
        SignupAt = SignupAt,
        Organization = Organization,
        KeyId = KeyId,
        Sketch = Sketch,
        Traits = Traits | traits,
    };

    /// <summary>Bytes of the stored form, with the tokens that a sample keeps; asked for at each report, and so counted once.</summary>
    internal int SampleSize => _sampleSize != 0 ? _sampleSize : _sampleSize = SizeWith(SampleTokens);

    /// <summary>Bytes of the stored form, with so many of its tokens.</summary>
    internal int SizeWith(int tokens)
    {
        var size = AccountId.StoredSize + 8 + 8 + 8 + 1 + 1 + 1 + 1 + 1 + ((_heads.Length + _moments.Length) * 3);
        foreach (var value in _values) size += value != 0 ? 16 : 0;
        for (var i = 0; i < tokens; i++) size += Sketch[i] != 0 ? 8 : 0;
        return size;
    }

    internal void Write(StateWriter writer) => Write(writer, TemplateSketch.Length);

    internal void Write(StateWriter writer, int tokens)
    {
        writer.Account(Account);
        writer.Int64(Time);
        writer.Int64(SignupAt);
        writer.UInt64(Organization);
        writer.Byte(KeyId);
        writer.Byte((byte)Traits);
        byte values = 0, sketch = 0;
        for (var i = 0; i < _values.Length; i++) values |= _values[i] != 0 ? (byte)(1 << i) : (byte)0;
        for (var i = 0; i < tokens; i++) sketch |= Sketch[i] != 0 ? (byte)(1 << i) : (byte)0;
        writer.Byte(values);
        writer.Byte(sketch);
        writer.Byte((byte)(_heads.Length | (_moments.Length << 4)));
        foreach (var value in _values)
        {
            if (value != 0) writer.UInt128(value);
        }

        for (var i = 0; i < tokens; i++)
        {
            if (Sketch[i] != 0) writer.UInt64(Sketch[i]);
        }

        foreach (var head in _heads) writer.UInt24(head);
        foreach (var moment in _moments) writer.UInt24(moment);
    }

    internal static Sighting Read(ref StateReader reader)
    {
        var account = reader.Account();
        long time = reader.Int64(), signupAt = reader.Int64();
        var organization = reader.UInt64();
        var keyId = reader.Byte();
        var traits = (SightingTraits)reader.Byte();
        byte present = reader.Byte(), sketched = reader.Byte(), headed = reader.Byte();
        var values = new UInt128[ValueCount + EarlierCount];
        for (var i = 0; i < values.Length; i++) values[i] = (present & (1 << i)) != 0 ? reader.UInt128() : 0;
        var sketch = new TemplateSketch();
        for (var i = 0; i < TemplateSketch.Length; i++) sketch[i] = (sketched & (1 << i)) != 0 ? reader.UInt64() : 0;
        var heads = new uint[Math.Min(headed & 15, HeadLimit)];
        for (var i = 0; i < heads.Length; i++) heads[i] = reader.UInt24();
        var moments = new uint[Math.Min(headed >> 4, Accounts.Moments.Count)];
        for (var i = 0; i < moments.Length; i++) moments[i] = reader.UInt24();
        return new Sighting(values, heads, moments)
        {
            Account = account,
            Time = time,
            SignupAt = signupAt,
            Organization = organization,
            KeyId = keyId,
            Sketch = sketch,
            Traits = traits,
        };
    }

    /// <summary>Reads the form of schema 1, which had everything at its place and no trail.</summary>
    internal static Sighting ReadFirst(ref StateReader reader)
    {
        var account = reader.Account();
        long time = reader.Int64(), signupAt = reader.Int64();
        var organization = reader.UInt64();
        var keyId = reader.Byte();
        var values = new UInt128[ValueCount + EarlierCount];
        for (var i = 0; i < ValueCount; i++) values[i] = reader.UInt128();
        var sketch = new TemplateSketch();
        for (var i = 0; i < TemplateSketch.Length; i++) sketch[i] = reader.UInt64();
        return new Sighting(values, [], [])
        {
            Account = account,
            Time = time,
            SignupAt = signupAt,
            Organization = organization,
            KeyId = keyId,
            Sketch = sketch,
        };
    }

    private static SightingTraits TraitsOf(Trail? trail) => trail?.NetworkCount switch
    {
        2 => SightingTraits.Roams,
        Trail.AddressCount => SightingTraits.Roams | SightingTraits.Hops,
        _ => SightingTraits.None,
    };

    private static uint[] MomentsOf(Moments? moments)
    {
        var count = 0;
        while (count < Accounts.Moments.Count && moments is not null && moments[count] != 0) count++;
        var marks = count == 0 ? [] : new uint[count];
        for (var i = 0; i < count; i++) marks[i] = moments![i];
        return marks;
    }

    private static uint[] HeadsOf(Trail? trail, ulong token)
    {
        if (trail is null) return [];
        var current = token == 0 ? 0 : Trail.MarkOf(token);
        var count = 0;
        for (var i = 0; i < HeadLimit; i++) count += trail.Head(i) != 0 && trail.Head(i) != current ? 1 : 0;
        if (count == 0) return [];
        var heads = new uint[count];
        for (var i = HeadLimit - 1; i >= 0; i--)
        {
            if (trail.Head(i) != 0 && trail.Head(i) != current) heads[--count] = trail.Head(i);
        }

        return heads;
    }
}
