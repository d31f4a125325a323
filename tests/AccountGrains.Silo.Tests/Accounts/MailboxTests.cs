using AccountGrains.Core;
using AccountGrains.Core.Correlation;
using AccountGrains.Silo.Accounts;

namespace AccountGrains.Silo.Tests.Accounts;

public sealed class MailboxTests
{
    private Mailbox _mail;

    [Fact]
    public void Take_GivesWhatWasPutInItsOrder_Once()
    {
        Assert.True(_mail.TryPut([Link(1), Link(2)]));
        Assert.True(_mail.TryPut([Link(3)]));

        Assert.True(_mail.HasSome);
        Assert.Equal([1, 2, 3], _mail.Take().Select(l => l.Seen));
        Assert.False(_mail.HasSome);
        Assert.Empty(_mail.Take());
    }

    [Fact]
    public void TryPut_OfMoreThanThereIsRoomFor_PutsNoneOfIt()
    {
        Assert.True(_mail.TryPut([.. Enumerable.Range(1, Mailbox.Limit - 1).Select(Link)]));

        Assert.False(_mail.TryPut([Link(100), Link(101)]));
        Assert.True(_mail.TryPut([Link(102)]));
        Assert.False(_mail.TryPut([Link(103)]));

        Assert.Equal([.. Enumerable.Range(1, Mailbox.Limit - 1), 102], _mail.Take().Select(l => l.Seen));
        Assert.True(_mail.TryPut([Link(104)]));
    }

    [Fact]
    public void Close_GivesWhatWaits_AndNothingCanBePutAfterwards()
    {
        Assert.True(_mail.TryPut([Link(1)]));

        Assert.Equal(1, Assert.Single(_mail.Close()).Seen);

        Assert.False(_mail.TryPut([Link(2)]));
        Assert.False(_mail.HasSome);
        Assert.Empty(_mail.Take());
        Assert.Empty(_mail.Close());
        Assert.False(_mail.TryPut([Link(3)]));
    }

    [Fact]
    public async Task TryPut_FromManyThreadsWhileItIsTakenAndClosed_LosesAndDoublesNothing()
    {
        const int Threads = 4;
        var isClosed = false;
        var put = 0;
        var taken = new List<int>();
        var writers = Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() => Write(thread), TestContext.Current.CancellationToken)));

        while (taken.Count < 20_000) taken.AddRange(_mail.Take().Select(l => l.Seen));
        taken.AddRange(_mail.Close().Select(l => l.Seen));
        Volatile.Write(ref isClosed, true);
        await writers;

        Assert.Empty(_mail.Take());
        Assert.Equal(put, taken.Count);
        Assert.Equal(taken.Count, taken.Distinct().Count());

        void Write(int thread)
        {
            for (var next = thread; !Volatile.Read(ref isClosed);)
            {
                if (!_mail.TryPut([Link(next)])) continue;
                Interlocked.Increment(ref put);
                next += Threads;
            }
        }
    }

    private static LinkNotice Link(int seen) => new(new AccountId(1, 1), new Fingerprint(FingerprintKind.Ip, 1, 1), seen, 1, 1);
}
