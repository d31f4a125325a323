using AccountGrains.Abstractions.Accounts;
using AccountGrains.Core;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Door;

namespace AccountGrains.Silo.Accounts;

/// <summary>An account that is loaded on this silo.</summary>
internal interface ILocalAccount
{
    /// <summary>Which.</summary>
    AccountId Account { get; }

    /// <summary>
    /// Leaves word of what it shares, from any thread, which it takes in at its next turn; false when it has no room for it, or does not take any more. Then it is to be called.
    /// </summary>
    bool TryTell(IReadOnlyList<LinkNotice> links);

    /// <summary>Takes an observation in at a turn of its own, from any thread; to be awaited once. Null when it goes and has not counted it: then it is to be called.</summary>
    ValueTask<VerdictReply?> ObserveAsync(Observation observation);
}

/// <summary>
/// The accounts that are on this silo now, by their tokens, in parts that are locked one by one: there is an entry for each loaded account, so it is to be small. Of two accounts with one
/// token one may be taken not to be here that is: it is called all the same, wherever it is. A part is locked for as long as one look-up takes, also for each observation at the door.
/// </summary>
internal sealed class LocalAccounts
{
    private const int Parts = 64;
    private readonly HashSet<ILocalAccount>.AlternateLookup<ulong>[] _here =
        [.. Enumerable.Range(0, Parts).Select(_ => new HashSet<ILocalAccount>(ByToken.Instance).GetAlternateLookup<ulong>())];

    /// <summary>Notes that an account is here.</summary>
    public void Add(ILocalAccount account)
    {
        var part = PartOf(account.Account);
        lock (part.Set)
        {
            part.Remove(account.Account.Token);
            part.Set.Add(account);
        }
    }

    /// <summary>Notes that it is gone; another that came in its place stays.</summary>
    public void Remove(ILocalAccount account)
    {
        var part = PartOf(account.Account);
        lock (part.Set)
        {
            if (part.TryGetValue(account.Account.Token, out var found) && found == account) part.Set.Remove(account);
        }
    }

    /// <summary>An account, null when it is not here.</summary>
    public ILocalAccount? Find(AccountId account)
    {
        var part = PartOf(account);
        lock (part.Set) return part.TryGetValue(account.Token, out var found) && found.Account == account ? found : null;
    }

    private HashSet<ILocalAccount>.AlternateLookup<ulong> PartOf(AccountId account) => _here[Mixing.Mix64(account.Token) % Parts];

    private sealed class ByToken : IEqualityComparer<ILocalAccount>, IAlternateEqualityComparer<ulong, ILocalAccount>
    {
        public static readonly ByToken Instance = new();

        public bool Equals(ILocalAccount? x, ILocalAccount? y) => x?.Account.Token == y?.Account.Token;

        public int GetHashCode(ILocalAccount obj) => GetHashCode(obj.Account.Token);

        public bool Equals(ulong alternate, ILocalAccount other) => other.Account.Token == alternate;

        public int GetHashCode(ulong alternate) => alternate.GetHashCode();

        // Nothing is added by its token alone.
        public ILocalAccount Create(ulong alternate) => throw new NotSupportedException();
    }
}
