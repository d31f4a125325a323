using System.Globalization;
using AccountGrains.Abstractions.Campaigns;
using AccountGrains.Core;
using AccountGrains.Core.Campaigns;
using AccountGrains.Silo.Http.Views;
using AccountGrains.Silo.Policies;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AccountGrains.Silo.Http;

/// <summary>Shows campaigns.</summary>
internal static class CampaignEndpoints
{
    private const int Parallel = 16;

    /// <summary>Maps <c>GET /v1/campaigns</c> and what is below it.</summary>
    public static void MapCampaigns(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/campaigns").WithTags("campaigns");
        group.MapGet("", ListAsync).WithName("campaigns").WithSummary("Campaigns by score, highest first; closed and merged ones only when asked for by status.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        group.MapGet("/{id}", GetAsync).WithName("campaign").WithSummary("One campaign: what it rests on, what it took, and what became known when.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/{id}/members", MembersAsync).WithName("campaign-members").WithSummary("The members of a campaign.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/{id}/timeline", TimelineAsync).WithName("campaign-timeline").WithSummary("What became known of a campaign when, oldest first.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Results<Ok<PageView<CampaignItem>>, ProblemHttpResult>> ListAsync(
        string? status, string? minScore, [AsParameters] PageQuery page, IGrainFactory grains, PolicyHolder policies)
    {
        if (!page.TryRead(out var limit, out var after, out var problem)) return problem!;
        CampaignStatus? wanted = null;
        if (status is not null && (wanted = Status(status)) is null) return Problems.Parameter("status", "must be watched, active, dormant, closed or merged");
        var least = 0.0;
        if (minScore is not null && !(double.TryParse(minScore, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out least) && least <= 1)) return Problems.Parameter("minScore", "must be a number from 0 to 1");
        var last = (Score: double.MaxValue, Id: default(CampaignId));
        if (after is not null && !TryPlace(after, out last)) return PageQuery.BadCursor();

        var all = await AllAsync(grains).ConfigureAwait(false);
        var found = all
            .Where(c => wanted is null ? c.Status is not (CampaignStatus.Closed or CampaignStatus.Merged) : c.Status == wanted)
            .Where(c => c.Score >= least && (c.Score < last.Score || (c.Score == last.Score && c.Id > last.Id)))
            .OrderByDescending(c => c.Score).ThenBy(c => c.Id).Take(limit + 1).ToList();
        return TypedResults.Ok(new PageView<CampaignItem>
        {
            Items = [.. found.Take(limit).Select(c => CampaignItem.Of(c, policies.Current, withMembers: false))],
            Cursor = found.Count > limit ? PageQuery.Cursor(string.Create(CultureInfo.InvariantCulture, $"{found[limit - 1].Score:R} {found[limit - 1].Id}")) : null,
        });
    }

    private static async Task<Results<Ok<CampaignItem>, ProblemHttpResult>> GetAsync(string id, IGrainFactory grains, PolicyHolder policies) =>
        await FindAsync(id, grains).ConfigureAwait(false) is { } campaign ? TypedResults.Ok(CampaignItem.Alone(campaign, policies.Current)) : Problems.NotFound("campaign");

    private static async Task<Results<Ok<PageView<MemberItem>>, ProblemHttpResult>> MembersAsync(string id, [AsParameters] PageQuery page, IGrainFactory grains)
    {
        if (!page.TryRead(out var limit, out var after, out var problem)) return problem!;
        AccountId? last = null;
        if (after is not null)
        {
            if (!AccountId.TryParse(after, out var read)) return PageQuery.BadCursor();
            last = read;
        }

        if (await FindAsync(id, grains).ConfigureAwait(false) is not { } campaign) return Problems.NotFound("campaign");
        var found = campaign.MembersAfter(last).Take(limit + 1).ToList();
        return TypedResults.Ok(new PageView<MemberItem>
        {
            Items = [.. found.Take(limit).Select(MemberItem.Of)],
            Cursor = found.Count > limit ? PageQuery.Cursor(found[limit - 1].Account.ToString()) : null,
        });
    }

    private static async Task<Results<Ok<PageView<TimelineItem>>, ProblemHttpResult>> TimelineAsync(string id, [AsParameters] PageQuery page, IGrainFactory grains)
    {
        if (!page.TryRead(out var limit, out var after, out var problem)) return problem!;
        var first = 0;
        if (after is not null && !int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out first)) return PageQuery.BadCursor();
        if (await FindAsync(id, grains).ConfigureAwait(false) is not { } campaign) return Problems.NotFound("campaign");
        var found = campaign.Timeline.Skip(first).Take(limit).Select(TimelineItem.Of).ToList();
        var next = first + found.Count;
        return TypedResults.Ok(new PageView<TimelineItem>
        {
            Items = found,
            Cursor = next < campaign.Timeline.Count ? PageQuery.Cursor(next.ToString(CultureInfo.InvariantCulture)) : null,
        });
    }

    private static async ValueTask<Campaign?> FindAsync(string id, IGrainFactory grains)
    {
        if (!CampaignId.TryParse(id, out var known)) return null;
        var stored = await grains.GetGrain<ICampaignGrain>(known.ToString()).GetAsync().ConfigureAwait(false);
        return stored.Payload.Length == 0 ? null : CampaignCodec.Read(stored.Payload);
    }

    private static async Task<Campaign[]> AllAsync(IGrainFactory grains)
    {
        var ids = await grains.GetGrain<ICampaignIndexGrain>(0).ListAsync().ConfigureAwait(false);
        var found = new Campaign?[ids.Length];
        await System.Threading.Tasks.Parallel.ForAsync(0, ids.Length, new ParallelOptions { MaxDegreeOfParallelism = Parallel }, async (i, _) =>
            found[i] = await FindAsync(new CampaignId(ids[i]).ToString(), grains).ConfigureAwait(false)).ConfigureAwait(false);
        return [.. found.OfType<Campaign>()];
    }

    private static CampaignStatus? Status(string name)
    {
        foreach (var status in Enum.GetValues<CampaignStatus>())
        {
            if (Json.Name(status) == name) return status;
        }

        return null;
    }

    private static bool TryPlace(string after, out (double Score, CampaignId Id) place)
    {
        place = default;
        var space = after.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && double.TryParse(after.AsSpan(0, space), NumberStyles.Float, CultureInfo.InvariantCulture, out place.Score)
            && CampaignId.TryParse(after.AsSpan(space + 1), out place.Id);
    }
}
