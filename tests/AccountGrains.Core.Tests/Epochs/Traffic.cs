using AccountGrains.Core.Door;
using AccountGrains.Core.Sketches;

namespace AccountGrains.Core.Tests.Epochs;

/// <summary>Traffic made by hand, seeded: a fleet that shares templates and cards, and innocents who share what innocents share.</summary>
internal sealed class Traffic(int seed)
{
    public const long Start = 1_777_593_600_000;
    public const long Hour = 3_600_000;

    private const ulong PlaceOf = 0x1000, CardOf = 0x2000, ClientOf = 0x3000, ArtefactOf = 0x4000;
    private readonly Random _random = new(seed);
    private readonly List<AccountInput> _inputs = [];
    private ulong _request;

    /// <summary>How long the traffic goes on, in milliseconds.</summary>
    public long Length { get; init; } = 24 * Hour;

    /// <summary>All of it, by time.</summary>
    public AccountInput[] Inputs => [.. _inputs.OrderBy(i => i.Time)];

    /// <summary>A fleet, a crowd, a NAT, a company, a batch job and an account that moves about.</summary>
    public static Traffic Mixed(int seed, long length = 24 * Hour) =>
        new Traffic(seed) { Length = length }.People(1500, 2).Nat(30, 4).Company(15, 6).BatchJob(300).Mover(24).Fleet(40, 8, 12);

    /// <summary>A keyed 128-bit id as the door would make it.</summary>
    public static UInt128 Id(ulong kind, ulong number) => new(Mixing.Join(kind, number), Mixing.Join(number, kind));

    public static AccountId AccountOf(string name) => new(1, Id(1, name.Aggregate(7UL, (hash, c) => Mixing.Join(hash, c))));

    public static AccountInput Input(string name, ObservationType type, long time) => new()
    {
        Type = type,
        Time = time,
        Account = AccountOf(name),
        Name = name,
        KeyId = 1,
        InputTokens = type == ObservationType.Request ? 500 : -1,
        OutputTokens = -1,
        ReasoningElicitation = -1,
    };

    /// <summary>A prompt of a template: its ends are the template's own, but for words that change now and then; its body is of the moment.</summary>
    public static TemplateSketch Prompt(ulong template, Random random, double noise = 0.1)
    {
        var sketch = default(TemplateSketch);
        for (var i = 0; i < TemplateSketch.Length; i++)
        {
            var own = i < 4 && random.NextDouble() >= noise;
            sketch[i] = own ? Mixing.Join(template + 1, (ulong)i) : (ulong)random.NextInt64() | 1;
        }

        return sketch;
    }

    /// <summary>Accounts of the same operation: new, with addresses of their own, a few cards, two templates and one wish.</summary>
    public Traffic Fleet(int accounts, int cards, int requests, int templates = 2)
    {
        for (var i = 0; i < accounts; i++)
        {
            var name = $"fleet-{i:d3}";
            var signup = Start + (long)(_random.NextDouble() * Length / 8);
            var card = Id(CardOf, (ulong)(10_000_000 + (i % cards)));
            _inputs.Add(Home(Input(name, ObservationType.Signup, signup), name) with { Payment = card });
            foreach (var time in Times(requests, signup + 60_000))
            {
                var prompt = Prompt(500_000 + (ulong)_random.Next(templates), _random);
                _inputs.Add(Home(Request(name, time), name) with { Payment = card, Capability = "reasoning", Sketch = prompt });
            }
        }

        return this;
    }

    /// <summary>
    /// Old accounts with cards, places and clients of their own that send the same templates: half of them together within eight seconds each quarter of an
    /// hour, or, the innocent twin, as often but each when it likes.
    /// </summary>
    public Traffic Batches(int accounts, int templates, bool together)
    {
        for (var time = Start + 100_000; time < Start + Length; time += Hour / 4)
        {
            var turn = Enumerable.Range(0, accounts).ToArray();
            _random.Shuffle(turn);
            foreach (var i in turn.Take(accounts / 2))
            {
                var name = $"batch-{i:d3}";
                var at = together ? time + _random.Next(8_000) : Start + (long)(_random.NextDouble() * Length);
                _inputs.Add(Home(Request(name, at), name) with { Payment = Id(CardOf, (ulong)(20_000_000 + i)), Capability = "grading", Sketch = Prompt(800_000 + (ulong)_random.Next(templates), _random) });
            }
        }

        return this;
    }

    /// <summary>Operators ban the first accounts of the fleet.</summary>
    public Traffic Bans(int accounts, long time)
    {
        for (var i = 0; i < accounts; i++) _inputs.Add(Input($"fleet-{i:d3}", ObservationType.Ban, time));
        return this;
    }

    /// <summary>
    /// Accounts that share nothing with the fleet but its templates, from half a minute after each other on; each request presents a thing that the fleet was
    /// handed: one of its own, or, published, always the same.
    /// </summary>
    public Traffic Heirs(string name, int accounts, long from, int requests, int templates = 2, bool? published = null)
    {
        for (var i = 0; i < accounts; i++)
        {
            var heir = $"{name}-{i:d2}";
            var turn = published is null ? null : new[] { Id(ArtefactOf, published.Value ? 0 : (ulong)i) };
            if (turn is not null) _inputs.Add(Home(Input($"fleet-{i:d3}", ObservationType.Completion, from - Hour), $"fleet-{i:d3}") with { Issued = turn });
            var started = from + (i * 30_000);
            for (var n = 0; n < requests; n++)
            {
                var prompt = Prompt(500_000 + (ulong)_random.Next(templates), _random);
                _inputs.Add(Home(Request(heir, n == 0 ? started : started + (long)(_random.NextDouble() * 6 * Hour)), heir) with { Payment = Id(CardOf, Mixing.Join(30_000_000, AccountOf(heir).Token)), Capability = "reasoning", Sketch = prompt, Presented = turn });
            }
        }

        return this;
    }

    /// <summary>People with a place, a card, a client and prompts of their own; the most popular client is shared by many of them.</summary>
    public Traffic People(int accounts, int requests)
    {
        for (var i = 0; i < accounts; i++)
        {
            var name = $"person-{i:d4}";
            var client = Id(ClientOf, (ulong)(i % 3 == 0 ? 1 : 1000 + i));
            if (i % 10 == 0) _inputs.Add(Home(Input(name, ObservationType.Signup, Start + i), name) with { Ja4 = client });
            foreach (var time in Times(requests, Start + 1000)) _inputs.Add(Home(Request(name, time), name) with { Ja4 = client, Payment = Id(CardOf, (ulong)i) });
        }

        return this;
    }

    /// <summary>Strangers behind one address: nothing else is shared.</summary>
    public Traffic Nat(int accounts, int requests)
    {
        for (var i = 0; i < accounts; i++)
        {
            var name = $"nat-{i:d3}";
            foreach (var time in Times(requests, Start + 1000)) _inputs.Add(From(Request(name, time), 77_777) with { Payment = Id(CardOf, (ulong)(5_000_000 + i)) });
        }

        return this;
    }

    /// <summary>The accounts of one declared organization: one place, one card, one client, one house prompt.</summary>
    public Traffic Company(int accounts, int requests)
    {
        for (var i = 0; i < accounts; i++)
        {
            foreach (var time in Times(requests, Start + 1000))
            {
                _inputs.Add(From(Request($"staff-{i:d2}", time), 88_888) with
                {
                    Payment = Id(CardOf, 9_999_999),
                    Organization = 4711,
                    Sketch = Prompt(600_000, _random),
                    Capability = "coding",
                });
            }
        }

        return this;
    }

    /// <summary>One account that sends the same prompt again and again.</summary>
    public Traffic BatchJob(int requests)
    {
        foreach (var time in Times(requests, Start + 1000)) _inputs.Add(Home(Request("batch", time), "batch") with { Sketch = Prompt(700_000, _random, 0) });
        return this;
    }

    /// <summary>One account on twelve addresses.</summary>
    public Traffic Mover(int requests)
    {
        ulong turn = 0;
        foreach (var time in Times(requests, Start + 1000)) _inputs.Add(From(Request("mover", time), 66_000 + (turn++ % 12)));
        return this;
    }

    private AccountInput Request(string name, long time) => Input(name, ObservationType.Request, time) with
    {
        Request = Mixing.Mix64(++_request),
        Model = "large",
        Capability = _random.Next(2) == 0 ? "coding" : "writing",
        OutputTokens = 100,
        Status = 200,
        Sketch = Prompt((ulong)_random.NextInt64(), _random),
    };

    private static AccountInput Home(in AccountInput input, string name) => From(input, Mixing.Mix64((ulong)AccountOf(name).Value)) with { Ja4 = Id(ClientOf, AccountOf(name).Token) };

    private static AccountInput From(in AccountInput input, ulong place) => input with
    {
        Ip = Id(PlaceOf, place),
        Prefix = Id(PlaceOf + 1, place),
        Asn = Id(PlaceOf + 2, place % 5),
        UserAgent = Id(ClientOf + 1, place % 7),
    };

    private List<long> Times(int count, long from)
    {
        var until = Start + Length;
        return Enumerable.Range(0, count).Select(_ => from + (long)(_random.NextDouble() * (until - from))).Order().ToList();
    }
}
