using System.Text;
using AccountGrains.Core.Sketches;

namespace AccountGrains.Core.Door;

/// <summary>
/// Holds the secret and turns what identifies anybody into ids that say nothing without it. Remembers the ids of the values seen
/// more than once lately, up to a number of them. Any number of threads may use one ring.
/// </summary>
public sealed class KeyRing
{
    /// <summary>How many values a ring remembers unless told otherwise.</summary>
    public const int DefaultCachedValues = 65_536;

    // A kind of its own in the table of warm values; in a hash it is the account key that keeps accounts apart.
    private const byte AccountKind = 0;

    private readonly byte[] _accountSecret;
    private readonly int _cachedValues;
    private readonly KeyedHasher _accounts;
    private readonly KeyedHasher _fingerprints;
    private readonly SipKey _requests;
    private readonly SipKey _organizations;
    private readonly WarmTable _warm;

    /// <summary>A ring of one secret of at least 16 bytes. The key's id, 1..255, becomes part of every id made with it.</summary>
    public KeyRing(byte[] secret, byte keyId = 1, int cachedValues = DefaultCachedValues)
        : this(secret, keyId, secret, keyId, cachedValues)
    {
    }

    private KeyRing(byte[] accountSecret, byte accountKeyId, byte[] secret, byte keyId, int cachedValues)
    {
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentOutOfRangeException.ThrowIfLessThan(secret.Length, DerivedKeys.MinSecretBytes, nameof(secret));
        ArgumentOutOfRangeException.ThrowIfZero(keyId);

        _accountSecret = [.. accountSecret];
        _cachedValues = cachedValues;
        AccountKeyId = accountKeyId;
        KeyId = keyId;
        _accounts = new KeyedHasher(DerivedKeys.Bytes(accountSecret, "accounts", 32));
        _fingerprints = new KeyedHasher(DerivedKeys.Bytes(secret, "fingerprints", 32));
        _requests = DerivedKeys.Sip(secret, "requests");
        _organizations = DerivedKeys.Sip(secret, "organizations");
        SketchKey = DerivedKeys.Sip(secret, "sketches");
        WarmKey = DerivedKeys.Sip(secret, "warm");
        _warm = new WarmTable(WarmKey, cachedValues);
        CheckValue = $"k{accountKeyId}:{Check(accountSecret)}" + (ReferenceEquals(secret, accountSecret) ? "" : $",k{keyId}:{Check(secret)}");
    }

    /// <summary>The id of the key of fingerprints, 1..255.</summary>
    public byte KeyId { get; }

    /// <summary>The id of the key of accounts: that of the first secret.</summary>
    public byte AccountKeyId { get; }

    /// <summary>The key of prompt sketches.</summary>
    public SipKey SketchKey { get; }

    /// <summary>A short value that tells rings of other secrets apart and may be stored and shown.</summary>
    public string CheckValue { get; }

    /// <summary>The key of tables of raw values.</summary>
    internal SipKey WarmKey { get; }

    /// <summary>A ring whose fingerprints, sketches, requests and organizations are under a new secret; accounts stay under the first.</summary>
    public KeyRing Rotate(byte[] secret, byte keyId)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(keyId, AccountKeyId);
        ArgumentOutOfRangeException.ThrowIfEqual(keyId, KeyId);
        return new KeyRing(_accountSecret, AccountKeyId, secret, keyId, _cachedValues);
    }

    /// <summary>The id of an account.</summary>
    public AccountId Account(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Account(Encoding.UTF8.GetBytes(name), out _);
    }

    /// <summary>The fingerprint of a value that is normalised already.</summary>
    public Fingerprint Fingerprint(FingerprintKind kind, ReadOnlySpan<byte> normalised) =>
        new(kind, KeyId, _fingerprints.Id((byte)kind, normalised));

    /// <summary>The fingerprint of a raw value, as an observation or a URL carries it; false when it is none of its kind, or never evidence.</summary>
    public bool TryFingerprint(FingerprintKind kind, ReadOnlySpan<char> raw, out Fingerprint fingerprint)
    {
        fingerprint = default;
        Span<byte> utf8 = stackalloc byte[FingerprintValue.MaxBytes];
        Span<byte> normalised = stackalloc byte[FingerprintValue.MaxBytes];
        if (!Encoding.UTF8.TryGetBytes(raw, utf8, out var length)) return false;
        if (!FingerprintValue.TryNormalise(kind, utf8[..length], normalised, out var written)) return false;
        fingerprint = Fingerprint(kind, normalised[..written]);
        return true;
    }

    /// <summary>The keyed hash of a request id in UTF-8, never 0.</summary>
    public ulong Request(ReadOnlySpan<byte> utf8Id) => Math.Max(1, SipHash.Hash(_requests, utf8Id));

    /// <summary>The keyed hash of a declared organization in UTF-8, never 0.</summary>
    public ulong Organization(ReadOnlySpan<byte> utf8Name) => Math.Max(1, SipHash.Hash(_organizations, utf8Name));

    /// <summary>The id of an account by its name in UTF-8, with the name: as a string when it was seen more than once lately.</summary>
    internal AccountId Account(ReadOnlySpan<byte> utf8Name, out AccountName name)
    {
        var warm = _warm.Find(AccountKind, utf8Name, out var tag);
        if (warm is null)
        {
            var id = _accounts.Id(AccountKind, utf8Name);
            name = new AccountName(utf8Name);
            if (_warm.IsWorthKeeping(tag))
            {
                name = new AccountName(name.ToString());
                _warm.Add(tag, new WarmValue(AccountKind, utf8Name.ToArray(), id, default, name.ToString()));
            }

            return new AccountId(AccountKeyId, id);
        }

        name = new AccountName(warm.Text!);
        return new AccountId(AccountKeyId, warm.First);
    }

    /// <summary>The id of a raw value in UTF-8, 0 when it is never evidence; false when it is none of its kind. An address gives its prefix too.</summary>
    internal bool TryValue(FingerprintKind kind, ReadOnlySpan<byte> raw, out UInt128 id, out UInt128 prefix)
    {
        var warm = _warm.Find((byte)kind, raw, out var tag);
        if (warm is null)
        {
            Span<byte> normalised = stackalloc byte[FingerprintValue.MaxBytes];
            var isValue = FingerprintValue.TryNormalise(kind, raw, normalised, out var written);
            id = isValue ? _fingerprints.Id((byte)kind, normalised[..written]) : default;
            prefix = isValue && kind == FingerprintKind.Ip
                ? _fingerprints.Id((byte)FingerprintKind.Prefix, NetworkAddress.PrefixOf(normalised[..written])) : default;
            if (!isValue && kind != FingerprintKind.Email) return false;

            if (_warm.IsWorthKeeping(tag)) _warm.Add(tag, new WarmValue((byte)kind, raw.ToArray(), id, prefix, null));
            return true;
        }

        (id, prefix) = (warm.First, warm.Second);
        return true;
    }

    private static string Check(byte[] secret) => Convert.ToHexStringLower(DerivedKeys.Bytes(secret, "check", 8));
}
