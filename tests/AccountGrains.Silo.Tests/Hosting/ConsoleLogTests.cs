using AccountGrains.Silo.Hosting;
using AccountGrains.Silo.Tests.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace AccountGrains.Silo.Tests.Hosting;

public sealed class ConsoleLogTests
{
    [Theory]
    [InlineData(null, ConsoleLoggerQueueFullMode.DropWrite)]
    [InlineData("Wait", ConsoleLoggerQueueFullMode.Wait)]
    public async Task QueueFullMode_IsDropWrite_UnlessItIsSet(string? setting, ConsoleLoggerQueueFullMode expected)
    {
        var settings = HttpSilo.Settings();
        if (setting is not null) settings.Add("Logging:Console:QueueFullMode", setting);

        await using var app = await SiloApplication.BuildAsync(["--urls", "http://127.0.0.1:0"], builder => builder.Configuration.AddInMemoryCollection(settings));

        Assert.Equal(expected, app.Services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.QueueFullMode);
    }
}
