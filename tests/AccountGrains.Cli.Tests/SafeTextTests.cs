namespace AccountGrains.Cli.Tests;

public sealed class SafeTextTests
{
    [Theory]
    [InlineData("acct_1", "acct_1")]
    [InlineData("Zoë 東京 😀", "Zoë 東京 😀")]
    [InlineData("a\u001b[2Jb", "a\uFFFD[2Jb")]
    [InlineData("a\r\nb\tc\u0085", "a\uFFFD\uFFFDb\uFFFDc\uFFFD")]
    [InlineData("evil\u202Etxt\u2066", "evil\uFFFDtxt\uFFFD")]
    [InlineData("a\u2028b", "a\uFFFDb")]
    public void Clean_OfAnyText_LeavesOnlyWhatATerminalShows(string text, string shown) => Assert.Equal(shown, SafeText.Clean(text));

    [Fact]
    public void Clean_OfHalfACharacter_ReplacesIt() => Assert.Equal("a\uFFFDb", SafeText.Clean("a" + (char)0xD800 + "b"));

    [Fact]
    public void Markup_OfBrackets_EscapesThem() => Assert.Equal("[[red]]x", SafeText.Markup("[red]x"));
}
