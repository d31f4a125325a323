using System.Numerics;
using AccountGrains.Core.Policies;
using AccountGrains.Core.Sketches;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Correlation;

/// <summary>One account's report that it shows a fingerprint.</summary>
/// <param name="Sighting">What else it showed at that moment.</param>
/// <param name="Bans">1 when it reports because it was banned, −1 because a ban was lifted, else 0.</param>
public readonly record struct Report(Sighting Sighting, sbyte Bans);

/// <summary>Tells an account that a fingerprint it shows is shared by others more than chance allows.</summary>
/// <param name="Account">To whom.</param>
/// <param name="Fingerprint">What is shared.</param>
/// <param name="Seen">By how many accounts when it was told; it only grows, so a notice that arrives twice or late changes nothing.</param>
/// <param name="Expected">By how many it would be by chance.</param>
/// <param name="Weight">What that is worth, in nats.</param>
public readonly record struct LinkNotice(AccountId Account, Fingerprint Fingerprint, int Seen, float Expected, float Weight)
{
    internal void Write(StateWriter writer)
    {
        writer.Account(Account);
        writer.Fingerprint(Fingerprint);
        writer.Int32(Seen);
        writer.Single(Expected);
        writer.Single(Weight);
    }

    internal static LinkNotice Read(ref StateReader reader) => new(reader.Account(), reader.Fingerprint(), reader.Int32(), reader.Single(), reader.Single());
}

/// <summary>What reports did to a fingerprint.</summary>
/// <param name="Accounts">How many accounts show it now.</param>
/// <param name="Sample">Sightings to test as a cohort; null when no test is due.</param>
/// <param name="Notices">Links to tell accounts about; null when there are none.</param>
/// <param name="Generic">True for a phrase that is part of many templates, which is evidence of nothing.</param>
public readonly record struct FingerprintOutcome(int Accounts, Sighting[]? Sample, LinkNotice[]? Notices, bool Generic)
{
    /// <summary>Accounts that few others have anything to do with; null when there are none.</summary>
    public Proposal[]? Pairs { get; init; }
}

/// <summary>A fingerprint's state: how many accounts show it over time, a bounded sample of them, and when it was last tested. At most 4,096 bytes stored.</summary>
public sealed class FingerprintState(Fingerprint fingerprint)
{
    /// <summary>The schema of the stored form.</summary>
    public const byte Schema = 4;

    /// <summary>How many sightings a template token keeps at most; fewer, when they are large.</summary>
    public const int SampleSize = 24;

    private const int SampleBytes = 3_880;

    private const int SmallestRepeating = 6;

    /// <summary>How many of the most recent accounts any other fingerprint keeps.</summary>
    public const int RecentSize = 64;

    private const int TokenRegisters = 128;
    private const int ValueRegisters = 2048;
    private const double RetestGrowth = 1.125;
    private readonly SightingSample _sample = new(fingerprint, SampleSize, SampleBytes);
    private readonly List<AccountId> _recent = [];

    // How many of the recent accounts, from the oldest on, were told since they last reported.
    private int _told;
    private DistinctSketch _accounts = new(RegistersOf(fingerprint.Kind));

    /// <summary>Which fingerprint.</summary>
    public Fingerprint Fingerprint { get; } = fingerprint;

    /// <summary>How many distinct accounts have shown it: exact up to 32, then with a standard error of 9 % for a template token and 2.3 % for the rest.</summary>
    public int Accounts => (int)Math.Round(_accounts.Count);

    /// <summary>How many of them were banned.</summary>
    public int Banned { get; private set; }

    /// <summary>When it was first reported, in milliseconds since 1970; 0 before that.</summary>
    public long FirstSeen { get; private set; }

    /// <summary>When it was last reported.</summary>
    public long LastSeen { get; private set; }

    /// <summary>Decayed number of new accounts, with the policy's half-life (one hour), as of <see cref="LastSeen"/>: a burst of new accounts stands out here.</summary>
    public double NewPerHour { get; private set; }

    /// <summary>The number of accounts at the last cohort test.</summary>
    public int TestedAt { get; private set; }

    /// <summary>How many accounts of the sample repeated it at the last test.</summary>
    public int RepeatingAt { get; private set; }

    /// <summary>True for a phrase that is part of many templates, as of the last test.</summary>
    public bool Generic { get; private set; }

    /// <summary>The number of accounts when it was last looked whether there is something to tell, 0 when that is to be told anew.</summary>
    public int NotifiedAt { get; private set; }

    /// <summary>The most recent accounts, oldest first.</summary>
    public IEnumerable<AccountId> Recent => Fingerprint.Kind == FingerprintKind.Template ? _sample.All.Select(s => s.Account) : _recent;

    /// <summary>The relative standard error of a count of accounts.</summary>
    public static double StandardErrorOf(FingerprintKind kind, int accounts) => accounts <= DistinctSketch.ExactLimit ? 0 : 1.04 / Math.Sqrt(RegistersOf(kind));

    /// <summary>Starts from the accounts that the first-seen table kept.</summary>
    public void Seed(ReadOnlySpan<uint> earlier)
    {
        foreach (var mark in earlier) _accounts.Add(mark);
    }

    /// <summary>Takes the reports of one epoch, in the fixed order of accounts.</summary>
    public FingerprintOutcome Observe(IReadOnlyList<Report> reports, PopulationView population, Policy policy)
    {
        var isTemplate = Fingerprint.Kind == FingerprintKind.Template;
        var pairs = isTemplate ? PairTest.Find(Fingerprint, _sample, reports, policy) : PairTest.Of(Fingerprint, reports, policy);
        var before = LastSeen;
        foreach (var report in reports) Add(report, before, policy);
        var sample = TestDue() ? _sample.ByAccount() : null;
        if (sample is not null)
        {
            TestedAt = Accounts;
            RepeatingAt = _sample.Repeating;
            Generic = !CohortTest.HasContext(Fingerprint, sample);
        }

        if (!isTemplate && (Accounts < 2 || (Fingerprint.Kind == FingerprintKind.Device && Accounts > policy.PairHolders))) pairs = null;
        return new FingerprintOutcome(Accounts, Generic ? null : sample, Notices(population, policy), Generic) { Pairs = pairs };
    }

    /// <summary>What sharing this fingerprint is worth in a population, in nats.</summary>
    public double WeightIn(PopulationView population, Policy policy) =>
        Likelihood.SharingWeight(Accounts, policy.PopulationFor(Fingerprint.Kind, Math.Max(population.Active, Accounts)), policy.SharingChance);

    /// <summary>Writes the stored form.</summary>
    public void Write(StateWriter writer)
    {
        writer.Byte(Schema);
        writer.Fingerprint(Fingerprint);
        writer.Int64(FirstSeen);
        writer.Int64(LastSeen);
        writer.Double(NewPerHour);
        writer.Int32(Banned);
        writer.Int32(TestedAt);
        writer.Int32(NotifiedAt);
        writer.Bool(Generic);
        writer.Byte((byte)RepeatingAt);
        _accounts.Write(writer);
        writer.Byte((byte)_sample.Count);
        foreach (var sighting in _sample.All) sighting.Row.Write(writer, Sighting.SampleTokens);
        writer.Byte((byte)_recent.Count);
        foreach (var account in _recent) writer.Account(account);
        writer.Byte((byte)_told);
    }

    /// <summary>Reads the stored form; throws <see cref="InvalidDataException"/> when it is none.</summary>
    public static FingerprintState Read(ReadOnlySpan<byte> stored)
    {
        var reader = new StateReader(stored);
        var schema = reader.Byte();
        if (schema is 0 or > Schema) throw new InvalidDataException($"A fingerprint of schema {schema} cannot be read.");
        var state = new FingerprintState(reader.Fingerprint())
        {
            FirstSeen = reader.Int64(),
            LastSeen = reader.Int64(),
            NewPerHour = reader.Double(),
            Banned = reader.Int32(),
            TestedAt = reader.Int32(),
            NotifiedAt = reader.Int32(),
            Generic = reader.Bool(),
            RepeatingAt = schema == 1 ? 0 : reader.Byte(),
            _accounts = DistinctSketch.Read(ref reader),
        };
        for (int i = 0, count = reader.Byte(); i < count; i++) state._sample.Restore(new Sighting(schema == 1 ? SightingRow.ReadFirst(ref reader) : SightingRow.Read(ref reader)));
        for (int i = 0, count = reader.Byte(); i < count; i++) state._recent.Add(reader.Account());
        if (schema > 3) state._told = Math.Min((int)reader.Byte(), state._recent.Count);
        state._sample.Trim();
        return state;
    }

    private static int RegistersOf(FingerprintKind kind) => kind == FingerprintKind.Template ? TokenRegisters : ValueRegisters;

    private void Add(in Report report, long before, Policy policy)
    {
        var sighting = report.Sighting;
        var isNew = _accounts.Add(FirstSeenTable.Mark(sighting.Account));
        if (FirstSeen == 0) FirstSeen = sighting.Time;
        var age = Math.Max(0, sighting.Time - LastSeen);
        NewPerHour = (NewPerHour * Math.Pow(2, -age / (double)policy.BurstHalfLife)) + (isNew ? 1 : 0);
        LastSeen = Math.Max(LastSeen, sighting.Time);
        Banned = Math.Max(0, Banned + report.Bans);
        if (Fingerprint.Kind == FingerprintKind.Template) _sample.Add(sighting);
        else Remember(sighting.Account, isAgain: sighting.Time <= before);
    }

    /// <summary>
    /// Who was told and reports something that is no news may say again what was not acknowledged: then what was told was not heard either, and goes to all once more.
    /// </summary>
    private void Remember(AccountId account, bool isAgain)
    {
        var place = _recent.IndexOf(account);
        if (isAgain && place >= 0 && place < _told) (_told, NotifiedAt) = (0, 0);
        if (place < 0 && _recent.Count == RecentSize) place = 0;
        if (place >= 0)
        {
            _recent.RemoveAt(place);
            if (place < _told) _told--;
        }

        _recent.Add(account);
    }

    private bool TestDue() => Fingerprint.Kind == FingerprintKind.Template && Accounts >= 4 && _sample.Count >= 4
        && (Accounts >= RetestGrowth * TestedAt || (_sample.Repeating >= SmallestRepeating && _sample.Repeating >= 1.25 * RepeatingAt));

    /// <summary>
    /// When the number has grown by an eighth, those are told who reported since the last time, and all when it passes a power of two: to tell all each time would be 64 messages for a few
    /// new accounts. What was handed out to one account is evidence as long as few have it, so there each number counts. Who was told of a link is told once when it is none any more.
    /// </summary>
    private LinkNotice[]? Notices(PopulationView population, Policy policy)
    {
        if (Fingerprint.Kind is FingerprintKind.Template or FingerprintKind.Ja4 or FingerprintKind.UserAgent || Accounts < 2 || Accounts < RetestGrowth * NotifiedAt) return null;
        var weight = WeightIn(population, policy);
        var isLink = weight >= policy.LinkWeight;
        var all = isLink && (Fingerprint.Kind == FingerprintKind.Artefact || BitOperations.Log2((uint)Accounts) > BitOperations.Log2((uint)NotifiedAt));
        var concerned = isLink ? _recent.Skip(all ? 0 : _told) : _recent.Take(_told);
        if (isLink || _told > 0) NotifiedAt = Accounts;
        var expected = (float)(Accounts / policy.PopulationFor(Fingerprint.Kind, Math.Max(1, population.Active)));
        LinkNotice[] notices = [.. concerned.Order().Select(account => new LinkNotice(account, Fingerprint, Accounts, expected, (float)weight))];
        _told = isLink ? _recent.Count : 0;
        return notices.Length == 0 ? null : notices;
    }
}
