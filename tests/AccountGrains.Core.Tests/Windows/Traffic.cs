using AccountGrains.Core.Door;
using AccountGrains.Core.Sketches;
using CsCheck;

namespace AccountGrains.Core.Tests.Windows;

/// <summary>Observations of one account, generated or made by hand.</summary>
internal static class Traffic
{
    public const long Start = 1_777_593_600_000;

    private static readonly string?[] Capabilities = [null, "coding", "reasoning", "grading", "agentic-tool-use"];

    /// <summary>Up to two days of traffic in any order, some of it late.</summary>
    public static readonly Gen<AccountInput[]> Inputs =
        from inputs in Gen.Select(Gen.Long[0, 2 * 86_400_000], Gen.Int[0, 11], Gen.ULong[1, 40], Gen.Int[0, 4]).Array[1, 120]
        select inputs.Select(one => Make(Start + one.Item1, one.Item2, one.Item3, one.Item4)).ToArray();

    public static AccountInput Request(long time, ulong request = 0, long outputTokens = -1, int status = 0, ulong seed = 1)
    {
        var sketch = default(TemplateSketch);
        sketch[0] = Mixing.Mix64(seed);
        return Empty(ObservationType.Request, time) with
        {
            Request = request,
            InputTokens = 500,
            OutputTokens = outputTokens,
            Status = status,
            Ip = Mixing.Mix64(seed),
            Asn = Mixing.Mix64(seed / 4),
            Ja4 = Mixing.Mix64(seed / 8),
            Sketch = sketch,
            Capability = Capabilities[seed % 5],
            Plan = "pro",
        };
    }

    public static AccountInput Completion(long time, ulong request, long outputTokens = -1, int status = 0) =>
        Empty(ObservationType.Completion, time) with { Request = request, OutputTokens = outputTokens, Status = status };

    public static AccountInput Empty(ObservationType type, long time) => new()
    {
        Type = type,
        Time = time,
        Account = new AccountId(1, 7),
        Name = "acct_7",
        InputTokens = -1,
        OutputTokens = -1,
    };

    private static AccountInput Make(long time, int choice, ulong seed, int status) => choice switch
    {
        0 => Empty(ObservationType.Signup, time) with { Plan = "team", Organization = seed, Ip = seed },
        1 => Empty(ObservationType.Ban, time),
        2 or 3 => Completion(time, seed, 100, status * 125),
        _ => Request(time, seed, choice < 8 ? -1 : 900, status * 125, seed),
    };
}
