using AccountGrains.Abstractions.Accounts;
using AccountGrains.Core.Accounts;
using AccountGrains.Core.Door;
using AccountGrains.Silo.Http.Views;
using AccountGrains.Silo.Policies;
using AccountGrains.Silo.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AccountGrains.Silo.Http;

/// <summary>Shows accounts.</summary>
internal static class AccountEndpoints
{
    private const int MostDecisions = 50;

    /// <summary>Maps <c>GET /v1/accounts/{id}</c>.</summary>
    public static void MapAccounts(this IEndpointRouteBuilder routes) => routes.MapGet("/v1/accounts/{id}", GetAsync)
        .WithName("account").WithTags("accounts")
        .WithSummary("An account by its name: rolling behaviour as of its last event, links, campaigns, verdict with reasons, and decision history.")
        .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<AccountView>, ProblemHttpResult>> GetAsync(
        string id, HttpContext http, IGrainFactory grains, KeyRing keys, IDecisionLog log, PolicyHolder policies, CancellationToken cancellationToken)
    {
        var name = RouteValue.Decode(http, id);
        if (name.Length > AccountName.MaxLength) return Problems.NotFound("account");
        var account = keys.Account(name);
        var stored = await grains.GetGrain<IAccountGrain>(account.ToString()).GetAsync().ConfigureAwait(false);
        if (stored.Payload.Length == 0) return Problems.NotFound("account");
        var decisions = await log.ReadAccountAsync(account, MostDecisions, cancellationToken).ConfigureAwait(false);
        return TypedResults.Ok(AccountView.Of(AccountState.Read(account, stored.Name ?? name, stored.Payload), decisions, policies.Current.Mode, keys.KeyId));
    }
}
