using System.Text;
using AccountGrains.Core;
using AccountGrains.Core.Correlation;
using AccountGrains.Core.Door;
using AccountGrains.Core.Sketches;

namespace AccountGrains.Benchmarks;

/// <summary>What the benchmarks work on, made from numbers alone.</summary>
internal static class Samples
{
    /// <summary>2026-05-01, in milliseconds since 1970.</summary>
    public const long Start = 1_777_593_600_000;

    /// <summary>A secret of zeros.</summary>
    public static KeyRing Keys() => new(new byte[32]);

    /// <summary>The door of a replay.</summary>
    public static DoorContext Door(KeyRing keys) => new(keys, new LabelCache(keys), 0, IsReplay: true);

    /// <summary>A text of about so many characters, in words of a vocabulary.</summary>
    public static string Text(int length, int seed = 1, bool chinese = false)
    {
        var random = new Random(seed);
        var text = new StringBuilder(length + 16);
        while (text.Length < length)
        {
            if (chinese) text.Append((char)random.Next(0x4E00, 0x9FA0));
            else text.Append(Word(random.Next(5_000))).Append(' ');
        }

        return text.ToString();
    }

    /// <summary>An observation as JSON.</summary>
    public static byte[] Json(int account, int request, string? prompt) => Encoding.UTF8.GetBytes(
        $$"""{"v":1,"type":"request","time":"2026-05-01T00:00:{{request % 60:d2}}.345Z","account":"acct_{{account:x10}}","requestId":"r{{request:x8}}","ip":"13.90.{{account % 200}}.{{account % 250}}","asn":63949,"country":"US","ja4":"t13d1516h2_7928af65b9a4_13e2e69d2f3b","userAgent":"python-sdk/1.10","payment":"pm_{{account:x12}}","device":"dev_{{account:x12}}","organization":"org_{{account % 100}}","plan":"pro","emailDomain":"example{{account % 500}}.com","model":"atlas-large-3","endpoint":"/v1/messages","capability":"coding","inputTokens":512,"outputTokens":900,"status":200{{(prompt is null ? "" : $",\"prompt\":\"{prompt}\"")}}}""");

    /// <summary>An observation behind the door.</summary>
    public static AccountInput Input(int account, int request, long time) => new()
    {
        Type = ObservationType.Request,
        Time = time,
        Account = IdOf(account),
        Name = "acct",
        Request = Mixing.Join((ulong)account, (ulong)request) | 1,
        KeyId = 1,
        Ip = Value(1, account),
        Prefix = Value(2, account / 8),
        Asn = Value(3, account % 60),
        Ja4 = Value(4, account % 48),
        UserAgent = Value(5, account % 48),
        Payment = Value(6, account),
        Model = "atlas-large-3",
        Capability = "coding",
        InputTokens = 512,
        OutputTokens = 900,
        Status = 200,
        Sketch = Sketch(account, request),
        ReasoningElicitation = -1,
    };

    /// <summary>An account's id.</summary>
    public static AccountId IdOf(int account) => new(1, Value(0, account));

    /// <summary>A value of a kind.</summary>
    public static UInt128 Value(int kind, long number) => new(Mixing.Join((ulong)kind, (ulong)number), Mixing.Join((ulong)number, (ulong)kind) | 1);

    /// <summary>A template of the account's own, of which one token changes with each request.</summary>
    public static TemplateSketch Sketch(int account, int request)
    {
        var sketch = new TemplateSketch();
        for (var i = 0; i < TemplateSketch.Length; i++) sketch[i] = Mixing.Join((ulong)(i == 7 ? request : 0) + 1, (ulong)((account * 8) + i)) | 1;
        return sketch;
    }

    /// <summary>What an observation shows.</summary>
    public static Sighting Sighting(int account, int request, long time) => Core.Correlation.Sighting.Of(Input(account, request, time), 0, 0, 0);

    private static string Word(int number)
    {
        const string Consonants = "bcdfghklmnprstvw";
        const string Vowels = "aeio";
        var word = new StringBuilder();
        for (var rest = number + 64; rest > 0; rest >>= 6) word.Append(Consonants[rest & 15]).Append(Vowels[(rest >> 4) & 3]);
        return word.ToString();
    }
}
