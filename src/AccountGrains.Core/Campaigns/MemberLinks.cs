using AccountGrains.Core.Correlation;
using AccountGrains.Core.Policies;

namespace AccountGrains.Core.Campaigns;

/// <summary>How much of a campaign groups of one kind cover, and their effective number.</summary>
/// <param name="Cover">The share of members in a group.</param>
/// <param name="Number">(Σk)²/Σk².</param>
internal readonly record struct Grouping(double Cover, double Number);

/// <summary>Which families link which of a campaign's members, and in what groups.</summary>
internal sealed class MemberLinks
{
    private const int FewestLinked = 5;
    private const double MostExits = 24;
    private readonly Policy _policy;
    private readonly int[] _links;

    public MemberLinks(ReadOnlySpan<Member> members, EvidenceTable table, Policy policy)
    {
        _policy = policy;
        Members = members.ToArray();
        _links = new int[Members.Length];
        var groups = new Dictionary<ulong, int>[Sighting.ValueCount];
        for (var v = 0; v < groups.Length; v++) groups[v] = [];
        for (var i = 0; i < Members.Length; i++)
        {
            for (var v = 0; v < Sighting.ValueCount; v++)
            {
                if (!Links(table.Find(Members[i].Value(v)))) continue;
                _links[i] |= 1 << (int)Sighting.KindAt(v).Family();
                groups[v][Members[i].Value(v)] = groups[v].GetValueOrDefault(Members[i].Value(v)) + 1;
            }
        }

        Places = GroupingOf(groups[1]);
        Cards = GroupingOf(groups[4]);
    }

    public Member[] Members { get; }

    /// <summary>Groups that share a /24.</summary>
    public Grouping Places { get; }

    /// <summary>Groups that share a card.</summary>
    public Grouping Cards { get; }

    /// <summary>The effective number of addresses among all that members were seen at lately.</summary>
    public double AddressNumber => GroupingOf(Addresses()).Number;

    /// <summary>True when half were seen lately at addresses that others of them use too, and these are few.</summary>
    public bool FewExits
    {
        get
        {
            var addresses = Addresses();
            return GroupingOf(addresses).Number < MostExits
                && Members.Count(m => Enumerable.Range(0, Accounts.Trail.AddressCount).Any(i => addresses.GetValueOrDefault(m.Place(i)) >= 2)) >= 0.5 * Members.Length;
        }
    }

    public bool OnePlace => Places is { Cover: >= 0.7, Number: < 6 };

    /// <summary>Families that link enough members to count for an account, as bits.</summary>
    public int Families
    {
        get
        {
            var families = 0;
            for (var family = EvidenceFamily.Network; family <= EvidenceFamily.Device; family++)
            {
                var linked = Linked(family);
                if (linked > 0 && linked >= _policy.FamilyCoverage * Members.Length) families |= 1 << (int)family;
            }

            return families;
        }
    }

    /// <summary>True when one family links three tenths of the members, or any of them half.</summary>
    public bool Holds
    {
        get
        {
            for (var family = EvidenceFamily.Network; family <= EvidenceFamily.Timing; family++)
            {
                if (Linked(family) is var linked && linked > 0 && linked >= 0.3 * Members.Length) return true;
            }

            return Any >= 0.5 * Members.Length;
        }
    }

    /// <summary>The members whose work counts: those that are linked, when they are enough; else all.</summary>
    public IEnumerable<Member> Counted => Any >= FewestLinked && Any >= 0.25 * Members.Length ? Members.Where((_, i) => _links[i] != 0) : Members;

    private int Any => _links.Count(l => l != 0);

    /// <summary>Lets coming when the campaign does count as a link.</summary>
    public void LinkTiming()
    {
        for (var i = 0; i < Members.Length; i++)
        {
            if (Members[i].TimingNow) _links[i] |= 1 << (int)EvidenceFamily.Timing;
        }
    }

    /// <summary>Lets hopping through networks count as a link of the network.</summary>
    public void LinkHopping()
    {
        for (var i = 0; i < Members.Length; i++)
        {
            if (Members[i].Hops && !Members[i].Vetoed) _links[i] |= 1 << (int)EvidenceFamily.Network;
        }
    }

    /// <summary>True when a piece of evidence links a member to the others.</summary>
    public bool Links(Evidence? evidence) =>
        evidence is { Vetoed: false } && evidence.Holders.Count >= 2 && evidence.MemberWeight >= _policy.ValueWeight;

    private Dictionary<ulong, int> Addresses()
    {
        var counts = new Dictionary<ulong, int>();
        foreach (var member in Members)
        {
            for (var i = 0; i < Accounts.Trail.AddressCount; i++)
            {
                if (member.Place(i) != 0) counts[member.Place(i)] = counts.GetValueOrDefault(member.Place(i)) + 1;
            }
        }

        return counts;
    }

    private int Linked(EvidenceFamily family)
    {
        var count = 0;
        foreach (var link in _links) count += (link & (1 << (int)family)) != 0 ? 1 : 0;
        return count;
    }

    private Grouping GroupingOf(Dictionary<ulong, int> groups)
    {
        double sum = groups.Values.Sum(), squares = groups.Values.Sum(g => (double)g * g);
        return new Grouping(sum / Math.Max(1, Members.Length), Likelihood.EffectiveNumber(sum, squares));
    }
}
