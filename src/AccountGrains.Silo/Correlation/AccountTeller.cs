using AccountGrains.Abstractions.Messages;
using AccountGrains.Core;
using AccountGrains.Core.Epochs;
using AccountGrains.Silo.Accounts;
using Orleans.Runtime.Placement;

namespace AccountGrains.Silo.Correlation;

/// <summary>
/// Tells accounts where they stand. Nobody knows on which silo an account is, so every silo gets all that there is to tell in one message, and passes on
/// what is for its own; what is nowhere is told one by one. An account that is here and only shares something is left word, which costs no call: it is not judged for that before its next turn.
/// </summary>
internal sealed class AccountTeller(IGrainFactory grains, GrainCalls grainCalls, EpochAgents agents, LocalAccounts local)
{
    private const int Page = 1000;

    /// <summary>Tells those that are on this silo.</summary>
    public async ValueTask<Told> TellHereAsync(IReadOnlyList<AccountCall> calls)
    {
        int[] here = [.. Enumerable.Range(0, calls.Count).Where(i => local.Find(calls[i].Account) is not null)];
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
        AccountReply?[] replies = [.. calls.Select(TryLeaveWord)];
        int[] left = [.. Enumerable.Range(0, calls.Count).Where(i => replies[i] is null)];
        var called = await grainCalls.AllAsync([.. left.Select(i => calls[i])], TellOneAsync).ConfigureAwait(false);
        for (var i = 0; i < left.Length; i++) replies[left[i]] = called[i]?.Value;
        return replies;

        ValueTask<Message<AccountReply>> TellOneAsync(AccountCall call)
        {
            if (silos.Length > 1) RequestContext.Set(IPlacementDirector.PlacementHintKey, silos[(Mixing.Mix64(call.Account.Token) >> 32) % (uint)silos.Length]);
            return grains.Account(call.Account).TellAsync(new(call));
        }
    }

    private AccountReply? TryLeaveWord(AccountCall call) => call.Standings.Count == 0 && local.Find(call.Account)?.TryTell(call.Links) == true ? AccountReply.Nothing : null;
}
