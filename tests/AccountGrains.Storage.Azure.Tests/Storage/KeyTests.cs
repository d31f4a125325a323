using Orleans.Storage;

namespace AccountGrains.Storage.Azure.Tests.Storage;

/// <summary>Names of rows and blobs, and those that are refused because two states could have them.</summary>
public sealed class KeyTests
{
    private readonly TableKeys _keys = new("svc");
    private readonly BlobNames _names = new();

    [Theory]
    [InlineData("a1b2", "svc_account_a1b2")]
    [InlineData("A_b-c+d.e%f", "svc_account_A_b-c+d.e%f")]
    [InlineData("ключ", "svc_account_ключ")]
    public void TableKey_IsTheOfficialOne(string key, string expected) =>
        Assert.Equal(new TableKey(expected, "s"), _keys.Of("s", GrainId.Create("account", key)));

    [Theory]
    [InlineData("a/b", "'/'")]
    [InlineData("a\\b", "'\\'")]
    [InlineData("a#b", "'#'")]
    [InlineData("a?b", "'?'")]
    [InlineData("a\nb", "U+000A")]
    [InlineData("a\u0085b", "U+0085")]
    public void TableKey_ThatWouldNotBeItself_IsRefused(string key, string named)
    {
        Assert.Contains(named, Assert.Throws<ArgumentException>(() => _keys.Of("s", GrainId.Create("account", key))).Message, StringComparison.Ordinal);
        Assert.Contains("state name", Assert.Throws<ArgumentException>(() => _keys.Of(key, GrainId.Create("account", "a"))).Message, StringComparison.Ordinal);
        Assert.Contains("service id", Assert.Throws<ArgumentException>(() => new TableKeys(key).Of("s", GrainId.Create("account", "a"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TableKeys_OfTypesThatShareARow_AreRefused()
    {
        _keys.Of("s", GrainId.Create("account", "a_b"));
        _keys.Of("s", GrainId.Create("accounts", "b"));

        var refused = Assert.Throws<ArgumentException>(() => _keys.Of("s", GrainId.Create("account_a", "b")));

        Assert.Contains("'account' and 'account_a'", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() =>
        {
            var keys = new TableKeys("svc");
            keys.Of("s", GrainId.Create("account_a", "b"));
            return keys.Of("s", GrainId.Create("account", "a_b"));
        });
    }

    [Fact]
    public void TableKey_OfTheLongestLength_IsTaken_AndOneMoreIsNot()
    {
        var rest = "svc_account_".Length;

        Assert.Equal(1023, _keys.Of("s", GrainId.Create("account", new string('k', 1023 - rest))).Partition.Length);
        Assert.Throws<ArgumentException>(() => _keys.Of("s", GrainId.Create("account", new string('k', 1024 - rest))));
        Assert.Throws<ArgumentException>(() => _keys.Of(new string('s', 1024), GrainId.Create("account", "a")));
    }

    [Theory]
    [InlineData("a1b2", "s-account/a1b2.json")]
    [InlineData("a/b", "s-account/a/b.json")]
    [InlineData("a#b?c%2F", "s-account/a#b?c%2F.json")]
    public void BlobName_IsTheOfficialOne(string key, string expected) => Assert.Equal(expected, _names.Of("s", GrainId.Create("account", key)));

    [Theory]
    [InlineData("a\\b")]
    [InlineData("a\nb")]
    [InlineData("a/../b")]
    [InlineData("a/./b")]
    [InlineData("a./b")]
    public void BlobName_ThatAnAddressCannotHold_IsRefused(string key) =>
        Assert.Throws<ArgumentException>(() => _names.Of("s", GrainId.Create("account", key)));

    [Fact]
    public void BlobName_ThatTwoStatesWouldHave_IsRefused()
    {
        _names.Of("a", GrainId.Create("b-c", "k"));

        Assert.Throws<ArgumentException>(() => _names.Of("a-b", GrainId.Create("c", "k")));
        Assert.Throws<ArgumentException>(() => _names.Of("a", GrainId.Create("b/c", "k")));
        Assert.Throws<ArgumentException>(() => _names.Of("s", GrainId.Create("account", new string('k', 1010))));
    }
}
