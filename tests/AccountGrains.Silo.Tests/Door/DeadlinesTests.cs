using AccountGrains.Abstractions.Accounts;
using AccountGrains.Core;
using AccountGrains.Silo.Door;

namespace AccountGrains.Silo.Tests.Door;

public sealed class DeadlinesTests
{
    [Fact]
    public async Task WaitAsync_ForACallThatAnswersInTime_GivesTheAnswer()
    {
        using var deadlines = new Deadlines(TimeSpan.FromMinutes(1));
        var call = new TaskCompletionSource<VerdictReply?>();

        var waiting = deadlines.WaitAsync(new ValueTask<VerdictReply?>(call.Task));
        call.SetResult(Reply(7));

        Assert.Equal(7, (await waiting)!.Value.DecisionNumber);
    }

    [Fact]
    public async Task WaitAsync_ForACallThatDoesNotAnswer_GivesNothingAtTheDeadline()
    {
        using var deadlines = new Deadlines(TimeSpan.FromMilliseconds(20));
        var call = new TaskCompletionSource<VerdictReply?>();

        var reply = await deadlines.WaitAsync(new ValueTask<VerdictReply?>(call.Task));

        Assert.Null(reply);
    }

    [Fact]
    public async Task WaitAsync_ForACallThatFails_FailsWithItsReason()
    {
        using var deadlines = new Deadlines(TimeSpan.FromMinutes(1));

        var waiting = deadlines.WaitAsync(new ValueTask<VerdictReply?>(Task.FromException<VerdictReply?>(new InvalidOperationException("no"))));

        await Assert.ThrowsAsync<InvalidOperationException>(() => waiting);
    }

    [Fact]
    public async Task WaitAsync_ForManyCallsOfWhichSomeAnswer_EndsEach()
    {
        using var deadlines = new Deadlines(TimeSpan.FromMilliseconds(20));
        var calls = Enumerable.Range(0, 1_000).Select(_ => new TaskCompletionSource<VerdictReply?>()).ToList();
        Task<VerdictReply?>[] waiting = [.. calls.Select(c => deadlines.WaitAsync(new ValueTask<VerdictReply?>(c.Task)))];

        for (var i = 0; i < calls.Count; i += 2) calls[i].TrySetResult(Reply(i));
        var replies = await Task.WhenAll(waiting);

        Assert.All(replies.Where((_, i) => i % 2 == 1), Assert.Null);
    }

    private static VerdictReply Reply(int number) => new() { Verdict = Verdict.Allow, DecisionNumber = number, Durable = true, Campaign = 0, Score = 0, Duplicate = false, Reasons = [] };
}
