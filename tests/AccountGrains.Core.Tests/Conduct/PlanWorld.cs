using AccountGrains.Core.Accounts;
using AccountGrains.Core.Conduct;
using AccountGrains.Core.Door;
using AccountGrains.Core.Sketches;
using AccountGrains.Core.Tests.Epochs;

namespace AccountGrains.Core.Tests.Conduct;

/// <summary>
/// Six days of two plans through the single-threaded engine: people, who each differ from all others in one thing at most, and on a plan of its own machines, of
/// which all do what would be strange of a person. A model comes out on the fifth day.
/// </summary>
internal sealed class PlanWorld
{
    private const long Day = 24 * Traffic.Hour;
    private const int Days = 6;
    private const int People = 300;
    private const int Machines = 90;
    private static readonly Lazy<PlanWorld> Made = new(() => new PlanWorld());
    private readonly Random _random = new(5);
    private readonly List<AccountInput> _inputs = [];
    private readonly Replay _replay;
    private ulong _request;

    private PlanWorld()
    {
        for (var i = 0; i < People; i++) Live(Person($"person-{i}", i));
        for (var i = 0; i < Machines; i++) Live(Machine($"machine-{i}", i));
        foreach (var signal in Enum.GetValues<ConductSignal>().Where(s => s != ConductSignal.None)) Live(Strange(signal));
        Live(Strange(ConductSignal.NoRamp) with { Name = "migrated", Organization = 4711 });
        _replay = new Replay(_inputs.Where(i => i.Time < Traffic.Start + ((Days - 1) * Day) + (23 * Traffic.Hour)).OrderBy(i => i.Time));
    }

    public static PlanWorld One => Made.Value;

    public ConductNorms Norms => _replay.Engine.Snapshot.Norms;

    public IReadOnlyList<string> Restricted => _replay.Restricted;

    /// <summary>A copy of an account as the engine left it.</summary>
    public AccountState Copy(string name)
    {
        var state = _replay.Engine.Accounts[Traffic.AccountOf(name)];
        return AccountState.Read(state.Id, state.Name, state.Write());
    }

    private static Habits Person(string name, int number) => new(name)
    {
        SignupDay = number % 2 == 0 ? 1 + (number % 3) : -1,
        Rate = 14 + (number % 7),
        FirstRate = 4 + (number % 5),
        Tokens = 300 + (40 * (number % 9)),
        Moved = 0.05 * (number % 5),
        Elicitation = number % 4 == 0 ? 0.3f : 0,
    };

    private static Habits Machine(string name, int number) => new(name)
    {
        Plan = "scale",
        SignupDay = 1 + (number % 3),
        Rate = 60,
        FirstRate = 60,
        Tokens = 6_000,
        Flat = true,
        Templates = 1,
        Capabilities = 1,
        Elicitation = 1,
        Moved = 1,
    };

    private static Habits Strange(ConductSignal signal)
    {
        var person = Person($"strange-{signal}", signal == ConductSignal.NoRamp ? 2 : 1);
        return signal switch
        {
            ConductSignal.Rate => person with { Rate = 90, Tokens = 100 },
            ConductSignal.Tokens => person with { Tokens = 4_500 },
            ConductSignal.NoRamp => person with { FirstRate = 60 },
            ConductSignal.PlanUse => person with { Tokens = 40_000 },
            ConductSignal.NoRhythm => person with { Flat = true },
            ConductSignal.Repetition => person with { Templates = 1 },
            ConductSignal.Focus => person with { Capabilities = 1 },
            ConductSignal.Elicitation => person with { Elicitation = 1 },
            _ => person with { Moved = 1 },
        };
    }

    private void Live(Habits who)
    {
        var signup = Traffic.Start + (who.SignupDay * Day) + (8 * Traffic.Hour);
        if (who.SignupDay >= 0) _inputs.Add(Of(who, ObservationType.Signup, signup));
        for (var day = Math.Max(0, who.SignupDay); day < Days; day++)
        {
            var count = day == who.SignupDay ? who.FirstRate : who.Rate;
            for (var i = 0; i < count; i++)
            {
                var hour = who.Flat ? 24.0 * (i + 0.5) / count : 8 + (12 * _random.NextDouble());
                var time = Traffic.Start + (day * Day) + (long)(hour * Traffic.Hour);
                if (time > signup || who.SignupDay < 0) _inputs.Add(Request(who, time, day));
            }
        }
    }

    private AccountInput Request(Habits who, long time, int day) => Of(who, ObservationType.Request, time) with
    {
        Request = Mixing.Mix64(++_request),
        Model = day >= 4 && _random.NextDouble() < who.Moved ? "new" : "old",
        Capability = $"capability-{_random.Next(who.Capabilities)}",
        InputTokens = who.Tokens,
        OutputTokens = who.Tokens,
        ReasoningElicitation = who.Elicitation,
        Sketch = Sketch(who, _random.Next(who.Templates)),
    };

    private TemplateSketch Sketch(Habits who, int template) => Traffic.Prompt(Mixing.Join(Traffic.AccountOf(who.Name).Token, (ulong)template), _random, 0);

    private static AccountInput Of(Habits who, ObservationType type, long time) => Traffic.Input(who.Name, type, time) with
    {
        Plan = who.Plan,
        Organization = who.Organization,
        Ip = Traffic.Id(0x1000, Traffic.AccountOf(who.Name).Token),
    };

    private sealed record Habits(string Name)
    {
        public string Plan { get; init; } = "pro";

        public int SignupDay { get; init; }

        public int Rate { get; init; }

        public int FirstRate { get; init; }

        public long Tokens { get; init; }

        public bool Flat { get; init; }

        public int Templates { get; init; } = 12;

        public int Capabilities { get; init; } = 4;

        public float Elicitation { get; init; }

        public double Moved { get; init; }

        public ulong Organization { get; init; }
    }
}
