using System.Globalization;
using AccountGrains.Silo.Hosting;
using Microsoft.Extensions.Options;

namespace AccountGrains.Silo.Storage;

/// <summary>Keeps a silo away from servers that shared the states out in another way: it would find most of them nowhere, and start everybody anew.</summary>
internal sealed class ShardCheck(IStore store, IOptions<StorageOptions> options)
{
    private const string Connections = $"{StorageOptions.Section}:Storage:ConnectionStrings";

    /// <summary>Refuses the start when a server was another one of another number; what no silo has used yet is recorded.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var count = Math.Max(1, options.Value.Storage.ConnectionStrings.Count);
        for (var i = 0; i < count; i++)
        {
            var now = string.Create(CultureInfo.InvariantCulture, $"{i + 1} of {count}");
            var stored = await store.PropertiesOf(i).SetIfAbsentAsync("shard", now, cancellationToken).ConfigureAwait(false);
            if (stored == now) continue;
            throw new StartRefusedException(string.Create(CultureInfo.InvariantCulture, $"{Connections}:{i} is store {now}, and was made as store {stored}, and the states lie where that puts them. ")
                + $"Set {Connections} to what it was, in the same order, or start with empty stores.");
        }
    }
}
