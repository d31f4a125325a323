using AccountGrains.Abstractions.Messages;
using AccountGrains.Core;
using AccountGrains.Core.Epochs;
using AccountGrains.Silo.Accounts;
using Orleans.Runtime.Placement;

namespace AccountGrains.Silo.Correlation;

/// <summary>
/// The accounts that are on this silo now, by their tokens, in parts that are locked one by one: there is an entry for each loaded account, so it is to be small. Of two accounts with one
/// token one may be taken to be here that is not, or not to be here that is: it is called all the same, wherever it is.
/// </summary>
internal sealed class LocalAccounts
{
    private const int Parts = 64;
    private readonly HashSet<ulong>[] _here = [.. Enumerable.Range(0, Parts).Select(_ => new HashSet<ulong>())];

    /// <summary>Notes that an account is here.</summary>
    public void Add(AccountId account)
    {
        var part = PartOf(account);
        lock (part) part.Add(account.Token);
    }

    /// <summary>Notes that it is gone.</summary>
    public void Remove(AccountId account)
    {
        var part = PartOf(account);
        lock (part) part.Remove(account.Token);
    }

    /// <summary>True when an account is here.</summary>
    public bool Contains(AccountId account)
    {
        var part = PartOf(account);
        lock (part) return part.Contains(account.Token);
    }

    private HashSet<ulong> PartOf(AccountId account) => _here[Mixing.Mix64(account.Token) % Parts];
}

/// <summary>
/// Tells accounts where they stand. Nobody knows on which silo an account is, so every silo gets all that there is to tell in one message, and passes on
/// what is for its own; what is nowhere is told one by one.
/// </summary>
internal sealed class AccountTeller(IGrainFactory grains, GrainCalls grainCalls, EpochAgents agents, LocalAccounts local)
{
    private const int Page = 1000;

    /// <summary>Tells those that are on this silo.</summary>
    public async ValueTask<Told> TellHereAsync(IReadOnlyList<AccountCall> calls)
    {
        int[] here = [.. Enumerable.Range(0, calls.Count).Where(i => local.Contains(calls[i].Account))];
        var replies = await TellAllAsync([.. here.Select(i => calls[i])]).ConfigureAwait(false);
        return new Told([.. here.Select((place, i) => (place, replies[i])).Where(r => r.Item2 is not null).Select(r => (r.place, r.Item2!))]);
    }

    /// <summary>Tells all, wherever they are; null stands for one that did not acknowledge it.</summary>
    public async ValueTask<AccountReply?[]> TellAsync(IReadOnlyList<AccountCall> calls)
    {
        var replies = new AccountReply?[calls.Count];
        var others = agents.Others;
        if (others.Count > 0)
        {
            var pages = calls.Chunk(Page).Select((page, i) => (Start: i * Page, Call: new TellCall(page)));
            foreach (var page in pages) await Task.WhenAll(others.Append(agents.Here).Select(silo => TellAtAsync(silo, page.Start, page.Call, replies))).ConfigureAwait(false);
        }

        int[] left = [.. Enumerable.Range(0, calls.Count).Where(i => replies[i] is null)];
        var rest = await TellAllAsync([.. left.Select(i => calls[i])], [.. others, agents.Here]).ConfigureAwait(false);
        for (var i = 0; i < left.Length; i++) replies[left[i]] = rest[i];
        return replies;
    }

    private async Task TellAtAsync(SiloAddress silo, int start, TellCall call, AccountReply?[] replies)
    {
        var told = await grainCalls.TryAsync(call, c => agents.At(silo).TellAsync(new(c))).ConfigureAwait(false);
        foreach (var (place, reply) in told?.Value.Replies ?? [])
        {
            if (place < call.Calls.Count) replies[start + place] = reply;
        }
    }

    /// <summary>An account that is nowhere is loaded where it is called, which would be here for all of them: each goes to one of the silos, by its token. Without any it stays here.</summary>
    private async ValueTask<AccountReply?[]> TellAllAsync(IReadOnlyList<AccountCall> calls, params SiloAddress[] silos)
    {
        var replies = await grainCalls.AllAsync(calls, TellOneAsync).ConfigureAwait(false);
        return [.. replies.Select(r => r?.Value)];

        ValueTask<Message<AccountReply>> TellOneAsync(AccountCall call)
        {
            if (silos.Length > 1) RequestContext.Set(IPlacementDirector.PlacementHintKey, silos[(Mixing.Mix64(call.Account.Token) >> 32) % (uint)silos.Length]);
            return grains.Account(call.Account).TellAsync(new(call));
        }
    }
}
