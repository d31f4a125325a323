using AccountGrains.Core.Accounts;
using AccountGrains.Core.Door;
using AccountGrains.Core.Sketches;

namespace AccountGrains.Core.Tests.Accounts;

/// <summary>The fingerprints of an observation by the bits that stand for them.</summary>
public sealed class ReportSetTests
{
    [Fact]
    public void TryGetToken_IsThatOfTheFingerprint_AtEachBit()
    {
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            var input = Any(random);
            for (var bit = 0; bit < 48; bit++)
            {
                var fingerprint = ReportSet.At(input, bit);

                Assert.Equal(!fingerprint.IsNone, ReportSet.TryGetToken(input, bit, out var token));
                if (fingerprint.IsNone) continue;
                Assert.Equal(fingerprint.Token, token);
                Assert.Equal(fingerprint.Kind, ReportSet.KindAt(bit));
            }
        }
    }

    private static AccountInput Any(Random random)
    {
        var sketch = new TemplateSketch();
        for (var i = 0; i < TemplateSketch.Length; i++) sketch[i] = random.Next(3) == 0 ? 0 : (ulong)random.NextInt64();
        return new AccountInput
        {
            Type = ObservationType.Request,
            Time = 1,
            Account = new AccountId(1, 1),
            Name = "a",
            KeyId = (byte)random.Next(1, 256),
            Sketch = sketch,
            Ip = Value(random),
            Prefix = Value(random),
            Asn = Value(random),
            Ja4 = Value(random),
            UserAgent = Value(random),
            Payment = Value(random),
            Device = Value(random),
            Email = Value(random),
            Presented = Values(random),
            Issued = Values(random),
        };
    }

    private static UInt128[]? Values(Random random) => random.Next(3) == 0 ? null : [.. Enumerable.Range(0, random.Next(20)).Select(_ => Value(random))];

    // Also none, and one of which only the upper half says that it is there.
    private static UInt128 Value(Random random) => new(random.Next(3) == 0 ? 0 : (ulong)random.NextInt64(), random.Next(3) == 0 ? 0 : (ulong)random.NextInt64());
}
