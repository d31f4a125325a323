using System.Globalization;
using AccountGrains.Silo.Http.Views;
using AccountGrains.Silo.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AccountGrains.Silo.Http;

/// <summary>Shows every change of a verdict.</summary>
internal static class DecisionEndpoints
{
    /// <summary>Maps <c>GET /v1/decisions</c>.</summary>
    public static void MapDecisions(this IEndpointRouteBuilder routes) => routes.MapGet("/v1/decisions", ListAsync)
        .WithName("decisions").WithTags("decisions")
        .WithSummary("Every change of a verdict, in the order in which they were recorded. Every page but an empty first one has a cursor, the last too: it gets what is recorded from then on.")
        .ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<Results<Ok<PageView<DecisionView>>, ProblemHttpResult>> ListAsync(
        [AsParameters] PageQuery page, IDecisionLog log, CancellationToken cancellationToken)
    {
        if (!page.TryRead(out var limit, out var after, out var problem)) return problem!;
        var sequence = 0L;
        if (after is not null && !long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out sequence)) return PageQuery.BadCursor();
        var found = await log.ReadAsync(sequence, limit, cancellationToken).ConfigureAwait(false);
        return TypedResults.Ok(new PageView<DecisionView>
        {
            Items = [.. found.Select(d => DecisionView.Of(d.Decision))],
            Cursor = found.Count > 0 ? PageQuery.Cursor(found[^1].Sequence.ToString(CultureInfo.InvariantCulture)) : after is null ? null : page.RawCursor,
        });
    }
}
