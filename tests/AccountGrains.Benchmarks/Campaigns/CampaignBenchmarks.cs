using AccountGrains.Benchmarks.Epochs;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Policies;
using BenchmarkDotNet.Attributes;

namespace AccountGrains.Benchmarks.Campaigns;

/// <summary>What the end of an epoch costs a campaign of forty members of which ten did something.</summary>
[MemoryDiagnoser]
public class CampaignBenchmarks
{
    private const int Active = 10;
    private readonly PopulationView _population = new(10_000, 100);
    private Campaign _campaign = null!;
    private Sighting[] _sightings = [];
    private long _end;
    private int _number;

    [GlobalSetup]
    public void SetUp()
    {
        var engine = Operation.Found();
        _campaign = engine.Campaigns.Values.MaxBy(c => c.MemberCount)!;
        _sightings = [.. _campaign.MembersAfter(null).Take(Active).Select(m => Operation.SightingOf(m.Account))];
        _end = Samples.Start + (86_400_000L * 2);
        _number = 1_000_000;
    }

    [Benchmark]
    public CampaignOutcome Close()
    {
        _end += 60_000;
        _number++;
        var activity = _sightings.Select(s => new MemberActivity
        {
            Campaign = _campaign.Id,
            Sighting = s,
            Number = _number,
            Name = "acct",
            IsRequest = true,
            Joins = false,
            Matched = true,
            Score = 1,
            Bans = 0,
            Capability = "coding",
            Model = "large",
            InputTokens = 100,
            OutputTokens = 100,
        }).ToList();
        return _campaign.Close(new CampaignInput(_end, [], activity), _ => 3, _population, Policy.Default);
    }
}
