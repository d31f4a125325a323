using AccountGrains.Core;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Decisions;
using AccountGrains.Core.Door;
using AccountGrains.Core.Epochs;
using AccountGrains.Core.Policies;

namespace AccountGrains.Benchmarks.Epochs;

/// <summary>A day of innocent accounts and of one operation with four cards, one network and one template.</summary>
internal static class Operation
{
    private const int Innocent = 300;
    private const int FirstMember = 10_000;
    private const int Members = 40;
    private const int Requests = 20_000;

    /// <summary>The observations in their order.</summary>
    public static List<AccountInput> Day()
    {
        var random = new Random(7);
        var day = new List<AccountInput>();
        for (var i = 0; i < Requests; i++)
        {
            var time = Samples.Start + (86_400_000L / Requests * i);
            day.Add(i % 5 == 0 ? Member(random.Next(Members), i, time) : Samples.Input(random.Next(Innocent), i, time));
        }

        return day;
    }

    /// <summary>An engine that has seen the day.</summary>
    public static Engine Found()
    {
        var engine = new Engine(Policy.Default);
        var decisions = new List<Decision>();
        foreach (var input in Day()) engine.Observe(input, decisions);
        engine.Close(decisions);
        return engine;
    }

    /// <summary>What a member of the operation shows.</summary>
    public static Sighting SightingOf(AccountId account)
    {
        var member = Enumerable.Range(0, Members).First(m => Samples.IdOf(FirstMember + m) == account);
        return Sighting.Of(Member(member, 1, Samples.Start), 0, 0, 0);
    }

    private static AccountInput Member(int member, int request, long time) => Samples.Input(FirstMember + member, request, time) with
    {
        Ip = Samples.Value(1, 99_000 + (member % 8)),
        Prefix = Samples.Value(2, 99_000),
        Ja4 = Samples.Value(4, 999),
        Payment = Samples.Value(6, 99_000 + (member % 4)),
        Sketch = Samples.Sketch(99_000, request),
    };
}
