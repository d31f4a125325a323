using AccountGrains.Core.Accounts;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Conduct;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.Door;
using AccountGrains.Core.Policies;
using AccountGrains.Core.States;
using AccountGrains.Core.Tests.Accounts;
using AccountGrains.Core.Tests.Correlation;
using AccountGrains.Core.Tests.Epochs;

namespace AccountGrains.Core.Tests.Golden;

/// <summary>
/// One of every stored state, always the same, and filled by hand: no rule of detection has a part in it, so that only a change of format changes
/// its bytes.
/// </summary>
internal static class GoldenStates
{
    public static byte[] Build(string name) => name switch
    {
        "account" => Account().Write(),
        "account-case" => AccountWithCase().Write(),
        "fingerprint-template" => Replay.BytesOf(Fingerprint(Sightings.Head)),
        "fingerprint-payment" => Replay.BytesOf(Fingerprint(new Fingerprint(FingerprintKind.Payment, 3, Traffic.Id(24, 1)))),
        "campaign" => CampaignCodec.Write(Campaign()),
        "campaign-head" => CampaignCodec.WriteHead(Campaign(), 7, [1, 0]),
        "campaign-page" => CampaignPages.Write(Campaign(), 2)[1],
        "campaign-ids" => CampaignIds.Write([3, 70_000, ulong.MaxValue]),
        "population" => BytesOf(Population()),
        "decision" => DecisionCodec.Write(Decision()),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    public static byte[] BytesOf(Population population)
    {
        var writer = new StateWriter();
        population.Write(writer);
        return writer.ToArray();
    }

    private static AccountState Account()
    {
        var state = new AccountState(Cases.Account) { Name = "someone", Payment = Traffic.Id(24, 1) };
        state.Behaviour.Observe(Traffic.Input("someone", ObservationType.Signup, Traffic.Start) with { Plan = "pro", Organization = 42 });
        for (var i = 1; i <= 60; i++)
        {
            var time = Traffic.Start + (i * 3_700_000L);
            state.Behaviour.Observe(Traffic.Input("someone", ObservationType.Request, time) with
            {
                Request = (ulong)i,
                Ip = Traffic.Id(20, (ulong)i % 7),
                Asn = Traffic.Id(21, (ulong)i % 3),
                Ja4 = Traffic.Id(22, 1),
                Capability = i % 3 == 0 ? "reasoning" : "coding",
                OutputTokens = 100 * i,
                ReasoningElicitation = i % 4 * 0.25f,
                Status = i % 10 == 0 ? 500 : 200,
                Sketch = Traffic.Prompt((ulong)i % 5, new Random(i), 0),
            });
            if (i % 5 == 0) state.Behaviour.NotePivot();
            state.Behaviour.Recent.Remember((ulong)i, time, Verdict.Allow, true, true, i % 2 == 0);
            var input = Traffic.Input("someone", ObservationType.Request, time);
            state.Trail.TakeAddress(input with { Ip = Traffic.Id(20, (ulong)i % 7), Asn = Traffic.Id(21, (ulong)i % 3) });
            state.Moments.Take(time);
            state.Trail.TakeHead(Mixing.Mix64((ulong)i % 12), out _);
            state.Reported.AddToken(Mixing.Mix64((ulong)i));
            state.Reported.AddValue(Mixing.Mix64((ulong)i));
        }

        return state;
    }

    private static AccountState AccountWithCase()
    {
        var state = Account();
        var slot = state.OpenCase().Open(Cases.First, Traffic.Start)!;
        (slot.Member, slot.Timing, slot.NewAtFirstMatch, slot.Requests, slot.Matched) = (true, true, true, 9, 8);
        (slot.Own, slot.Classes, slot.Score) = (1.5f, 5, 6.25f);
        for (var i = 0; i < CampaignSlot.FamilyCount; i++) Cases.Link(slot, i, FingerprintKind.Payment, i + 0.5f);
        for (var i = 1UL; i <= 4; i++) slot.NoteToken(Mixing.Mix64(i));
        state.Case!.Open(Cases.Second, Traffic.Start);
        state.Case.NoteLabels("reasoning", "large");
        state.Case.Note(new LinkNotice(Cases.Account, new Fingerprint(FingerprintKind.Ip, 1, 77), 12, 0.25f, 4.5f));
        state.Adopt(Decision());
        return state;
    }

    private static FingerprintState Fingerprint(Fingerprint fingerprint)
    {
        var state = new FingerprintState(fingerprint);
        state.Seed([5, 6, 7]);
        for (var i = 0; i < 40; i++)
        {
            state.Observe([new Report(Sightings.Of(i, card: i % 3, time: Traffic.Start + (i * 60_000L), moments: Sightings.MomentsAt(Traffic.Start, Traffic.Start + (i * 600_000L))), (sbyte)(i % 20 == 0 ? 1 : 0))], new PopulationView(5_000, 50), Policy.Default);
        }

        return state;
    }

    private static Campaign Campaign()
    {
        var campaign = new Campaign(Cases.First)
        {
            FoundedAt = Traffic.Start,
            FoundedOn = Sightings.Head,
            Status = CampaignStatus.Active,
            ActiveSince = Traffic.Start + 60_000,
            LastActivity = Traffic.Start + 900_000,
            SplitFrom = new CampaignId(9),
            Departed = (1.5, -2.5),
            Population = new PopulationView(5_000, 50),
            Narrow = true,
            Proved = CoordinationProofs.Cards,
            Assessment = new Assessment(12.5, 10, 6, 3.5, true, true, false, CoordinationProofs.Cards, 12),
        };
        campaign.AbsorbedList.Add(Cases.Second);
        campaign.Labels.AddRange(["reasoning", "coding"]);
        campaign.TimelineList.Add(new CampaignEvent(Traffic.Start, CampaignEventKind.Founded, 6, default));
        campaign.TimelineList.Add(new CampaignEvent(Traffic.Start + 60_000, CampaignEventKind.Absorbed, 80, Cases.Second));
        for (var i = 0; i < 80; i++) Add(campaign, Sightings.Of(i, card: i % 3, time: Traffic.Start + (i * 1000), organization: i == 5 ? 42UL : 0, signupAt: i % 2, trail: Sightings.TrailOf(Mixing.Mix64((ulong)i), Mixing.Mix64(3))));
        campaign.Taken.Add("reasoning", "large", Traffic.Start, 7, 70, 700);
        campaign.Taken.Add(null, "small", Traffic.Start + 86_400_000, 1, 1, 1);
        campaign.Taken.AddEstimate(5, 50, 500);
        campaign.Taken.Add("reasoning", "large", Traffic.Start, 2, 20, 200, Cases.Second);
        campaign.Taken.AddEstimate(1, 10, 100, Cases.Second);
        return campaign;
    }

    private static void Add(Campaign campaign, Sighting sighting)
    {
        var member = new Member(sighting.Account) { Name = $"member-{campaign.MemberCount}", Since = Traffic.Start, Score = 4.5f, Banned = campaign.MemberCount == 3 };
        campaign.Members.TryAdd(member);
        member.See(sighting);
        member.Step(matched: true, Policy.Default);
        member.BurstHits = campaign.MemberCount % 3;
        campaign.Bursts.Take(member.Mark, Traffic.Start + (campaign.MemberCount % 5 * 1000));
        campaign.Prompts++;
        campaign.Seen++;
        member.Asked((byte)(campaign.MemberCount % 2));
        for (var i = 0; i < 2; i++) campaign.Turns.Take(member, 80);
        for (var i = 0; i < Sighting.ValueCount; i++) campaign.Evidence.Add(sighting.Value(i), member.Mark, sighting.Time);
        for (var i = 0; i < 4; i++) campaign.Evidence.Add(sighting.Token(i), member.Mark, sighting.Time);
    }

    private static Population Population()
    {
        var population = new Population();
        for (var i = 0; i < 20; i++) population.Add(Sightings.Of(i).Account, Traffic.Start, i % 2 == 0);
        for (var i = 10; i < 100; i++) population.Add(Sightings.Of(i).Account, Traffic.Start + (14 * 86_400_000L), i % 3 == 0, hops: i % 5 == 0);
        for (var i = 0; i < 9; i++) population.Models.Note("large", Sightings.Of(i).Account, Traffic.Start + i);
        for (var i = 0; i < 9; i++) population.Panel.Add(Sightings.Of(i).Account, new PanelReport(20_000 + i, (uint)(i % 2), new ConductProfile(0x0102030405060708UL * (ulong)i)));
        return population;
    }

    private static Decision Decision() => new()
    {
        Account = Cases.Account,
        Name = "someone",
        Number = 3,
        Time = Traffic.Start + 5,
        Verdict = Verdict.Throttle,
        Score = 0.9876,
        Campaign = Cases.First.ToString(),
        Reasons = [new Reason(ReasonCode.CampaignTemplate, EvidenceFamily.Template, Sightings.Head, 7.5f, 40, 0.5f), new Reason(ReasonCode.OwnBehaviour, EvidenceFamily.Template, default, 2, 9, 0), new Reason(ReasonCode.ExternalBan, EvidenceFamily.None, default, 0, 0, 0) { Text = "fraud — 詐欺" }],
        PolicyVersion = 7,
    };
}
