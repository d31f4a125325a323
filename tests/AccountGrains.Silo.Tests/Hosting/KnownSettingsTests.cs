using AccountGrains.Silo.Hosting;
using Microsoft.Extensions.Configuration;

namespace AccountGrains.Silo.Tests.Hosting;

public sealed class KnownSettingsTests
{
    [Theory]
    [InlineData("AccountGrains:Mode")]
    [InlineData("accountgrains:epoch:length")]
    [InlineData("AccountGrains:Storage:ConnectionStrings:1")]
    [InlineData("AccountGrains:Storage:Provider")]
    [InlineData("AccountGrains:Policy:ChallengeScore")]
    [InlineData("AccountGrains:Cluster:SiloPort")]
    [InlineData("AccountGrains:Silo:AccountAge")]
    [InlineData("AccountGrains:Storage:Azure:TryTimeout")]
    [InlineData("AccountGrains:Cluster:RebalanceCycle")]
    [InlineData("AccountGrains:Retention")]
    public void Check_OfASettingThatAnOptionReads_LetsItPass(string key) => KnownSettings.Check(Configuration(key));

    [Theory]
    [InlineData("AccountGrains:Bogus", "AccountGrains:Bogus is no setting")]
    [InlineData("AccountGrains:Epoch:Lenght", "AccountGrains:Epoch:Lenght is no setting. Known there: Length, Mode, Patience.")]
    [InlineData("AccountGrains:Silo:GatewayListRefreshPeriod", "AccountGrains:Silo:GatewayListRefreshPeriod is no setting")]
    [InlineData("AccountGrains:Storage:Azure:Retry", "AccountGrains:Storage:Azure:Retry is no setting")]
    [InlineData("AccountGrains:Policy:bogus", "AccountGrains:Policy:bogus is no setting")]
    public void Check_OfAMisspeltSetting_NamesItAndWhatIsKnown(string key, string message)
    {
        var refused = Assert.Throws<StartRefusedException>(() => KnownSettings.Check(Configuration(key)));

        Assert.StartsWith(message, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--urls", "http://localhost:9090")]
    [InlineData("--AccountGrains:Mode=shadow", "--urls=http://localhost:9090")]
    [InlineData("--Logging:LogLevel:Default", "Debug")]
    public void Check_OfACommandLineThatIsRead_LetsItPass(params string[] args) => KnownSettings.Check(args);

    [Theory]
    [InlineData("'--bogus' is no option", "--bogus")]
    [InlineData("'extra' is no option", "--urls", "http://localhost:9090", "extra")]
    [InlineData("'--AccountGrians:Mode=shadow' is no option", "--AccountGrians:Mode=shadow")]
    [InlineData("--AccountGrains:Epoch:Mode has no value", "--AccountGrains:Epoch:Mode")]
    public void Check_OfACommandLineThatIsNot_NamesTheWord(string message, params string[] args)
    {
        var refused = Assert.Throws<StartRefusedException>(() => KnownSettings.Check(args));

        Assert.StartsWith(message, refused.Message, StringComparison.Ordinal);
    }

    private static IConfiguration Configuration(string key) => new ConfigurationBuilder().AddInMemoryCollection([new(key, "1")]).Build();
}
