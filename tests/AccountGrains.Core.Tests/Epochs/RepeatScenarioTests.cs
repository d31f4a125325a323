using AccountGrains.Core.Decisions;
using AccountGrains.Core.Door;
using AccountGrains.Core.Policies;
using AccountGrains.Core.Sketches;

namespace AccountGrains.Core.Tests.Epochs;

/// <summary>Pairs that send the same within a minute of each other, and more of the same before, amid what everybody passes on; and people who do no more than that.</summary>
public sealed class RepeatScenarioTests
{
    private const long Minute = 60_000;
    private const ulong Viral = 900_000;
    private const ulong Rare = 910_000;
    private readonly Random _random = new(5);
    private readonly List<AccountInput> _inputs = [];
    private ulong _number;

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    public void Observe_OfTwoThatRepeatEachOtherThreeTimesWithinAMinute_WatchesThemAsOne(int others)
    {
        PassOn(objects: 1, accounts: 60);
        for (ulong i = 0; i < 3; i++)
        {
            for (var n = 0; n < others; n++) Send($"person-{(int)(i * 40) + n}", Rare + i, At(30 + (13 * n)));
            Send("leader", Rare + i, At(180 + ((int)i * 3)));
            Send("parrot", Rare + i, At(180 + ((int)i * 3)) + 40_000);
        }

        var replay = Replayed();

        var campaign = Assert.Single(replay.Engine.Campaigns.Values, c => c.MembersAfter(null).Select(m => m.Name).Intersect(["leader", "parrot"]).Count() == 2);
        Assert.Contains(campaign.Reasons(Policy.Default), r => r.Code == ReasonCode.RepeatEachOther && r.Seen >= 2 && r.Expected < r.Seen);
        Assert.Empty(replay.Restricted);
    }

    [Theory]
    [InlineData(2, 40)]
    [InlineData(3, 5 * 60)]
    public void Observe_OfTwoThatRepeatEachOtherTwiceOrMinutesLater_LinksNobody(int times, int secondsLater)
    {
        PassOn(objects: 1, accounts: 60);
        for (var i = 0; i < times; i++)
        {
            Send("leader", Rare + (ulong)i, At(180 + (i * 11)));
            Send("other", Rare + (ulong)i, At(180 + (i * 11)) + (secondsLater * 1000));
        }

        Assert.Empty(Replayed().Findings.Groups);
    }

    [Fact]
    public void Observe_OfTwoThatRepeatEachOther_StayTogetherHoweverMuchElseTheySend()
    {
        PassOn(objects: 1, accounts: 60);
        for (ulong i = 0; i < 3; i++)
        {
            for (var n = 0; n < 4; n++) Send($"person-{n}", Rare + i, At(10 + (40 * n) + (int)i));
            Send("leader", Rare + i, At(180 + ((int)i * 3)));
            Send("parrot", Rare + i, At(180 + ((int)i * 3)) + 40_000);
        }

        for (var n = 0; n < 40; n++)
        {
            Send(n % 2 == 0 ? "leader" : "parrot", (ulong)_random.NextInt64(), At(200 + (n * 3)));
        }

        Assert.Contains(Replayed().Findings.Groups, g => g.Split(' ').Intersect(["leader", "parrot"]).Count() == 2);
    }

    [Fact]
    public void Observe_OfTwoOfOneOrganizationThatRepeatEachOther_LinksNobody()
    {
        PassOn(objects: 1, accounts: 60);
        for (ulong i = 0; i < 3; i++)
        {
            Send("build-1", Rare + i, At(180 + ((int)i * 3)), organization: 42);
            Send("build-2", Rare + i, At(180 + ((int)i * 3)) + 40_000, organization: 42);
        }

        Assert.Empty(Replayed().Findings.Groups);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Observe_OfPeopleWhoPassOnWhatEverybodyDoesWithinTheSameMinute_LinksNobody(int objects)
    {
        PassOn(objects, accounts: 120, within: Minute);

        var replay = Replayed();

        Assert.Empty(replay.Findings.Groups);
        Assert.Empty(replay.Restricted);
    }

    /// <summary>Many people send each of some objects; they all have prompts of their own too.</summary>
    private void PassOn(int objects, int accounts, long within = 60 * Minute)
    {
        for (var i = 0; i < 300; i++)
        {
            Send($"person-{i}", (ulong)_random.NextInt64(), At(_random.Next(10)));
            for (var o = 0; o < objects && i < accounts; o++) Send($"person-{i}", Viral + (ulong)o, At(20 + (o * 9)) + _random.NextInt64(within));
        }
    }

    private static long At(int minute) => Traffic.Start + (minute * Minute);

    private void Send(string name, ulong sent, long time, ulong organization = 0) => _inputs.Add(Traffic.Input(name, ObservationType.Request, time) with
    {
        Request = Mixing.Mix64(++_number),
        OutputTokens = 100,
        Status = 200,
        Organization = organization,
        Sketch = Of(sent),
    });

    /// <summary>All of it is the object's own.</summary>
    private static TemplateSketch Of(ulong sent)
    {
        var sketch = default(TemplateSketch);
        for (var i = 0; i < TemplateSketch.Length; i++) sketch[i] = Mixing.Join(sent + 1, (ulong)i);
        return sketch;
    }

    private Replay Replayed() => new(_inputs.OrderBy(i => i.Time));
}
