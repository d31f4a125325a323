using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Conduct;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.Policies;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Epochs;

/// <summary>
/// The end of an epoch: all silos deliver their reports to the shards, the shards give them to fingerprints and test cohorts, those find their campaigns,
/// campaigns weigh their evidence, a new snapshot is published, and accounts are told. Every step works in sorted order and ends before the next begins.
/// The cluster and the single-threaded engine run this same code over different hosts and sites.
/// </summary>
public sealed class EpochPipeline
{
    private const long NormsEvery = 600_000;
    private readonly IEpochHost _host;
    private readonly IEpochSites _sites;
    private readonly EpochCarry _carry;
    private readonly CampaignStage _campaigns;
    private readonly Dictionary<CampaignId, CampaignSignature> _signatures = [];
    private IReadOnlyCollection<ulong> _common = [];
    private ConductNorms _norms = ConductNorms.None;
    private (long Time, int Revision) _normsOf;
    private long _version;

    /// <summary>A pipeline that nothing was left to.</summary>
    public EpochPipeline(IEpochHost host, IEpochSites sites, Population population)
        : this(host, sites, population, new EpochCarry())
    {
    }

    private EpochPipeline(IEpochHost host, IEpochSites sites, Population population, EpochCarry carry)
    {
        _host = host;
        _sites = sites;
        _carry = carry;
        Population = population;
        _campaigns = new CampaignStage(host, sites, carry, Counts);
    }

    /// <summary>The population of all sites.</summary>
    public Population Population { get; }

    /// <summary>What was sent so far.</summary>
    public EpochCounts Counts { get; } = new();

    /// <summary>Starts from the campaigns that are known.</summary>
    public void Start(IEnumerable<CampaignSignature> signatures)
    {
        ArgumentNullException.ThrowIfNull(signatures);
        foreach (var signature in signatures) _signatures[signature.Id] = signature;
    }

    /// <summary>Works the end of an epoch: as of the time given, or of the latest event seen when that is later.</summary>
    public async ValueTask<IReadOnlyList<Decision>> CloseAsync(long end, Policy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var collected = await _sites.CollectAsync(policy).ConfigureAwait(true);
        foreach (var site in collected) Population.Merge(site.Population);
        _carry.Latest = Math.Max(_carry.Latest, collected.Select(c => c.Latest).Append(end).Max());
        var work = new EpochWork(_sites.Number, _carry.Latest, Population.View);
        var reported = await _sites.ReportAsync(work).ConfigureAwait(true);
        _carry.Heads.Note(reported.SelectMany(r => r.Heads));
        var tested = reported.Any(r => r.ToTest) ? await _sites.TestAsync(work with { Heads = _carry.Heads }).ConfigureAwait(true) : [];
        foreach (var counts in reported.Select(r => r.Counts).Concat(tested.Select(t => t.Counts))) Counts.Add(counts);
        _carry.Keep([.. reported.Select(r => r.Links)]);
        var (changed, gone) = await _campaigns.CloseAsync(tested, reported, work, policy).ConfigureAwait(true);
        await PublishAsync(changed, gone, [.. reported.SelectMany(r => r.Common).Order()], work, policy).ConfigureAwait(true);
        return await TellAsync(work.End).ConfigureAwait(true);
    }

    /// <summary>The whole snapshot as of the last epoch, for a site that has none.</summary>
    public SnapshotChange Whole(Policy policy) =>
        new(0, _version, policy, Population.View, [.. _signatures.Values.OrderBy(s => s.Id)], [], _common) { Norms = _norms };

    /// <summary>Makes the version of the snapshot one that no site has.</summary>
    public void Renumber(long version) => _version = version;

    /// <summary>Writes what the next end of an epoch needs, for another silo to go on with. What is in the snapshot is read from the campaigns.</summary>
    public void Write(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        _carry.Write(writer);
        Population.Write(writer);
        writer.Int64(_version);
        Lists.Write(writer, _signatures.Values, (w, signature) => signature.Write(w));
        Lists.Write(writer, _common, (w, token) => w.UInt64(token));
    }

    /// <summary>Goes on with what <see cref="Write"/> wrote.</summary>
    public static EpochPipeline Read(ref StateReader reader, IEpochHost host, IEpochSites sites)
    {
        var carry = EpochCarry.Read(ref reader);
        var pipeline = new EpochPipeline(host, sites, Population.Read(ref reader), carry) { _version = reader.Int64() };
        pipeline.Start(Lists.Read(ref reader, CampaignSignature.Read));
        pipeline._common = Lists.Read(ref reader, (ref StateReader r) => r.UInt64());
        return pipeline;
    }

    private ValueTask PublishAsync(List<CampaignSignature> changed, List<CampaignId> gone, ulong[] common, EpochWork work, Policy policy)
    {
        foreach (var id in gone) _signatures.Remove(id);
        foreach (var signature in changed) _signatures[signature.Id] = signature;
        _common = common;
        var from = _version;
        _version = work.Number;
        var change = new SnapshotChange(from, _version, policy, work.Population, changed, gone, common) { Norms = NewNorms(work.End) };
        return _sites.PublishAsync(change, () => Whole(policy));
    }

    /// <summary>What is normal changes slowly: it is looked at again after ten minutes. Null while it is as before.</summary>
    private ConductNorms? NewNorms(long end)
    {
        var revision = Population.Panel.Revision;
        if (end - _normsOf.Time < NormsEvery || revision == _normsOf.Revision) return null;
        _normsOf = (end, revision);
        return _norms = ConductNorms.Of(Population.Panel, Population.Models.NewAt(end));
    }

    private async ValueTask<List<Decision>> TellAsync(long end)
    {
        var calls = CallsOf(_carry, end);
        _carry.Standings.Clear();
        _carry.Links.Clear();
        var replies = await _host.TellAsync(calls).ConfigureAwait(true);
        Counts.Notices += calls.Count;
        var decisions = new List<Decision>();
        var joined = new SortedDictionary<CampaignId, List<JoinReply>>();
        for (var i = 0; i < calls.Count; i++)
        {
            if (replies[i] is not { } reply)
            {
                Counts.Resent++;
                _carry.Standings.AddRange(calls[i].Standings);
                _carry.Links.AddRange(calls[i].Links);
                continue;
            }

            decisions.AddRange(reply.Decisions);
            foreach (var (campaign, said) in reply.Joined)
            {
                if (!joined.TryGetValue(campaign, out var list)) joined.Add(campaign, list = []);
                list.Add(said);
            }
        }

        foreach (var (campaign, said) in joined) await _host.AcknowledgeAsync(campaign, said).ConfigureAwait(true);
        return decisions;
    }

    /// <summary>Of one fingerprint what was told last first: the account passes over what it said before.</summary>
    private static int ByAccount(LinkNotice one, LinkNotice other)
    {
        var order = one.Account.CompareTo(other.Account);
        if (order == 0) order = one.Fingerprint.CompareTo(other.Fingerprint);
        return order != 0 ? order : other.Seen.CompareTo(one.Seen);
    }

    /// <summary>One call for each account, by their ids; standings in the order of the steps before, links by their fingerprints.</summary>
    private static List<AccountCall> CallsOf(EpochCarry carry, long end)
    {
        Standing[] standings = [.. carry.Standings.OrderBy(s => s.Account)];
        LinkNotice[] links = [.. carry.Links];
        Array.Sort(links, ByAccount);
        var calls = new List<AccountCall>();
        for (int s = 0, l = 0; s < standings.Length || l < links.Length;)
        {
            var account = l == links.Length || (s < standings.Length && standings[s].Account < links[l].Account) ? standings[s].Account : links[l].Account;
            var (firstStanding, firstLink) = (s, l);
            while (s < standings.Length && standings[s].Account == account) s++;
            while (l < links.Length && links[l].Account == account) l++;
            calls.Add(new AccountCall(account, new ArraySegment<Standing>(standings, firstStanding, s - firstStanding), new ArraySegment<LinkNotice>(links, firstLink, l - firstLink), end));
        }

        return calls;
    }
}
