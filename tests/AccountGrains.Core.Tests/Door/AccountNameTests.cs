using System.Text;
using System.Text.Json;
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
    public void Read_OfNull_IsEmpty()
    {
        var writer = new StateWriter();
        writer.Text(null);
        var reader = new StateReader(writer.Written);

        Assert.True(AccountName.Read(ref reader).IsEmpty);
        Assert.Equal(0, reader.Remaining);
    }

    [Fact]
    public void Read_OfAShortName_AllocatesNothing()
    {
        var writer = new StateWriter();
        new AccountName(new string('x', AccountName.MostInPlace)).Write(writer);

        var allocated = Allocation.Of(() =>
        {
            var reader = new StateReader(writer.Written);
            _ = AccountName.Read(ref reader);
        });

        Assert.Equal(0, allocated);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Write_AsJson_IsTheSameFromEitherForm(string text)
    {
        Assert.Equal(JsonOf(new AccountName(text)), JsonOf(new AccountName(Encoding.UTF8.GetBytes(text))));
    }

    [Fact]
    public void ANameOfNothing_IsEmpty()
    {
        Assert.True(default(AccountName).IsEmpty);
        Assert.True(new AccountName("").IsEmpty);
        Assert.Equal("", default(AccountName).ToString());
        Assert.Equal(new AccountName(""), default);
    }

    private static string JsonOf(AccountName name)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream)) name.Write(json);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
