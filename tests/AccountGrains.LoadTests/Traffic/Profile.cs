using System.Globalization;
using System.Text.Unicode;
using AccountGrains.Core;
using AccountGrains.Core.Door;
using AccountGrains.Core.Sketches;

namespace AccountGrains.LoadTests.Traffic;

/// <summary>
/// What an account is like, by its number alone, so that any number of accounts needs no memory: its network, client, card and templates in about the
/// proportions of the scenarios' innocent accounts. A quarter sits behind carriers' shared addresses.
/// </summary>
internal static class Profile
{
    private const int Networks = 60;
    private const int SharedAddresses = 96;
    private const int Stacks = 48;
    private const int Frameworks = 6;
    private static readonly string[] Models = ["atlas-large-3", "atlas-small-3", "atlas-large-4"];
    private static readonly string[] Capabilities = ["chat", "coding", "reasoning", "tool_use", "translation", "extraction", "writing"];

    /// <summary>The account's id.</summary>
    public static AccountId IdOf(int account) => new(1, Wide(1, account));

    /// <summary>The account's name, as the door leaves one that it has not seen lately.</summary>
    public static AccountName NameOf(int account)
    {
        Span<byte> utf8 = stackalloc byte[AccountName.MostInPlace];
        Utf8.TryWrite(utf8, CultureInfo.InvariantCulture, $"acct_{account:x10}", out var written);
        return new AccountName(utf8[..written]);
    }

    /// <summary>A request of an account; <paramref name="draw"/> is a random number, and what changes from one request to the next comes from it.</summary>
    public static AccountInput Request(int account, ulong draw, long time, TrafficOptions options)
    {
        var self = Mixing.Mix64((ulong)account + 1);
        var network = (int)(self % Networks);
        var shared = (self >> 8) % 4 == 0;
        var address = shared ? network * 1_000L + (long)(draw % SharedAddresses) : 1_000_000L + account;
        return new AccountInput
        {
            Type = ObservationType.Request,
            Time = time,
            Account = IdOf(account),
            Name = NameOf(account),
            Request = Math.Max(1, draw),
            KeyId = 1,
            Ip = Wide(2, address),
            Prefix = Wide(3, shared ? network * 1_000L : 1_000_000L + (account / 8)),
            Asn = Wide(4, network),
            Ja4 = Wide(5, StackOf(self)),
            UserAgent = Wide(6, StackOf(self)),
            Payment = (self >> 16) % 10 < 7 ? Wide(7, account) : 0,
            Model = Models[self % 3],
            Capability = Capabilities[draw % (ulong)Capabilities.Length],
            InputTokens = 100 + (long)(draw % 900),
            OutputTokens = 50 + (long)((draw >> 10) % 900),
            Status = 200,
            Sketch = SketchOf(account, self, draw, options),
            ReasoningElicitation = -1,
        };
    }

    // Own prompts: all tokens new. A template of its own or a framework's: the ends stay, and of the body one token changes, as its slot's words do.
    private static TemplateSketch SketchOf(int account, ulong self, ulong draw, TrafficOptions options)
    {
        var sketch = new TemplateSketch();
        var free = (self >> 20) % 1_000 < options.FreePrompts * 1_000;
        var template = (self >> 32) % 8 == 0 ? (self >> 40) % Frameworks : 1_000 + (ulong)account;
        for (var i = 0; i < TemplateSketch.Length; i++)
        {
            var seed = free || i == TemplateSketch.Length - 1 ? Mixing.Join(draw, (ulong)i) : Mixing.Join(template, (ulong)i + 100);
            sketch[i] = Math.Max(1, seed);
        }

        return sketch;
    }

    private static long StackOf(ulong self)
    {
        // Some stacks are very common: of each pair of numbers the smaller one counts.
        var first = (self >> 24) % Stacks;
        var second = (self >> 48) % Stacks;
        return (long)Math.Min(first, second);
    }

    private static UInt128 Wide(int kind, long value)
    {
        var low = Mixing.Join((ulong)kind, (ulong)value);
        return new UInt128(Mixing.Mix64(low), Math.Max(1, low));
    }
}
