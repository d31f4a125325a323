using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.States;
using AccountGrains.Core.Windows;

namespace AccountGrains.Core.Accounts;

/// <summary>
/// All that is known of one account: its rolling behaviour, what it reported, its verdict, and a case part where there is a case. The hot part is at
/// most 1,024 bytes stored, the case part at most 2,048.
/// </summary>
public sealed class AccountState(AccountId id)
{
    /// <summary>The schema of the stored form.</summary>
    public const byte Schema = 5;

    /// <summary>The most bytes of the hot part's stored form.</summary>
    public const int HotLimit = 1024;

    /// <summary>The most bytes of the case part's stored form.</summary>
    public const int CaseLimit = 2048;

    private const int NumbersSkipped = 4096;
    private const int YoungRequests = 5;
    private const double ScoreUnit = 10_000;

    // Not the id itself, which has 15 bytes for alignment.
    private readonly UInt128 _value = id.Value;
    private readonly byte _keyId = id.KeyId;
    private ReportMemory _reported;
    private Trail _trail;
    private Moments _moments;

    /// <summary>Whose.</summary>
    public AccountId Id => new(_keyId, _value);

    /// <summary>The account's name as callers give it; kept beside the state, since it is of any length.</summary>
    public string Name { get; set; } = "";

    /// <summary>Counters, distinct counts, rhythm and heavy hitters.</summary>
    public AccountBehaviour Behaviour { get; private set; } = new();

    /// <summary>The verdict in force, as the policy means it.</summary>
    public Verdict Verdict { get; internal set; }

    /// <summary>The probability of membership that it rests on, 0..1.</summary>
    public float Score { get; internal set; }

    /// <summary>The campaign that it rests on.</summary>
    public CampaignId Campaign { get; internal set; }

    /// <summary>How many decisions there were; 0 is the allow that every account starts with.</summary>
    public int DecisionNumber { get; internal set; }

    /// <summary>When the decision in force was made, 0 when none was.</summary>
    public long DecidedAt { get; internal set; }

    /// <summary>True when it was banned elsewhere.</summary>
    public bool Banned { get; internal set; }

    /// <summary>What was said for the ban, null when nothing was.</summary>
    internal string? BanReason { get; set; }

    /// <summary>The case part, null where there is no case.</summary>
    public CaseFile? Case { get; internal set; }

    /// <summary>The id of the decision in force.</summary>
    public string DecisionId => Decision.IdOf(Id, DecisionNumber);

    /// <summary>
    /// True for one with less than five requests in its last fourteen days that is no member of a campaign and under no verdict: the first to make way. What it shares with others, or with a
    /// campaign, says nothing for it: who makes up accounts makes them up by the thousand, on one machine and with the same prompts. All of that is stored, and costs a read when it comes again.
    /// </summary>
    public bool IsYoung
    {
        get
        {
            if (Case is { IsOfMember: true } || Verdict != Verdict.Allow) return false;
            long requests = 0;
            for (var i = 0; i < DailyTotals.Days; i++) requests += Behaviour.Days[Behaviour.Days.NewestDay - i].Requests;
            return requests < YoungRequests;
        }
    }

    /// <summary>What it reported lately.</summary>
    internal ref ReportMemory Reported => ref _reported;

    /// <summary>Its last addresses and prompts.</summary>
    internal ref Trail Trail => ref _trail;

    /// <summary>When it sent something lately.</summary>
    internal ref Moments Moments => ref _moments;

    /// <summary>The last payment instrument seen.</summary>
    internal UInt128 Payment { get; set; }

    /// <summary>Whether it was banned or restored while its stored state was not known; null for neither.</summary>
    internal bool? BanMeanwhile { get; set; }

    /// <summary>The fingerprints that it keeps by their ids: its last payment instrument, and what it shares with others or with a campaign.</summary>
    /// <param name="keyId">Which key makes ids now.</param>
    public IReadOnlyList<Fingerprint> Fingerprints(byte keyId)
    {
        var known = new SortedSet<Fingerprint>();
        if (Payment != 0) known.Add(new Fingerprint(FingerprintKind.Payment, keyId, Payment));
        foreach (var link in Case?.Links ?? []) known.Add(link.Fingerprint);
        foreach (var slot in Case?.Slots ?? [])
        {
            for (var i = 0; i < CampaignSlot.FamilyCount; i++) known.Add(slot.Link(i).Fingerprint);
        }

        known.RemoveWhere(f => f.IsNone);
        return [.. known];
    }

    internal CaseFile OpenCase() => Case ??= new CaseFile();

    /// <summary>Takes over the verdict of a decision that was stored after this state was.</summary>
    public void Adopt(Decision decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        if (decision.Number <= DecisionNumber) return;
        DecisionNumber = decision.Number;
        DecidedAt = decision.Time;
        Verdict = decision.Verdict;
        Score = (float)decision.Score;
        Campaign = decision.Campaign is not null && CampaignId.TryParse(decision.Campaign, out var campaign) ? campaign : default;
        Banned = decision.Reasons.Any(r => r.Code == ReasonCode.ExternalBan);
        BanReason = TextOfBan(decision.Reasons);
        if (decision.Reasons.Count > 0 || Case is not null) OpenCase().Reasons = [.. decision.Reasons.Take(CaseFile.ReasonLimit)];
        if (Verdict > Verdict.Allow && !Campaign.IsNone && OpenCase().Find(Campaign) is null) OpenCase().Open(Campaign, decision.Time)?.Recall(decision.Reasons);
    }

    /// <summary>
    /// Adds what was observed of the account while this state could not be read, in a state of its own that decides nothing: counters add up with their decay,
    /// distinct counts unite, days add up, and of what both know the later is right. Verdict, case and decisions stay as they are here, but for a ban or a
    /// restore that came meanwhile. The other state is empty from then on, so that nothing is added twice.
    /// </summary>
    public void Absorb(AccountState meanwhile)
    {
        ArgumentNullException.ThrowIfNull(meanwhile);
        if (Name.Length == 0) Name = meanwhile.Name;
        if (meanwhile.Payment != 0 && meanwhile.Behaviour.LastSeen >= Behaviour.LastSeen) Payment = meanwhile.Payment;
        if (meanwhile.BanMeanwhile is { } banned) Banned = banned;
        Behaviour.Merge(meanwhile.Behaviour);
        meanwhile.Behaviour = new AccountBehaviour();
        meanwhile.BanMeanwhile = null;
    }

    /// <summary>
    /// Goes on from a stored state. What it told campaigns after it was stored is not known any more, so its numbers go on well beyond that: a number
    /// that was used counts as sent again.
    /// </summary>
    public void Resume()
    {
        foreach (var slot in Case?.Slots ?? []) slot.Told += NumbersSkipped;
    }

    /// <summary>The record of the decision in force, made anew from the state; only the policy that decided is not kept there.</summary>
    public Decision DecisionInForce(int policyVersion) => new()
    {
        Account = Id,
        Name = Name,
        Number = DecisionNumber,
        Time = DecidedAt,
        Verdict = Verdict,
        Score = Math.Round(Score, 4),
        Campaign = Campaign.IsNone ? null : Campaign.ToString(),
        Reasons = Case?.Reasons ?? [],
        PolicyVersion = policyVersion,
    };

    /// <summary>Writes the stored form of the hot part and, behind it, of the case part.</summary>
    public byte[] Write() => Write(out _);

    /// <summary>The same, and says where the hot part ends.</summary>
    public byte[] Write(out int hotSize)
    {
        var writer = new StateWriter(HotLimit);
        hotSize = Write(writer);
        return writer.ToArray();
    }

    /// <summary>Writes the same with a writer, behind what it has, and says how many bytes the hot part is.</summary>
    public int Write(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var start = writer.Length;
        writer.Byte(Schema);
        Behaviour.Write(writer);
        _reported.Write(writer);
        _trail.Write(writer);
        _moments.Write(writer);
        writer.UInt128(Payment);
        writer.Byte((byte)((int)Verdict | (Banned ? 4 : 0) | (Case is not null ? 8 : 0)));
        writer.UInt16((ushort)Math.Round(Score * ScoreUnit));
        writer.UInt64(Campaign.Value);
        writer.Int32(DecisionNumber);
        ShortTime.Write(writer, DecidedAt);
        var hotSize = writer.Length - start;
        Case?.Write(writer);
        return hotSize;
    }

    /// <summary>Reads the stored form; throws <see cref="InvalidDataException"/> when it is none.</summary>
    public static AccountState Read(AccountId id, string name, ReadOnlySpan<byte> stored)
    {
        var reader = new StateReader(stored);
        var schema = reader.Byte();
        if (schema is 0 or > Schema) throw new InvalidDataException($"An account of schema {schema} cannot be read.");
        var state = new AccountState(id)
        {
            Name = name,
            Behaviour = AccountBehaviour.Read(ref reader, schema),
            _reported = ReportMemory.Read(ref reader, schema),
            _trail = schema < 3 ? default : Trail.Read(ref reader),
            _moments = schema < 4 ? default : Moments.Read(ref reader),
            Payment = reader.UInt128(),
        };
        var flags = reader.Byte();
        state.Verdict = (Verdict)(flags & 3);
        if (schema < 3)
        {
            state.Banned = reader.Bool();
            state.Score = reader.Single();
        }
        else
        {
            state.Banned = (flags & 4) != 0;
            state.Score = (float)(reader.UInt16() / ScoreUnit);
        }

        state.Campaign = new CampaignId(reader.UInt64());
        state.DecisionNumber = reader.Int32();
        state.DecidedAt = schema < 3 ? reader.Int64() : ShortTime.Read(ref reader);
        if (schema < 3 ? reader.Bool() : (flags & 8) != 0) state.Case = CaseFile.Read(id, ref reader, schema);
        state.BanReason = TextOfBan(state.Case?.Reasons ?? []);
        return state;
    }

    private static string? TextOfBan(IReadOnlyList<Reason> reasons)
    {
        foreach (var reason in reasons)
        {
            if (reason.Code == ReasonCode.ExternalBan) return reason.Text;
        }

        return null;
    }
}
