using AccountGrains.Core.Correlation;

namespace AccountGrains.Core.Epochs;

/// <summary>An account's report of one fingerprint, as it waits for the end of its epoch: what else the account showed lies elsewhere, once for all of its reports.</summary>
public readonly record struct BatchReport
{
    private readonly SightingRows _rows;
    private readonly ushort _place;

    /// <summary>A report.</summary>
    /// <param name="fingerprint">Of which fingerprint.</param>
    /// <param name="sighting">What else the account showed.</param>
    /// <param name="bans">As in <see cref="Report"/>.</param>
    public BatchReport(Fingerprint fingerprint, SightingPlace sighting, sbyte bans)
    {
        Fingerprint = fingerprint;
        (_rows, _place) = sighting;
        Mark = FirstSeenTable.Mark(sighting.Row.Account);
        Bans = bans;
    }

    /// <summary>Which fingerprint.</summary>
    public Fingerprint Fingerprint { get; }

    /// <summary>What stands for the account in the first-seen table.</summary>
    public uint Mark { get; }

    /// <summary>1 when it reports because it was banned, −1 because a ban was lifted, else 0.</summary>
    public sbyte Bans { get; }

    /// <summary>Where what else it showed lies.</summary>
    public SightingPlace Sighting => new(_rows, _place);

    /// <summary>What else it showed.</summary>
    public ref readonly SightingRow Row => ref _rows[_place];

    /// <summary>The report as it goes to its fingerprint, which may keep what it says.</summary>
    public Report Report => new(Sighting.Sighting, Bans);

    /// <summary>A report whose sighting is an object already.</summary>
    public static BatchReport Of(Fingerprint fingerprint, Report report) => new(fingerprint, SightingRows.Of(report.Sighting), report.Bans);

    /// <summary>The same report of a sighting that lies elsewhere.</summary>
    internal BatchReport At(SightingPlace sighting) => new(Fingerprint, sighting, Bans);
}
