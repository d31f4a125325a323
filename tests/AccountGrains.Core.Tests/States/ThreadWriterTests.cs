using AccountGrains.Core.States;

namespace AccountGrains.Core.Tests.States;

public sealed class ThreadWriterTests
{
    [Fact]
    public void BytesOf_WithinAnother_GivesBothWhole()
    {
        byte[]? inner = null;

        var outer = ThreadWriter.BytesOf(7, (writer, state) =>
        {
            writer.Int32(state);
            inner = ThreadWriter.BytesOf(9, static (w, s) => w.Int32(s));
            writer.Block(inner);
        });

        Assert.Equal([9, 0, 0, 0], inner);
        Assert.Equal([7, 0, 0, 0, 4, 0, 0, 0, 9, 0, 0, 0], outer);
    }

    [Fact]
    public void BytesOf_AfterOneThatFailed_HasNothingOfIt()
    {
        Assert.Throws<InvalidDataException>(() => ThreadWriter.BytesOf(0, static (writer, _) =>
        {
            writer.Int64(-1);
            throw new InvalidDataException();
        }));

        Assert.Equal([1], ThreadWriter.BytesOf((byte)1, static (writer, state) => writer.Byte(state)));
    }

    [Fact]
    public void Return_OfOneThatSomethingVeryLargeNeeded_DoesNotKeepIt()
    {
        ThreadWriter.BytesOf(new byte[1_000_000], static (writer, state) => writer.Bytes(state));

        var next = ThreadWriter.Take();

        Assert.InRange(next.Capacity, 1, 256 * 1024);
    }
}
