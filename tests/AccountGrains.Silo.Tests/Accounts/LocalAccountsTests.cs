using AccountGrains.Abstractions.Accounts;
using AccountGrains.Core;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Door;
using AccountGrains.Silo.Accounts;

namespace AccountGrains.Silo.Tests.Accounts;

public sealed class LocalAccountsTests
{
    private readonly LocalAccounts _local = new();

    [Fact]
    public void Find_GivesThoseThatAreHere()
    {
        Loaded[] accounts = [.. Enumerable.Range(1, 1000).Select(i => new Loaded(new AccountId(1, (UInt128)i)))];
        foreach (var account in accounts) _local.Add(account);
        foreach (var account in accounts[..500]) _local.Remove(account);

        Assert.All(accounts[..500], a => Assert.Null(_local.Find(a.Account)));
        Assert.All(accounts[500..], a => Assert.Same(a, _local.Find(a.Account)));
    }

    [Fact]
    public void Remove_OfOneInWhosePlaceAnotherCame_LeavesTheOther()
    {
        Loaded first = new(new AccountId(1, 7)), second = new(new AccountId(1, 7));
        _local.Add(first);
        _local.Add(second);

        _local.Remove(first);

        Assert.Same(second, _local.Find(second.Account));
    }

    [Fact]
    public void Find_OfAnotherAccountWithTheSameToken_GivesNone()
    {
        var here = new Loaded(new AccountId(1, 7));
        AccountId other = new(1, ((UInt128)1 << 64) + 7);
        _local.Add(here);

        Assert.Equal(here.Account.Token, other.Token);
        Assert.Null(_local.Find(other));
        Assert.Same(here, _local.Find(here.Account));
        _local.Add(new Loaded(other));
        _local.Remove(here);
        Assert.NotNull(_local.Find(other));
        Assert.Null(_local.Find(here.Account));
    }

    private sealed record Loaded(AccountId Account) : ILocalAccount
    {
        public bool TryTell(IReadOnlyList<LinkNotice> links) => throw new NotSupportedException();

        public ValueTask<VerdictReply?> ObserveAsync(Observation observation) => throw new NotSupportedException();
    }
}
