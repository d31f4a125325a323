using AccountGrains.Core.Door;
using AccountGrains.Core.Sketches;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Correlation;

/// <summary>What an account showed in one observation, as fingerprints and campaigns see it. Immutable and shared by all that keep it.</summary>
public sealed class Sighting
{
    /// <summary>The number of values beside the sketch.</summary>
    public const int ValueCount = 6;

    /// <summary>The size of the stored form in bytes.</summary>
    public const int StoredSize = 17 + 8 + 8 + 8 + 1 + (ValueCount * 16) + (TemplateSketch.Length * 8);

    private static readonly FingerprintKind[] Kinds =
    [
        FingerprintKind.Ip, FingerprintKind.Prefix, FingerprintKind.Ja4, FingerprintKind.UserAgent, FingerprintKind.Payment, FingerprintKind.Device,
    ];

    private readonly UInt128[] _values;

    private Sighting(UInt128[] values) => _values = values;

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

    /// <summary>The value at a position; none where the account did not show it.</summary>
    public Fingerprint Value(int index) => _values[index] == 0 ? default : new Fingerprint(Kinds[index], KeyId, _values[index]);

    /// <summary>The kind of the value at a position.</summary>
    public static FingerprintKind KindAt(int index) => Kinds[index];

    /// <summary>The fingerprint of the template token at a position; none where the sketch has none.</summary>
    public Fingerprint Token(int position) => TokenOf(Sketch[position], position, KeyId);

    /// <summary>Everything that it shows; none where there is nothing at a position.</summary>
    public IEnumerable<Fingerprint> Shown => Enumerable.Range(0, ValueCount).Select(Value).Concat(Enumerable.Range(0, TemplateSketch.Length).Select(Token));

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
    public static Sighting Of(in AccountInput input, long signupAt, ulong organization, UInt128 knownPayment) =>
        new([input.Ip, input.Prefix, input.Ja4, input.UserAgent, input.Payment == 0 ? knownPayment : input.Payment, input.Device])
        {
            Account = input.Account,
            Time = input.Time,
            SignupAt = signupAt,
            Organization = organization,
            KeyId = input.KeyId,
            Sketch = input.Sketch,
        };

    internal void Write(StateWriter writer)
    {
        writer.Account(Account);
        writer.Int64(Time);
        writer.Int64(SignupAt);
        writer.UInt64(Organization);
        writer.Byte(KeyId);
        foreach (var value in _values) writer.UInt128(value);
        for (var i = 0; i < TemplateSketch.Length; i++) writer.UInt64(Sketch[i]);
    }

    internal static Sighting Read(ref StateReader reader)
    {
        var account = reader.Account();
        long time = reader.Int64(), signupAt = reader.Int64();
        var organization = reader.UInt64();
        var keyId = reader.Byte();
        var values = new UInt128[ValueCount];
        for (var i = 0; i < ValueCount; i++) values[i] = reader.UInt128();
        var sketch = new TemplateSketch();
        for (var i = 0; i < TemplateSketch.Length; i++) sketch[i] = reader.UInt64();
        return new Sighting(values)
        {
            Account = account,
            Time = time,
            SignupAt = signupAt,
            Organization = organization,
            KeyId = keyId,
            Sketch = sketch,
        };
    }
}
