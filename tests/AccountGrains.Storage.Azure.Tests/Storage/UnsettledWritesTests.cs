using Orleans.Storage;

namespace AccountGrains.Storage.Azure.Tests.Storage;

public sealed class UnsettledWritesTests
{
    private readonly UnsettledWrites _writes = new(limit: 3);

    [Fact]
    public void Write_IsKnown_ByItsRecordETagAndPrint()
    {
        _writes.Add("a", "1", 7);

        Assert.True(_writes.Has("a", "1"));
        Assert.True(_writes.Knows("a", "1", 7));
        Assert.False(_writes.Knows("a", "1", 8));
        Assert.False(_writes.Knows("a", "2", 7));
        Assert.False(_writes.Knows("b", "1", 7));
    }

    [Fact]
    public void WritesFromOneETag_AddUp_AndTheOldestFallOut()
    {
        for (var print = 1; print <= 5; print++) _writes.Add("a", null, (UInt128)print);

        Assert.Equal([2, 3, 4, 5], Enumerable.Range(1, 5).Where(print => _writes.Knows("a", null, (UInt128)print)));
    }

    [Fact]
    public void WriteFromAnotherETag_ReplacesThem()
    {
        _writes.Add("a", "1", 7);
        _writes.Add("a", "2", 8);

        Assert.False(_writes.Has("a", "1"));
        Assert.True(_writes.Knows("a", "2", 8));
    }

    [Fact]
    public void Records_BeyondTheLimit_FallOutOldestFirst()
    {
        foreach (var record in (string[])["a", "b", "c", "a", "d"]) _writes.Add(record, "1", 1);

        Assert.Equal(3, _writes.Count);
        Assert.Equal(["a", "c", "d"], ((string[])["a", "b", "c", "d"]).Where(record => _writes.Has(record, "1")));
    }

    [Fact]
    public void ForgottenRecord_IsGone()
    {
        _writes.Add("a", "1", 1);

        _writes.Forget("a");
        _writes.Forget("b");

        Assert.False(_writes.Has("a", "1"));
        Assert.Equal(0, _writes.Count);
    }
}
