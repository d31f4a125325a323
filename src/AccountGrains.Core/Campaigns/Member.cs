using System.Runtime.CompilerServices;
using AccountGrains.Core.Accounts;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Policies;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Campaigns;

/// <summary>The 64-bit tokens of the values that a member showed last, in the order of a sighting.</summary>
[InlineArray(Sighting.ValueCount)]
internal struct MemberValues
{
    private ulong _first;
}

/// <summary>The 64-bit tokens of the last three addresses that a member showed, the latest first.</summary>
[InlineArray(Trail.AddressCount)]
internal struct MemberPlaces
{
    private ulong _first;
}

/// <summary>What a campaign knows of one member.</summary>
internal sealed class Member(AccountId account)
{
    private const int CapabilitySamples = 4;
    private const double RegularGain = 0.81;
    private const double IrregularLoss = 1.79;
    private const double EnoughTurns = 2.4;
    private const double HitGain = 3;
    private const double MissLoss = 1.6;
    private const double EnoughHits = 4;
    private const int HitsOfJoining = 2;
    private readonly List<byte> _capabilities = [];
    private MemberValues _values;
    private MemberPlaces _places;
    private ReplayWindow _taken;
    private uint[] _heads = [];

    public AccountId Account { get; } = account;

    public string Name { get; set; } = "";

    public uint Mark { get; } = FirstSeenTable.Mark(account);

    public long Since { get; set; }

    public long LastSeen { get; set; }

    /// <summary>Log-odds of membership as the account last said.</summary>
    public float Score { get; set; }

    /// <summary>The walk of §5 share S, and of S1.</summary>
    public float Walk { get; set; }

    public float LenientWalk { get; set; }

    public int Requests { get; set; }

    public int Matched { get; set; }

    public bool SignedUpInSight { get; set; }

    public bool Banned { get; set; }

    /// <summary>True when it sent the same as another member within a minute of it, and at least two more of the same lately.</summary>
    public bool Paired { get; set; }

    public ulong Organization { get; set; }

    public long LastTurn { get; set; }

    public int Gaps { get; set; }

    public int RegularGaps { get; set; }

    /// <summary>True when the member was told that it takes its turn.</summary>
    public bool Timing { get; set; }

    /// <summary>Requests in buckets of time in which far more members sent one than chance allows.</summary>
    public int BurstHits { get; set; }

    /// <summary>Requests in other buckets, since the campaign's bursts are likely.</summary>
    public int BurstMisses { get; set; }

    /// <summary>True when its last three addresses are from three networks.</summary>
    public bool Hops { get; private set; }

    /// <summary>True when its last addresses are from more than one network.</summary>
    public bool Roams { get; private set; }

    /// <summary>True when something that it shares with a group of members speaks for them, and not against them.</summary>
    public bool Vetoed { get; set; }

    /// <summary>
    /// True when its gaps say so at 11 to 1: of a dispatcher's accounts nine in ten are regular, of people's four.
    /// </summary>
    private bool TakesTurns => (RegularGaps * RegularGain) - ((Gaps - RegularGaps) * IrregularLoss) >= EnoughTurns;

    /// <summary>True when its requests come when the campaign's do.</summary>
    public bool InTime => InBursts || (TakesTurns && !TurnsSayNothing);

    /// <summary>True in a campaign of accounts that act at the same moments: then turns are what chance makes of few gaps.</summary>
    public bool TurnsSayNothing { get; set; }

    public bool InBursts => BurstHits >= 2 && (BurstHits * HitGain) - (BurstMisses * MissLoss) >= EnoughHits;

    public bool TimingNow => InTime && !Vetoed;

    public IReadOnlyList<byte> Capabilities => _capabilities;

    /// <summary>The marks of the heads of other prompts that it sent lately.</summary>
    public ReadOnlySpan<uint> Heads => _heads;

    /// <summary>True when its campaign's evidence has counted these heads. Not stored: to count them again changes nothing.</summary>
    public bool HeadsCredited { get; set; }

    public ulong Value(int index) => _values[index];

    public ulong Place(int index) => _places[index];

    public void See(Sighting sighting)
    {
        LastSeen = Math.Max(LastSeen, sighting.Time);
        SignedUpInSight |= sighting.SignupAt != 0;
        Paired |= sighting.Is(SightingTraits.Paired);
        if (sighting.Organization != 0) Organization = sighting.Organization;
        for (var i = 0; i < Sighting.ValueCount; i++)
        {
            var value = sighting.Value(i);
            if (!value.IsNone) _values[i] = value.Token;
        }

        if (sighting.OtherHeads > 0 && !sighting.Row.Heads.SequenceEqual(_heads))
        {
            _heads = sighting.Row.Heads.ToArray();
            HeadsCredited = false;
        }

        if (sighting.Value(0).IsNone) return;
        Hops = sighting.Is(SightingTraits.Hops);
        Roams = sighting.Is(SightingTraits.Roams);
        _places[0] = sighting.Value(0).Token;
        for (var i = 0; i < Sighting.EarlierCount; i++) _places[i + 1] = sighting.Earlier(i).IsNone ? 0 : sighting.Earlier(i).Token;
    }

    /// <summary>Notes the number of an activity; false when it was taken before, because its acknowledgement was lost.</summary>
    public bool Take(int number) => _taken.Take(number);

    public void Asked(byte capability)
    {
        if (_capabilities.Count < CapabilitySamples) _capabilities.Add(capability);
    }

    /// <summary>Takes in what it said of itself when it asked to join.</summary>
    public void Ask(MemberActivity activity)
    {
        Score = activity.Score;
        if (activity.InTime) BurstHits = Math.Max(BurstHits, HitsOfJoining);
    }

    /// <summary>Takes over the numbers that another campaign has for the same labels.</summary>
    public void Relabel(Func<byte, byte> numberOf)
    {
        for (var i = 0; i < _capabilities.Count; i++) _capabilities[i] = numberOf(_capabilities[i]);
    }

    /// <summary>One step of the walks that ask whether its requests are the campaign's work.</summary>
    public void Step(bool matched, Policy policy)
    {
        Requests++;
        if (matched) Matched++;
        var floor = Matched > 0 ? -3f : -1f;
        Walk = Math.Clamp(Walk + StepOf(matched, policy.WorkShare, policy.WorkChance), floor, 3f);
        LenientWalk = Math.Clamp(LenientWalk + StepOf(matched, policy.LenientShare, policy.LenientChance), floor, 3f);
    }

    /// <summary>Operators restored it: its work so far speaks against the campaign, and no longer for it.</summary>
    public void SpeakFor() => Walk = LenientWalk = -3;

    private static float StepOf(bool matched, double share, double chance) => (float)Math.Log(matched ? share / chance : (1 - share) / (1 - chance));

    public void Write(StateWriter writer)
    {
        writer.Account(Account);
        writer.Text(Name);
        writer.Int64(Since);
        writer.Int64(LastSeen);
        writer.Single(Score);
        writer.Single(Walk);
        writer.Single(LenientWalk);
        writer.Int32(Requests);
        writer.Int32(Matched);
        writer.Byte((byte)((SignedUpInSight ? 1 : 0) | (Banned ? 2 : 0) | (Timing ? 4 : 0) | (Hops ? 8 : 0) | (Roams ? 16 : 0) | (Vetoed ? 32 : 0) | (Paired ? 64 : 0)));
        writer.UInt64(Organization);
        writer.Int64(LastTurn);
        writer.Int32(Gaps);
        writer.Int32(RegularGaps);
        writer.Int32(BurstHits);
        writer.Int32(BurstMisses);
        for (var i = 0; i < Trail.AddressCount; i++) writer.UInt64(_places[i]);
        writer.Byte((byte)_capabilities.Count);
        foreach (var capability in _capabilities) writer.Byte(capability);
        for (var i = 0; i < Sighting.ValueCount; i++) writer.UInt64(_values[i]);
        _taken.Write(writer);
        writer.Byte((byte)_heads.Length);
        foreach (var head in _heads) writer.UInt24(head);
    }

    /// <summary>Reads one of the form of that number: the first knew no bursts and no places, the second no heads.</summary>
    public static Member Read(ref StateReader reader, int form)
    {
        var member = new Member(reader.Account())
        {
            Name = reader.Text() ?? "",
            Since = reader.Int64(),
            LastSeen = reader.Int64(),
            Score = reader.Single(),
            Walk = reader.Single(),
            LenientWalk = reader.Single(),
            Requests = reader.Int32(),
            Matched = reader.Int32(),
        };
        var flags = reader.Byte();
        member.SignedUpInSight = (flags & 1) != 0;
        member.Banned = (flags & 2) != 0;
        member.Timing = (flags & 4) != 0;
        member.Hops = (flags & 8) != 0;
        member.Roams = (flags & 16) != 0;
        member.Vetoed = (flags & 32) != 0;
        member.Paired = (flags & 64) != 0;
        member.Organization = reader.UInt64();
        member.LastTurn = reader.Int64();
        member.Gaps = reader.Int32();
        member.RegularGaps = reader.Int32();
        if (form > 1)
        {
            member.BurstHits = reader.Int32();
            member.BurstMisses = reader.Int32();
            for (var i = 0; i < Trail.AddressCount; i++) member._places[i] = reader.UInt64();
        }

        for (int i = 0, count = reader.Byte(); i < count; i++) member._capabilities.Add(reader.Byte());
        for (var i = 0; i < Sighting.ValueCount; i++) member._values[i] = reader.UInt64();
        member._taken = ReplayWindow.Read(ref reader);
        if (form < 3) return member;
        member._heads = new uint[Math.Min((int)reader.Byte(), Sighting.HeadLimit)];
        for (var i = 0; i < member._heads.Length; i++) member._heads[i] = reader.UInt24();
        return member;
    }
}
