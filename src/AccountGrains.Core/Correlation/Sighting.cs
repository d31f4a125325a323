using AccountGrains.Core.Accounts;
using AccountGrains.Core.Door;
using AccountGrains.Core.Sketches;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Correlation;

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

    private readonly SightingRow _row;
    private volatile bool _isMasked;
    private int _sampleSize;
    private MomentMask _mask;

    internal Sighting(in SightingRow row) => _row = row;

    private Sighting(in AccountInput input, AccountState state, SightingTraits traits) => _row.Fill(input, state, traits);

    private Sighting(in AccountInput input, long signupAt, ulong organization, UInt128 knownPayment, in Trail trail, SightingTraits traits, in Moments moments) =>
        _row.Fill(input, signupAt, organization, knownPayment, trail, traits, moments);

    /// <summary>Its values.</summary>
    public ref readonly SightingRow Row => ref _row;

    /// <inheritdoc cref="SightingRow.Account"/>
    public AccountId Account => _row.Account;

    /// <inheritdoc cref="SightingRow.Time"/>
    public long Time => _row.Time;

    /// <inheritdoc cref="SightingRow.SignupAt"/>
    public long SignupAt => _row.SignupAt;

    /// <inheritdoc cref="SightingRow.Organization"/>
    public ulong Organization => _row.Organization;

    /// <inheritdoc cref="SightingRow.KeyId"/>
    public byte KeyId => _row.KeyId;

    /// <inheritdoc cref="SightingRow.Sketch"/>
    public TemplateSketch Sketch => _row.Sketch;

    /// <inheritdoc cref="SightingRow.Traits"/>
    public SightingTraits Traits => _row.Traits;

    /// <inheritdoc cref="SightingRow.OtherHeads"/>
    public int OtherHeads => _row.OtherHeads;

    /// <inheritdoc cref="SightingRow.Moments"/>
    public int Moments => _row.Moments;

    /// <summary>Everything that it shows; none where there is nothing at a position.</summary>
    public IEnumerable<Fingerprint> Shown => Enumerable.Range(0, ValueCount).Select(Value).Concat(Enumerable.Range(0, TemplateSketch.Length).Select(Token));

    /// <summary>Its last moments as bits; made when they are first asked for, and the same whoever makes them.</summary>
    internal MomentMask Mask
    {
        get
        {
            if (_isMasked) return _mask;
            _mask = SharedMoments.MaskOf(_row);
            _isMasked = true;
            return _mask;
        }
    }

    /// <summary>Bytes of the stored form, with the tokens that a sample keeps; asked for at each report, and so counted once.</summary>
    internal int SampleSize => _sampleSize != 0 ? _sampleSize : _sampleSize = _row.SizeWith(SampleTokens);

    /// <inheritdoc cref="SightingRow.KindAt"/>
    public static FingerprintKind KindAt(int index) => SightingRow.KindAt(index);

    /// <summary>The fingerprint of the template token at a position: the keyed 64 bits, widened to the size of an id, with the token's class in it.</summary>
    public static Fingerprint TokenOf(ulong token, int position, byte keyId) => token == 0 ? default
        : new Fingerprint(FingerprintKind.Template, keyId, new UInt128((Mixing.Mix64(token) & ~3UL) | (uint)TemplateSketch.ClassOf(position), token));

    /// <summary>The class of a template token's fingerprint: 0 head, 1 tail, 2 body.</summary>
    public static int ClassOf(Fingerprint token) => (int)(ulong)(token.Value >> 64) & 3;

    /// <summary>What an observation shows; a payment instrument known from before stands where this observation has none.</summary>
    public static Sighting Of(in AccountInput input, long signupAt, ulong organization, UInt128 knownPayment, in Trail trail = default, SightingTraits traits = SightingTraits.None, in Moments moments = default) =>
        new(input, signupAt, organization, knownPayment, trail, traits, moments);

    /// <summary>What an account shows with an observation.</summary>
    internal static Sighting Of(in AccountInput input, AccountState state, SightingTraits traits) => new(input, state, traits);

    /// <inheritdoc cref="SightingRow.Value"/>
    public Fingerprint Value(int index) => _row.Value(index);

    /// <inheritdoc cref="SightingRow.Earlier"/>
    public Fingerprint Earlier(int index) => _row.Earlier(index);

    /// <inheritdoc cref="SightingRow.OtherHead"/>
    public uint OtherHead(int index) => _row.OtherHead(index);

    /// <inheritdoc cref="SightingRow.Moment"/>
    public long Moment(int index) => _row.Moment(index);

    /// <inheritdoc cref="SightingRow.Token"/>
    public Fingerprint Token(int position) => _row.Token(position);

    /// <inheritdoc cref="SightingRow.Is"/>
    public bool Is(SightingTraits trait) => _row.Is(trait);

    /// <inheritdoc cref="SightingRow.Shows"/>
    public bool Shows(Fingerprint fingerprint) => _row.Shows(fingerprint);

    /// <summary>The same with more traits.</summary>
    internal Sighting With(SightingTraits traits) => (Traits | traits) == Traits ? this : new Sighting(_row.With(traits));

    internal void Write(StateWriter writer) => _row.Write(writer);

    internal static Sighting Read(ref StateReader reader) => new(SightingRow.Read(ref reader));
}
