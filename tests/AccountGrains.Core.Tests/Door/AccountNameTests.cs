using System.Text;
using AccountGrains.Core.Door;
using AccountGrains.Core.States;

namespace AccountGrains.Core.Tests.Door;

public sealed class AccountNameTests
{
    public static TheoryData<string> Names =>
    [
        "a", "账户", "ä", new string('x', AccountName.MostInPlace), new string('x', AccountName.MostInPlace + 1), new string('é', AccountName.MostInPlace / 2), new string('請', 256),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void ANameInUtf8_IsTheSameAsItsString(string text)
    {
        var name = new AccountName(Encoding.UTF8.GetBytes(text));

        Assert.Equal(text, name.ToString());
        Assert.Equal(new AccountName(text), name);
        Assert.Equal(new AccountName(text).GetHashCode(), name.GetHashCode());
        Assert.NotEqual(new AccountName(text + "b"), name);
        Assert.False(name.IsEmpty);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Write_IsTheSameFromEitherForm_AndIsRead(string text)
    {
        var (one, other) = (new StateWriter(), new StateWriter());
        new AccountName(text).Write(one);
        new AccountName(Encoding.UTF8.GetBytes(text)).Write(other);
        var reader = new StateReader(one.Written);

        var read = AccountName.Read(ref reader);

        Assert.Equal(text, read.ToString());
        Assert.Equal(0, reader.Remaining);
        Assert.Equal(one.ToArray(), other.ToArray());
    }

    [Fact]
    public void ANameOfNothing_IsEmpty()
    {
        Assert.True(default(AccountName).IsEmpty);
        Assert.True(new AccountName("").IsEmpty);
        Assert.Equal("", default(AccountName).ToString());
        Assert.Equal(new AccountName(""), default);
    }
}
