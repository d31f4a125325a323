using AccountGrains.Core.Policies;
using AccountGrains.Silo.Policies;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AccountGrains.Silo.Tests.Policies;

public sealed class PolicyOptionsRulesTests
{
    public static TheoryData<string, Func<double, object>> Broken => new()
    {
        { "ThrottleScore", value => new PolicyOptions { ThrottleScore = 2 - value } },
        { "FamilyCap", value => new PolicyOptions { FamilyCap = 3 - value } },
        { "BurstSurprise", value => new PolicyOptions { BurstSurprise = 6 - value } },
        { "WorkShare", value => new PolicyOptions { WorkShare = 0.45 - value } },
        { "LenientShare", value => new PolicyOptions { LenientChance = 0.5 + value } },
    };

    [Theory]
    [MemberData(nameof(Broken), DisableDiscoveryEnumeration = true)]
    public void Validate_OfThresholdsThatContradictEachOther_NamesThem(string key, Func<double, object> options)
    {
        var failed = new PolicyOptionsRules().Validate(null, (PolicyOptions)options(0.01));

        Assert.True(failed.Failed);
        Assert.Contains($":{key} must be", failed.FailureMessage);
    }

    /// <summary>A replay may try what an invariant is worth; a silo may not.</summary>
    [Theory]
    [InlineData("FamiliesNeeded", "1")]
    [InlineData("PopularityFactor", "0.5")]
    public void AddPolicy_WithoutAnInvariant_IsRefused_AndNamesIt(string key, string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new($"{PolicyOptions.Section}:{key}", value)]).Build();
        using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddPolicy().BuildServiceProvider();

        var refused = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<PolicyOptions>>().Value);

        Assert.Contains($":{key} must be at least", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToPolicy_OfTheDefaults_IsTheDefaultPolicy()
    {
        var options = new PolicyOptions();

        Assert.True(new PolicyOptionsRules().Validate(null, options).Succeeded);
        Assert.Equal(Policy.Default, options.ToPolicy(Policy.Default.Mode));
    }

    [Fact]
    public void ToPolicy_OfEveryThreshold_HandsItOn()
    {
        foreach (var property in typeof(PolicyOptions).GetProperties().Where(p => p.PropertyType == typeof(double)))
        {
            var options = new PolicyOptions();
            property.SetValue(options, 0.123);

            Assert.Equal(0.123, typeof(Policy).GetProperty(property.Name)?.GetValue(options.ToPolicy(Policy.Default.Mode)));
        }
    }
}
