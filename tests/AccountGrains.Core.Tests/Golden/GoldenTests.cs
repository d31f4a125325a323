using System.Runtime.CompilerServices;
using AccountGrains.Core.Accounts;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.States;
using AccountGrains.Core.Tests.Accounts;
using AccountGrains.Core.Tests.Correlation;
using AccountGrains.Core.Tests.Epochs;

namespace AccountGrains.Core.Tests.Golden;

/// <summary>
/// What was stored once must be read for ever, and a format changes only on purpose. Then raise the schema, keep reading the old one (rename its
/// file), and write the new files with <c>ACCOUNTGRAINS_WRITE_GOLDEN=1 dotnet test</c>, run twice.
/// </summary>
public sealed class GoldenTests
{
    public static TheoryData<string> Names => ["account", "account-case", "fingerprint-template", "fingerprint-payment", "campaign", "campaign-head", "campaign-page", "campaign-ids", "population", "decision"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Build_OfEachState_GivesTheGoldenBytes(string name)
    {
        var built = GoldenStates.Build(name);
        if (Environment.GetEnvironmentVariable("ACCOUNTGRAINS_WRITE_GOLDEN") == "1") File.WriteAllBytes(Path.Combine(Sources(), $"{name}.bin"), built);

        Assert.Equal(Golden(name), built);
    }

    [Theory]
    [InlineData("account", false)]
    [InlineData("account-case", true)]
    public void Read_OfTheGoldenAccount_IsAllThereAndWritesTheSame(string name, bool hasCase)
    {
        var state = AccountState.Read(Cases.Account, "someone", Golden(name));

        Assert.Equal(("pro", 42UL, Traffic.Start, Traffic.Id(24, 1)), (state.Behaviour.Plan, state.Behaviour.Organization, state.Behaviour.SignupAt, state.Payment));
        Assert.Equal(hasCase, state.Case is not null);
        Assert.Equal(hasCase ? (Verdict.Throttle, Cases.First, 3) : (Verdict.Allow, default, 0), (state.Verdict, state.Campaign, state.DecisionNumber));
        Assert.Equal(hasCase ? 2 : 0, state.Case?.Slots.Count ?? 0);
        Assert.Equal(hasCase ? ("reasoning", "large", "fraud — 詐欺") : (null, null, null), (state.Case?.Capability, state.Case?.Model, state.Case?.Reasons[^1].Text));
        Assert.Equal(Golden(name), state.Write());
    }

    [Theory]
    [InlineData("account-1", false)]
    [InlineData("account-case-1", true)]
    [InlineData("account-2", false)]
    [InlineData("account-case-2", true)]
    [InlineData("account-3", false)]
    [InlineData("account-case-3", true)]
    [InlineData("account-4", false)]
    [InlineData("account-case-4", true)]
    public void Read_OfAnAccountOfAnEarlierSchema_IsAllThereAndGoesOn(string name, bool hasCase)
    {
        var state = AccountState.Read(Cases.Account, "someone", Golden(name));

        Assert.Equal(("pro", 42UL, Traffic.Start, Traffic.Id(24, 1)), (state.Behaviour.Plan, state.Behaviour.Organization, state.Behaviour.SignupAt, state.Payment));
        Assert.Equal(hasCase ? (Verdict.Throttle, Cases.First, 3) : (Verdict.Allow, default, 0), (state.Verdict, state.Campaign, state.DecisionNumber));
        Assert.Equal(hasCase ? [ReasonCode.CampaignTemplate, ReasonCode.OwnBehaviour] : [], (state.Case?.Reasons ?? []).Select(r => r.Code).Take(2));
        var known = state.Behaviour.Recent.Complete(60, state.Behaviour.LastSeen, bringsOutput: true, bringsStatus: true, bringsCapability: true);
        Assert.Equal((true, false, false), (known.Matched, known.Output, known.Status));
        Assert.Equal(AccountState.Schema, AccountState.Read(Cases.Account, "someone", state.Write()).Write()[0]);
    }

    [Fact]
    public void Read_OfADecisionOfSchema1_IsAllThere()
    {
        var decision = DecisionCodec.Read(Golden("decision-1"));

        Assert.Equal(("someone", 3, Verdict.Throttle, 0.9876, 7), (decision.Name, decision.Number, decision.Verdict, decision.Score, decision.PolicyVersion));
        Assert.Equal([ReasonCode.CampaignTemplate, ReasonCode.OwnBehaviour], decision.Reasons.Select(r => r.Code));
        Assert.All(decision.Reasons, r => Assert.Null(r.Text));
    }

    [Theory]
    [InlineData("fingerprint-template", 20)]
    [InlineData("fingerprint-payment", 40)]
    public void Read_OfTheGoldenFingerprint_IsAllThereAndWritesTheSame(string name, int recent)
    {
        var state = FingerprintState.Read(Golden(name));

        Assert.InRange(state.Accounts, 38, 48);
        Assert.Equal((2, Traffic.Start, recent), (state.Banned, state.FirstSeen, state.Recent.Count()));
        Assert.Equal(Golden(name), Replay.BytesOf(state));
    }

    [Fact]
    public void Read_OfTheGoldenCampaign_IsAllThereAndWritesTheSame()
    {
        var campaign = CampaignCodec.Read(Golden("campaign"));

        Assert.Equal((Cases.First, CampaignStatus.Active, 80), (campaign.Id, campaign.Status, campaign.MemberCount));
        Assert.Equal((12.5, CoordinationProofs.Cards, 12), (campaign.Assessment.Share, campaign.Assessment.Proofs, campaign.Assessment.Families));
        Assert.Equal([Cases.Second], campaign.Absorbed);
        Assert.Equal(new PopulationView(5_000, 50), campaign.Population);
        Assert.Equal("member-3", campaign.Members[Sightings.Of(3).Account].Name);
        Assert.Equal([Trail.MarkOf(Mixing.Mix64(7)), Trail.MarkOf(Mixing.Mix64(3))], campaign.Members[Sightings.Of(7).Account].Heads.ToArray().Order().OrderBy(h => h != Trail.MarkOf(Mixing.Mix64(7))));
        Assert.Equal((6L, 2, 9L), (campaign.Taken.Before.Requests, campaign.Taken.Rows.Count(), campaign.Taken.Rows.First().Requests));
        Assert.Equal(Golden("campaign"), CampaignCodec.Write(campaign));
    }

    [Fact]
    public void Read_OfACampaignOfSchema3_IsAllThereAndItsMembersHaveNoHeads()
    {
        var campaign = CampaignCodec.Read(Golden("campaign-3"));

        Assert.Equal((Cases.First, CampaignStatus.Active, 80), (campaign.Id, campaign.Status, campaign.MemberCount));
        Assert.Equal(("member-3", 1), (campaign.Members[Sightings.Of(3).Account].Name, campaign.Members[Sightings.Of(3).Account].BurstHits));
        Assert.All(campaign.Members.Values, m => Assert.Empty(m.Heads.ToArray()));
        Assert.Equal(CampaignCodec.Write(campaign), CampaignCodec.Write(CampaignCodec.Read(CampaignCodec.Write(campaign))));
    }

    [Fact]
    public void Read_OfAHeadOfSchema3AndAPageOfSchema2_IsAllThere()
    {
        var campaign = CampaignCodec.ReadHead(Golden("campaign-head-3"), out var revision, out var slots);
        CampaignPages.ReadInto(campaign, Golden("campaign-page-2"));

        Assert.Equal((7, 2), (revision, slots.Length));
        Assert.InRange(campaign.MemberCount, 20, 60);
        Assert.All(campaign.Members.Values, m => Assert.Empty(m.Heads.ToArray()));
    }

    [Fact]
    public void Read_OfTheGoldenHeadAndPage_IsAllThereAndWritesTheSame()
    {
        var campaign = CampaignCodec.ReadHead(Golden("campaign-head"), out var revision, out var slots);
        CampaignPages.ReadInto(campaign, Golden("campaign-page"));

        Assert.Equal((7, 2), (revision, slots.Length));
        Assert.InRange(campaign.MemberCount, 20, 60);
        Assert.Equal(Golden("campaign-head"), CampaignCodec.WriteHead(campaign, revision, slots));
        Assert.Equal(Golden("campaign-page"), CampaignPages.Write(campaign, 2)[1]);
    }

    [Fact]
    public void Read_OfTheGoldenIds_IsAllThere() => Assert.Equal([3, 70_000, ulong.MaxValue], CampaignIds.Read(Golden("campaign-ids")));

    [Fact]
    public void Read_OfACampaignOfSchema1_IsAllThere()
    {
        var campaign = CampaignCodec.Read(Golden("campaign-1"));

        Assert.Equal((Cases.First, CampaignStatus.Active, 80), (campaign.Id, campaign.Status, campaign.MemberCount));
        Assert.Equal((5L, 2, 7L), (campaign.Taken.Before.Requests, campaign.Taken.Rows.Count(), campaign.Taken.Rows.First().Requests));
        Assert.Equal("member-3", campaign.Members[Sightings.Of(3).Account].Name);
    }

    [Fact]
    public void Read_OfTheGoldenPopulation_IsAllThereAndWritesTheSame()
    {
        var reader = new StateReader(Golden("population"));

        var population = Population.Read(ref reader);

        Assert.InRange(population.View.Active, 95, 105);
        Assert.Equal(0, reader.Remaining);
        Assert.Equal(9, population.Panel.Entries.Count);
        Assert.Equal(Golden("population"), GoldenStates.BytesOf(population));
    }

    [Fact]
    public void Read_OfTheGoldenDecision_IsAllThereAndWritesTheSame()
    {
        var decision = DecisionCodec.Read(Golden("decision"));

        Assert.Equal(("someone", 3, Verdict.Throttle, 0.9876, 7), (decision.Name, decision.Number, decision.Verdict, decision.Score, decision.PolicyVersion));
        Assert.Equal([ReasonCode.CampaignTemplate, ReasonCode.OwnBehaviour, ReasonCode.ExternalBan], decision.Reasons.Select(r => r.Code));
        Assert.Equal("fraud — 詐欺", decision.Reasons[2].Detail);
        Assert.Equal(Golden("decision"), DecisionCodec.Write(decision));
    }

    [Theory]
    [InlineData("account-1", false)]
    [InlineData("account-case-1", true)]
    public void Read_OfTheFirstAccount_IsAllThereAndHasNoTrail(string name, bool hasCase)
    {
        var state = AccountState.Read(Cases.Account, "someone", Golden(name));

        Assert.Equal(("pro", 42UL, Traffic.Start, Traffic.Id(24, 1)), (state.Behaviour.Plan, state.Behaviour.Organization, state.Behaviour.SignupAt, state.Payment));
        Assert.Equal(hasCase ? (Verdict.Throttle, Cases.First, 2) : (Verdict.Allow, default, 0), (state.Verdict, state.Campaign, state.Case?.Slots.Count ?? 0));
        Assert.Equal((0, UInt128.Zero), (state.Trail.NetworkCount, state.Trail.Address(0)));
        Assert.Equal(state.Write(), AccountState.Read(Cases.Account, "someone", state.Write()).Write());
    }

    [Theory]
    [InlineData("fingerprint-template-1", 1)]
    [InlineData("fingerprint-payment-1", 40)]
    [InlineData("fingerprint-template-2", 1)]
    [InlineData("fingerprint-payment-2", 40)]
    [InlineData("fingerprint-template-3", 1)]
    [InlineData("fingerprint-payment-3", 40)]
    public void Read_OfAFingerprintOfAnEarlierSchema_IsAllThere(string name, int fewest)
    {
        var state = FingerprintState.Read(Golden(name));

        Assert.InRange(state.Accounts, 38, 48);
        Assert.Equal((2, Traffic.Start), (state.Banned, state.FirstSeen));
        Assert.InRange(state.Recent.Count(), fewest, 40);
        Assert.Equal(Replay.BytesOf(state), Replay.BytesOf(FingerprintState.Read(Replay.BytesOf(state))));
    }

    [Fact]
    public void Read_OfTheFirstCampaign_IsAllThere()
    {
        var campaign = CampaignCodec.Read(Golden("campaign-1"));

        Assert.Equal((Cases.First, CampaignStatus.Active, 80), (campaign.Id, campaign.Status, campaign.MemberCount));
        Assert.Equal(new PopulationView(5_000, 50), campaign.Population);
        Assert.Equal((12.5, CoordinationProofs.Cards, 80), (campaign.Assessment.Share, campaign.Assessment.Proofs, campaign.Prompts));
        Assert.Equal((5L, 2), (campaign.Taken.Before.Requests, campaign.Taken.Rows.Count()));
        Assert.Equal(CampaignCodec.Write(campaign), CampaignCodec.Write(CampaignCodec.Read(CampaignCodec.Write(campaign))));
    }

    [Fact]
    public void Read_OfTheFirstPopulation_IsAllThereAndNobodyHops()
    {
        var reader = new StateReader(Golden("population-1"));

        var population = Population.Read(ref reader);

        Assert.InRange(population.View.Active, 95, 105);
        Assert.Equal((0, 0), (reader.Remaining, population.View.Hopping));
    }

    [Fact]
    public void Read_OfTheSecondPopulation_IsAllThereAndNobodyBehaves()
    {
        var reader = new StateReader(Golden("population-2"));

        var population = Population.Read(ref reader);

        Assert.InRange(population.View.Hopping, 15, 25);
        Assert.Equal(0, reader.Remaining);
        Assert.Empty(population.Panel.Entries);
    }

    private static byte[] Golden(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", $"{name}.bin"));

    private static string Sources([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
