using AccountGrains.Abstractions.Accounts;
using AccountGrains.Core;
using AccountGrains.Core.Door;
using AccountGrains.Silo.Accounts;

namespace AccountGrains.Silo.Tests.Accounts;

public sealed class ObservationTurnTests
{
    private readonly Turns _turns = new();

    [Fact]
    public async Task Take_GivesWhatTheAccountSays_OnceItHadItsTurn()
    {
        var first = TakeAsync(_ => VerdictReply.Unknown(duplicate: true));
        var second = TakeAsync(_ => null);
        Assert.False(first.IsCompleted || second.IsCompleted);

        _turns.Run();

        Assert.True((await first)!.Value.Duplicate);
        Assert.Null(await second);
    }

    [Fact]
    public async Task Take_OfAnAccountThatFails_Fails_AndTheNextDoesNot()
    {
        for (var i = 0; i < 100; i++)
        {
            var failing = TakeAsync(_ => throw new InvalidOperationException("no"));
            _turns.Run();
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await failing);

            var next = TakeAsync(o => VerdictReply.Unknown(o.Input.Request == 7));
            _turns.Run();
            Assert.True((await next)!.Value.Duplicate);
        }
    }

    [Fact]
    public async Task Take_AgainAndAgain_MakesNothingNew()
    {
        const int Count = 10_000;
        Account account = new(_ => null);
        Observation observation = new(Input());
        for (var i = 0; i < Count; i++) await RunAsync();
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < Count; i++) await RunAsync();

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Count);

        ValueTask<VerdictReply?> RunAsync()
        {
            var turn = ObservationTurn.TakeAsync(_turns, account, observation);
            _turns.Run();
            return turn;
        }
    }

    private ValueTask<VerdictReply?> TakeAsync(Func<Observation, VerdictReply?> observe) => ObservationTurn.TakeAsync(_turns, new Account(observe), new Observation(Input()));

    private static AccountInput Input() => new() { Type = ObservationType.Request, Time = 1, Account = new AccountId(1, 1), Name = "a", Request = 7 };

    private sealed class Account(Func<Observation, VerdictReply?> observe) : ITakesTurns
    {
        public VerdictReply? Observe(Observation observation) => observe(observation);
    }

    private sealed class Turns : IWorkItemScheduler
    {
        private readonly Queue<(Action<object> Action, object State)> _waiting = new();

        public void QueueAction(Action<object> action, object state) => _waiting.Enqueue((action, state));

        public void QueueAction(Action action) => throw new NotSupportedException();

        public void QueueTask(Task task) => throw new NotSupportedException();

        public void Run()
        {
            while (_waiting.TryDequeue(out var turn)) turn.Action(turn.State);
        }
    }
}
