using AccountGrains.Core.Epochs;
using AccountGrains.Core.States;

namespace AccountGrains.Silo.Correlation;

/// <summary>Moves shards between silos, in pieces that fit a message.</summary>
internal sealed class ShardTransfer(EpochAgents agents, GrainCalls calls)
{
    private const int Piece = 512 * 1024;
    private readonly Dictionary<int, List<byte[]>> _arriving = [];

    /// <summary>Sends a shard to another silo; when that fails it stays.</summary>
    public async ValueTask<bool> ReleaseAsync(EpochSite site, int shard, SiloAddress to)
    {
        if (site.Shards[shard] is not { } state) return false;
        var writer = new StateWriter(Piece);
        state.Write(writer);
        var pieces = writer.ToArray().Chunk(Piece).ToArray();
        for (var i = 0; i < pieces.Length; i++)
        {
            var number = i;
            if (await calls.TryAsync(pieces[i], p => GrainCalls.DoneAsync(agents.At(to).AdoptAsync(shard, number, pieces.Length, p))).ConfigureAwait(true) is null) return false;
        }

        site.Release(shard);
        return true;
    }

    /// <summary>Takes in a piece of a shard; with the last one the shard is here.</summary>
    public void Adopt(EpochSite site, int shard, int piece, int pieces, byte[] state)
    {
        if (piece == 0) _arriving[shard] = [];
        if (!_arriving.TryGetValue(shard, out var arrived) || arrived.Count != piece) throw new InvalidOperationException($"Piece {piece} of shard {shard} came out of turn.");
        arrived.Add(state);
        if (arrived.Count < pieces) return;
        _arriving.Remove(shard);
        var reader = new StateReader(arrived.SelectMany(a => a).ToArray());
        site.Shards.Adopt(shard, CorrelationShard.Read(ref reader));
    }
}
