using System.Globalization;
using AccountGrains.Silo.Hosting;
using Microsoft.Extensions.Options;

namespace AccountGrains.Silo.Storage;

/// <summary>Keeps a silo away from servers that shared the states out in another way: it would find most of them nowhere, and start everybody anew.</summary>
internal sealed class ShardCheck(IStore store, IOptions<StorageOptions> options)
{
    private const string Connections = $"{StorageOptions.Section}:Storage:ConnectionStrings";

    // All stores are offered their places before one of them takes its own: where one has taken it, a store without an offer was never one of them.
    private const string Taken = "shard";
    private const string Offered = "shard-offered";

    /// <summary>
    /// Refuses the start when a server was another one of another number, or is none of those that are in use; nothing is written then. Where no server is in
    /// use yet it is recorded which they are; a start that breaks off while it records is completed by the next.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        string[] places = [.. Places(Math.Max(1, options.Value.Storage.ConnectionStrings.Count))];
        var taken = await FindAsync(Taken, places, cancellationToken).ConfigureAwait(false);
        if (Array.TrueForAll(taken, t => t is not null)) return;
        var offered = await FindAsync(Offered, places, cancellationToken).ConfigureAwait(false);
        if (Array.Exists(taken, t => t is not null)) RequireOffered(places, taken, offered);
        else await SetAsync(Offered, places, cancellationToken).ConfigureAwait(false);
        await SetAsync(Taken, places, cancellationToken).ConfigureAwait(false);
    }

    private static IEnumerable<string> Places(int count) => Enumerable.Range(1, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i} of {count}"));

    private async Task<string?[]> FindAsync(string name, string[] places, CancellationToken cancellationToken)
    {
        var found = new string?[places.Length];
        for (var i = 0; i < places.Length; i++)
        {
            found[i] = await store.PropertiesOf(i).GetAsync(name, cancellationToken).ConfigureAwait(false);
            Require(i, places[i], found[i] ?? places[i]);
        }

        return found;
    }

    private static void RequireOffered(string[] places, string?[] taken, string?[] offered)
    {
        for (var i = 0; i < places.Length; i++)
        {
            if (taken[i] is null && offered[i] is null) throw Refused(i, places[i], "is none of the stores that the others belong to");
        }
    }

    private async Task SetAsync(string name, string[] places, CancellationToken cancellationToken)
    {
        for (var i = 0; i < places.Length; i++)
        {
            Require(i, places[i], await store.PropertiesOf(i).SetIfAbsentAsync(name, places[i], cancellationToken).ConfigureAwait(false));
        }
    }

    private static void Require(int store, string place, string stored)
    {
        if (stored != place) throw Refused(store, place, $"was made as store {stored}");
    }

    private static StartRefusedException Refused(int store, string place, string was) => new(
        string.Create(CultureInfo.InvariantCulture, $"{Connections}:{store} is store {place}, and {was}, and the states lie where that puts them. ")
        + $"Set {Connections} to what it was, in the same order, or start with empty stores.");
}
