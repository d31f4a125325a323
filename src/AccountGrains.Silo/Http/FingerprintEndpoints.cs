using System.Globalization;
using AccountGrains.Abstractions.Accounts;
using AccountGrains.Abstractions.Fingerprints;
using AccountGrains.Core;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Door;
using AccountGrains.Silo.Correlation;
using AccountGrains.Silo.Http.Views;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AccountGrains.Silo.Http;

/// <summary>Shows fingerprints.</summary>
internal static class FingerprintEndpoints
{
    private const int MostNames = 20;

    /// <summary>Maps <c>GET /v1/fingerprints/{kind}/{value}</c>.</summary>
    public static void MapFingerprints(this IEndpointRouteBuilder routes) => routes.MapGet("/v1/fingerprints/{kind}/{**value}", GetAsync)
        .WithName("fingerprint").WithTags("fingerprints")
        .WithSummary("A fingerprint by its raw value or its kind:32hex form: how many accounts show it, what that is worth, recent accounts, campaigns.")
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<FingerprintView>, ProblemHttpResult>> GetAsync(
        string kind, string? value, HttpContext http, IGrainFactory grains, KeyRing keys, EpochService epochs, SnapshotHolder snapshots)
    {
        if (!FingerprintKinds.TryParse(kind, out var known)) return Problems.Parameter("kind", $"must be one of {string.Join(", ", FingerprintKinds.AllNames)}");
        if (!TryRead(known, RouteValue.Decode(http, value ?? ""), keys, out var fingerprint)) return Problems.NotFound("fingerprint");
        var snapshot = snapshots.Current;
        var stored = await grains.GetGrain<IFingerprintGrain>(fingerprint.GrainKey).GetAsync().ConfigureAwait(false);
        if (stored.Payload.Length == 0)
        {
            // Only then: the first-seen table forgets at a restart, and counts anew what the grain has counted long ago.
            var accounts = await epochs.WaitingAsync(fingerprint).ConfigureAwait(false);
            return accounts > 0 ? TypedResults.Ok(FingerprintView.Of(fingerprint, accounts, snapshot.Population.Active)) : Problems.NotFound("fingerprint");
        }

        var state = FingerprintState.Read(stored.Payload);
        return TypedResults.Ok(FingerprintView.Of(fingerprint, state.Accounts, snapshot.Population.Active) with
        {
            Weight = Math.Round(state.WeightIn(snapshot.Population, snapshot.Policy), 4),
            FirstSeen = Json.TimeOrNull(state.FirstSeen),
            LastSeen = Json.TimeOrNull(state.LastSeen),
            NewPerHour = Math.Round(state.NewPerHour, 4),
            Banned = state.Banned,
            RecentAccounts = await NamesAsync(grains, state.Recent.Reverse().Distinct().Take(MostNames)).ConfigureAwait(false),
            Campaigns = [.. snapshot.Campaigns.Where(c => c.TryGet(fingerprint.Token, out _)).Select(c => c.Id).Order().Select(id => id.ToString())],
        });
    }

    private static bool TryRead(FingerprintKind kind, string value, KeyRing keys, out Fingerprint fingerprint)
    {
        // Only with the kind before them are digits an id: by themselves they may well be what somebody calls a card or a device.
        if (!TryReadId(kind, value, out var id)) return keys.TryFingerprint(kind, value, out fingerprint);
        fingerprint = new Fingerprint(kind, keys.KeyId, id);
        return true;
    }

    private static bool TryReadId(FingerprintKind kind, string value, out UInt128 id)
    {
        id = default;
        var start = kind.Name().Length + 1;
        return value.Length == start + 32 && value.StartsWith(kind.Name() + ":", StringComparison.Ordinal)
            && UInt128.TryParse(value.AsSpan(start), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out id);
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(IGrainFactory grains, IEnumerable<AccountId> accounts)
    {
        var states = await Task.WhenAll(accounts.Select(a => grains.GetGrain<IAccountGrain>(a.ToString()).GetAsync().AsTask())).ConfigureAwait(false);
        return [.. states.Select(s => s.Name).OfType<string>().Where(n => n.Length > 0)];
    }
}
