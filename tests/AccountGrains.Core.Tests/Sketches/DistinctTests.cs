using AccountGrains.Core.Sketches;
using AccountGrains.Core.States;
using CsCheck;

namespace AccountGrains.Core.Tests.Sketches;

public sealed class DistinctTests
{
    private static readonly Gen<ulong[]> Tokens = Gen.ULong[1, 400].Array[0, 120];

    [Fact]
    public void Sketch_UpToThirtyTwo_IsExact()
    {
        var sketch = new DistinctSketch();

        for (ulong token = 1; token <= 32; token++)
        {
            Assert.True(sketch.Add(token));
            Assert.False(sketch.Add(token));
            Assert.Equal(token, sketch.Count);
        }

        Assert.True(sketch.IsExact);
        Assert.True(sketch.Add(33));
        Assert.False(sketch.IsExact);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(256)]
    [InlineData(1024)]
    public void Sketch_OfManyTokens_IsWithinFourStandardErrors(int registers)
    {
        foreach (var number in new[] { 33, 100, 1_000, 10_000, 200_000 })
        {
            for (ulong run = 1; run <= 5; run++)
            {
                var sketch = new DistinctSketch(registers);
                for (var i = 0; i < number; i++) sketch.Add(Mixing.Join(run, (ulong)i));
                Assert.InRange(sketch.Count / number, 1 - (4 * 1.04 / Math.Sqrt(registers)), 1 + (4 * 1.04 / Math.Sqrt(registers)));
            }
        }
    }

    [Fact]
    public void SketchMerge_OfTwo_IsTheSketchOfTheUnionByteForByte() => Gen.Select(Tokens, Tokens).Sample((left, right) =>
    {
        var merged = SketchOf(left);

        merged.Merge(SketchOf(right));

        Assert.Equal(BytesOf(SketchOf([.. left, .. right])), BytesOf(merged));
    });

    [Fact]
    public void Sketch_ReadBack_IsTheSameByteForByte() => Tokens.Sample(tokens =>
    {
        var bytes = BytesOf(SketchOf(tokens));
        var reader = new StateReader(bytes);

        var read = DistinctSketch.Read(ref reader);

        Assert.Equal(0, reader.Remaining);
        Assert.Equal(bytes, BytesOf(read));
    });

    [Fact]
    public void Sketch_WithOddRegisters_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new DistinctSketch(100));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DistinctSketch(8));
        Assert.Throws<ArgumentException>(() => new DistinctSketch(64).Merge(new DistinctSketch(128)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0820")]
    [InlineData("0821")]
    [InlineData("03FF")]
    [InlineData("11FF")]
    public void Sketch_OfADamagedRecord_IsRefused(string hex)
    {
        var bytes = Convert.FromHexString(hex);

        Assert.Throws<InvalidDataException>(() =>
        {
            var reader = new StateReader(bytes);
            DistinctSketch.Read(ref reader);
        });
    }

    [Fact]
    public void Counter_OfManyTokens_IsWithinFourStandardErrors()
    {
        foreach (var number in new[] { 1, 5, 20, 60, 120, 1_000, 50_000 })
        {
            for (ulong run = 1; run <= 20; run++)
            {
                var counter = default(DistinctCounter);
                for (var i = 0; i < number; i++) counter.Add(Mixing.Join(run, (ulong)i));
                Assert.InRange(counter.Count / number, 1 - (4 * 1.04 / Math.Sqrt(32)), 1 + (4 * 1.04 / Math.Sqrt(32)));
            }
        }
    }

    [Fact]
    public void CounterMerge_OfTwo_IsTheCounterOfTheUnion() => Gen.Select(Tokens, Tokens).Sample((left, right) =>
    {
        var merged = CounterOf(left);

        merged.Merge(CounterOf(right));

        Assert.Equal(BytesOf(CounterOf([.. left, .. right])), BytesOf(merged));
    });

    private static DistinctSketch SketchOf(ulong[] tokens)
    {
        var sketch = new DistinctSketch(64);
        foreach (var token in tokens) sketch.Add(token);
        return sketch;
    }

    private static DistinctCounter CounterOf(ulong[] tokens)
    {
        var counter = default(DistinctCounter);
        foreach (var token in tokens) counter.Add(token);
        return counter;
    }

    private static byte[] BytesOf(DistinctSketch sketch)
    {
        var writer = new StateWriter();
        sketch.Write(writer);
        return writer.ToArray();
    }

    private static byte[] BytesOf(DistinctCounter counter)
    {
        var writer = new StateWriter();
        counter.Write(writer);
        return writer.ToArray();
    }
}
