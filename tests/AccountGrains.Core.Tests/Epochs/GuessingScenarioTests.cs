using AccountGrains.Core.Campaigns;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.Door;
using AccountGrains.Core.Policies;

namespace AccountGrains.Core.Tests.Epochs;

/// <summary>Passwords of many accounts guessed from a few addresses, as real logs have it; and colleagues behind one address, who mistype theirs.</summary>
public sealed class GuessingScenarioTests
{
    private const long Second = 1000;
    private readonly List<AccountInput> _inputs = [];
    private ulong _number;

    [Fact]
    public void Observe_OfAccountsWhosePasswordsAreGuessed_ShowsThemAsACampaignWithItsReasons()
    {
        People();
        Guesses();

        var replay = new Replay(_inputs.OrderBy(i => i.Time));

        var campaign = Assert.Single(replay.Engine.Campaigns.Values, c => c.MemberCount > 0);
        Assert.Equal(CampaignStatus.Watched, campaign.Status);
        Assert.Equal(Enumerable.Range(0, 12).Select(n => $"guessed-{n:d2}"), campaign.MembersAfter(null).Select(m => m.Name).Order(StringComparer.Ordinal));
        Assert.Empty(replay.Restricted);
        var reason = Assert.Single(campaign.Reasons(Policy.Default), r => r.Code == ReasonCode.SharedRefusal);
        Assert.Equal(("shared-refusal", EvidenceFamily.Network, campaign.FoundedOn), (reason.Name, reason.Family, reason.Fingerprint));
        Assert.Equal($"{reason.Seen} accounts were refused all that they asked for at this address", reason.Detail);
        Assert.InRange(reason.Seen, 4, 12);
        Assert.InRange(reason.Expected, 0.0001, reason.Seen / 4.0);
        Assert.All(campaign.Reasons(Policy.Default), r => Assert.False(string.IsNullOrEmpty(r.Detail)));
    }

    [Fact]
    public void Observe_OfACampaignReadBackFromItsStore_GivesTheSameReasons()
    {
        People();
        Guesses();
        var campaign = Assert.Single(new Replay(_inputs.OrderBy(i => i.Time)).Engine.Campaigns.Values, c => c.MemberCount > 0);

        var read = CampaignCodec.Read(CampaignCodec.Write(campaign));

        Assert.Equal(campaign.Reasons(Policy.Default), read.Reasons(Policy.Default));
    }

    [Fact]
    public void Observe_OfColleaguesBehindOneAddressWhoMistypeTheirs_ShowsNone()
    {
        People();

        var replay = new Replay(_inputs.OrderBy(i => i.Time));

        Assert.Empty(replay.Findings.Groups);
        Assert.Empty(replay.Decisions);
    }

    /// <summary>Twelve accounts, each tried from two of six addresses, again on the next days, and always refused.</summary>
    private void Guesses()
    {
        for (var day = 0; day < 3; day++)
        {
            for (var i = 0; i < 12; i++)
            {
                for (var source = 0; source < 2; source++) Try($"guessed-{i:d2}", 500 + (ulong)((i + source) % 6), Day(day) + (7 * Traffic.Hour) + (((i * 2) + source) * 13 * Second), 401);
            }
        }
    }

    /// <summary>Twenty colleagues behind one address, of whom some mistype once a day, and eighty people at home.</summary>
    private void People()
    {
        for (var day = 0; day < 3; day++)
        {
            for (var i = 0; i < 20; i++)
            {
                if (i % 4 == day) Try($"colleague-{i:d2}", 1, Day(day) + (8 * Traffic.Hour) + (i * 47 * Second), 401);
                Try($"colleague-{i:d2}", 1, Day(day) + (8 * Traffic.Hour) + (i * 47 * Second) + (9 * Second), 200);
            }

            for (var i = 0; i < 80; i++) Try($"person-{i:d2}", 100 + (ulong)i, Day(day) + (i * 311 * Second), 200);
        }
    }

    private static long Day(int day) => Traffic.Start + (day * 24 * Traffic.Hour);

    private void Try(string name, ulong place, long time, int status) => _inputs.Add(Traffic.Input(name, ObservationType.Request, time) with
    {
        Request = Mixing.Mix64(++_number),
        Ip = Traffic.Id(30, place),
        Prefix = Traffic.Id(31, place),
        OutputTokens = 0,
        Status = (short)status,
    });
}
