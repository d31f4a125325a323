using AccountGrains.Core.Accounts;
using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Door;
using AccountGrains.Core.Policies;
using AccountGrains.Core.Sketches;
using AccountGrains.Core.Tests.Accounts;
using AccountGrains.Core.Tests.Correlation;
using AccountGrains.Core.Tests.Epochs;

namespace AccountGrains.Core.Tests.Campaigns;

/// <summary>What accounts sent before they were watched is known by the heads of it that they tell.</summary>
public sealed class EarlierHeadsTests
{
    private static readonly TemplateSketch Other = Traffic.Prompt(5, new Random(5), 0);

    [Fact]
    public void Close_WithAPromptThatOthersSentBefore_CountsThemAsItsHolders()
    {
        Sighting[] sightings = [.. Enumerable.Range(0, 6).Select(i => Sightings.Of(i, trail: Sightings.TrailOf(Other[0])))];
        var campaign = Campaign.Found(Cases.First, new Proposal(Sightings.Head, sightings, 30), Traffic.Start);
        CampaignsOf.Close(campaign, Traffic.Start, sightings, []);

        var outcome = CampaignsOf.Close(campaign, Traffic.Start + 60_000, [], [CampaignsOf.Request(Cases.First, Sightings.Of(0, sketch: Other, time: Traffic.Start + 1))]);

        Assert.True(outcome.Signature.TryGet(Sighting.TokenOf(Other[0], 0, 1).Token, out var head));
        Assert.Equal((6, true), (head.Seen, head.Strong));
        Assert.False(outcome.Signature.TryGet(Sighting.TokenOf(Other[2], 2, 1).Token, out _));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Observe_OfWorkOfACampaign_CountsTheHeadsThatTheAccountSentBefore(bool before)
    {
        var state = new AccountState(Cases.Account) { Name = "someone" };
        var prompt = Traffic.Prompt(0, new Random(1), 0);
        for (var i = 0; i < 3; i++) Observe(state, Core.Correlation.Snapshot.Empty(Policy.Default), before ? Varied(Other, i) : Traffic.Prompt(50, new Random(i), 0), i);

        Observe(state, Known(prompt, Other), prompt, 4);

        var slot = Assert.Single(state.Case!.Slots);
        Assert.Equal((1, 1), (slot.Matched, slot.Requests));
        Assert.Equal(before, slot.Own > -2);
        Assert.Equal(Verdict.Allow, state.Verdict);
    }

    private static TemplateSketch Varied(TemplateSketch sketch, int variation)
    {
        sketch[2] = (ulong)variation + 1;
        return sketch;
    }

    private static void Observe(AccountState state, Core.Correlation.Snapshot snapshot, TemplateSketch sketch, int number) => AccountRules.Observe(state,
        Traffic.Input("someone", ObservationType.Request, Traffic.Start + (number * 400_000L)) with { Account = Cases.Account, Request = (ulong)number + 1, Sketch = sketch }, snapshot);

    private static Core.Correlation.Snapshot Known(params TemplateSketch[] sketches)
    {
        SignatureEntry[] entries = [.. sketches.SelectMany(s => Enumerable.Range(0, 4).Select(i => new SignatureEntry(Sighting.TokenOf(s[i], i, 1), 6, 6, 6, 0.1f, true)))];
        return Core.Correlation.Snapshot.Empty(Policy.Default).Next(Policy.Default, new PopulationView(10_000, 100), [Cases.Signature(Cases.First, entries: entries)], [], null);
    }
}
