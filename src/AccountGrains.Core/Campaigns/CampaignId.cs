using System.Globalization;

namespace AccountGrains.Core.Campaigns;

/// <summary>A campaign's id, derived from its founding evidence and epoch, so that a replay finds the same one. 0 stands for none.</summary>
/// <param name="Value">The 64 bits of it.</param>
public readonly record struct CampaignId(ulong Value) : IComparable<CampaignId>
{
    /// <summary>True when this is no campaign.</summary>
    public bool IsNone => Value == 0;

    /// <summary>The id of a campaign founded on a fingerprint at the end of an epoch.</summary>
    public static CampaignId Found(Fingerprint evidence, AccountId first, long epochEnd) =>
        new(Mixing.Join(Mixing.Join(evidence.Token, first.Token), (ulong)epochEnd) | 1);

    /// <summary>The form that people see: <c>c_</c> and 16 hex digits.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"c_{Value:x16}");

    /// <summary>Reads the form that people see; false when it is none.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out CampaignId id)
    {
        id = default;
        if (text.Length != 18 || !text.StartsWith("c_", StringComparison.Ordinal)) return false;
        if (!ulong.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)) return false;
        id = new CampaignId(value);
        return value != 0;
    }

    /// <summary>The fixed order in which campaigns are worked on.</summary>
    public int CompareTo(CampaignId other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public static bool operator <(CampaignId left, CampaignId right) => left.CompareTo(right) < 0;

    /// <inheritdoc/>
    public static bool operator <=(CampaignId left, CampaignId right) => left.CompareTo(right) <= 0;

    /// <inheritdoc/>
    public static bool operator >(CampaignId left, CampaignId right) => left.CompareTo(right) > 0;

    /// <inheritdoc/>
    public static bool operator >=(CampaignId left, CampaignId right) => left.CompareTo(right) >= 0;
}
