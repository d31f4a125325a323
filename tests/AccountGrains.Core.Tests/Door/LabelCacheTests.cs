using System.Text;
using AccountGrains.Core.Door;

namespace AccountGrains.Core.Tests.Door;

public sealed class LabelCacheTests
{
    private readonly LabelCache _labels = new(TestDoor.Keys());

    [Theory]
    [InlineData("pro", 1)]
    [InlineData("a", 64)]
    [InlineData("é", 32)]
    public void Intern_OfALabelThatFits_IsThatLabel(string part, int times)
    {
        var label = string.Concat(Enumerable.Repeat(part, times));

        Assert.Equal(label, Intern(label));
        Assert.Same(Intern(label), Intern(label));
    }

    [Theory]
    [InlineData("a", 65)]
    [InlineData("é", 33)]
    [InlineData("請", 256)]
    [InlineData("a😀", 85)]
    public void Intern_OfALongerLabel_IsItsStartAndAHash(string part, int times)
    {
        var label = string.Concat(Enumerable.Repeat(part, times));

        var kept = Intern(label);

        Assert.InRange(Encoding.UTF8.GetByteCount(kept), LabelCache.MaxBytes - 4, LabelCache.MaxBytes);
        Assert.StartsWith(kept.Split('~')[0], label, StringComparison.Ordinal);
        Assert.DoesNotContain('\uFFFD', kept);
        Assert.Matches("~[0-9a-f]{8}$", kept);
        Assert.Same(kept, Intern(label));
        Assert.NotEqual(kept, Intern(label + "b"));
    }

    [Fact]
    public void Intern_OfALongLabelUnderAnotherSecret_IsTheSame()
    {
        var label = new string('a', 256);

        Assert.Equal(Intern(label), new LabelCache(new KeyRing(new byte[32])).Intern(Encoding.UTF8.GetBytes(label)));
    }

    [Fact]
    public void Intern_OfAKnownLongLabel_AllocatesNothing()
    {
        var label = Encoding.UTF8.GetBytes(new string('é', 256));

        Assert.Equal(0, Allocation.Of(() => _labels.Intern(label)));
    }

    private string Intern(string label) => _labels.Intern(Encoding.UTF8.GetBytes(label));
}
