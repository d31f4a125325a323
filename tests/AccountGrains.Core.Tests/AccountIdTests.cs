namespace AccountGrains.Core.Tests;

public sealed class AccountIdTests
{
    [Theory]
    [InlineData(1, "k1-000000000000000000000000000000ff")]
    [InlineData(255, "k255-000000000000000000000000000000ff")]
    public void ToUtf8_ForKeysOfOneAndOfThreeDigits_IsTheTextInUtf8(byte keyId, string expected)
    {
        var id = new AccountId(keyId, 255);

        var key = id.ToUtf8();

        Assert.Equal(expected, id.ToString());
        Assert.Equal(expected, System.Text.Encoding.UTF8.GetString(key));
    }
}
