using AccountGrains.Core;
using AccountGrains.Core.Correlation;
using AccountGrains.Silo.Accounts;

namespace AccountGrains.Silo.Tests.Accounts;

public sealed class MailroomTests
{
    private readonly Mailroom _room = new();
    private Mailbox _mail;

    [Fact]
    public void Take_GivesWhatWasPutInItsOrder_Once()
    {
        Assert.True(_room.TryPut(ref _mail, 1, [Link(1), Link(2)]));
        Assert.True(_room.TryPut(ref _mail, 1, [Link(3)]));

        Assert.True(_mail.HasSome);
        Assert.Equal([1, 2, 3], _room.Take(ref _mail, 1).Select(l => l.Seen));
        Assert.False(_mail.HasSome);
        Assert.Empty(_room.Take(ref _mail, 1));
    }

    [Fact]
    public void TryPut_OfMoreThanThereIsRoomFor_PutsNoneOfIt()
    {
        Assert.True(_room.TryPut(ref _mail, 1, [.. Enumerable.Range(1, Mailbox.Limit - 1).Select(Link)]));

        Assert.False(_room.TryPut(ref _mail, 1, [Link(100), Link(101)]));
        Assert.True(_room.TryPut(ref _mail, 1, [Link(102)]));
        Assert.False(_room.TryPut(ref _mail, 1, [Link(103)]));

        Assert.Equal([.. Enumerable.Range(1, Mailbox.Limit - 1), 102], _room.Take(ref _mail, 1).Select(l => l.Seen));
        Assert.True(_room.TryPut(ref _mail, 1, [Link(104)]));
    }

    [Fact]
    public void Close_GivesWhatWaits_AndNothingCanBePutAfterwards()
    {
        Assert.True(_room.TryPut(ref _mail, 1, [Link(1)]));

        Assert.Equal(1, Assert.Single(_room.Close(ref _mail, 1)).Seen);

        Assert.False(_room.TryPut(ref _mail, 1, [Link(2)]));
        Assert.False(_mail.HasSome);
        Assert.Empty(_room.Take(ref _mail, 1));
        Assert.Empty(_room.Close(ref _mail, 1));
        Assert.False(_room.TryPut(ref _mail, 1, [Link(3)]));
    }

    [Fact]
    public async Task TryPut_FromManyThreadsWhileItIsTakenAndClosed_LosesAndDoublesNothing()
    {
        const int Threads = 4;
        var isClosed = false;
        var put = 0;
        var taken = new List<int>();
        var writers = Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() => Write(thread), TestContext.Current.CancellationToken)));

        while (taken.Count < 20_000) taken.AddRange(_room.Take(ref _mail, 1).Select(l => l.Seen));
        taken.AddRange(_room.Close(ref _mail, 1).Select(l => l.Seen));
        Volatile.Write(ref isClosed, true);
        await writers;

        Assert.Empty(_room.Take(ref _mail, 1));
        Assert.Equal(put, taken.Count);
        Assert.Equal(taken.Count, taken.Distinct().Count());

        void Write(int thread)
        {
            for (var next = thread; !Volatile.Read(ref isClosed);)
            {
                if (!_room.TryPut(ref _mail, 1, [Link(next)])) continue;
                Interlocked.Increment(ref put);
                next += Threads;
            }
        }
    }

    [Fact]
    public void TryPut_ForManyAccounts_GivesEachItsOwn_AndUsesTheRoomAgain()
    {
        const int Boxes = 200;
        var room = new Mailroom(capacity: 64 * 1_000);
        var boxes = new Mailbox[Boxes];
        var random = new Random(7);
        var expected = new List<int>[Boxes];
        for (var i = 0; i < Boxes; i++) expected[i] = [];
        for (var step = 1; step < 50_000; step++)
        {
            var i = random.Next(Boxes);
            if (random.Next(4) == 0)
            {
                Assert.Equal(expected[i], room.Take(ref boxes[i], 1).Select(l => l.Seen));
                expected[i].Clear();
            }
            else if (room.TryPut(ref boxes[i], 1, [Link(step), Link(-step)]))
            {
                expected[i].AddRange([step, -step]);
            }
            else
            {
                Assert.True(expected[i].Count + 2 > Mailbox.Limit || expected.Sum(e => e.Count) + 2 > 1_000);
            }
        }

        for (var i = 0; i < Boxes; i++) Assert.Equal(expected[i], room.Close(ref boxes[i], 1).Select(l => l.Seen));
        Assert.All(boxes, box => Assert.False(box.HasSome));
    }

    [Fact]
    public void TryPut_WithoutRoomForAllAccounts_SaysSo_UntilSomeIsTaken()
    {
        var room = new Mailroom(capacity: 64 * 3);
        var (one, other) = (default(Mailbox), default(Mailbox));

        Assert.True(room.TryPut(ref one, 1, [Link(1), Link(2)]));
        Assert.False(room.TryPut(ref other, 1, [Link(3), Link(4)]));
        Assert.Equal([1, 2], room.Take(ref one, 1).Select(l => l.Seen));
        Assert.True(room.TryPut(ref other, 1, [Link(3), Link(4)]));
        Assert.Equal([3, 4], room.Take(ref other, 1).Select(l => l.Seen));
    }

    private static LinkNotice Link(int seen) => new(new AccountId(1, 1), new Fingerprint(FingerprintKind.Ip, 1, 1), seen, 1, 1);
}
