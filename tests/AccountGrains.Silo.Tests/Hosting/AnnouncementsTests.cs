using System.Text;
using AccountGrains.Silo.Hosting;
using AccountGrains.Silo.Tests.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace AccountGrains.Silo.Tests.Hosting;

public sealed class AnnouncementsTests
{
    [Fact]
    public async Task Stop_WhileNobodyReadsWhatIsSaid_Ends()
    {
        await using var app = await SiloApplication.BuildAsync(["--urls", "http://127.0.0.1:0"], builder =>
        {
            builder.Logging.ClearProviders();
            builder.Configuration.AddInMemoryCollection(HttpSilo.Settings());
        });
        using var pipe = new FullPipe();
        var announcements = new Announcements(app, pipe);
        announcements.Attach();

        await app.StartAsync(TestContext.Current.CancellationToken);
        await pipe.Reached;
        await app.StopAsync(TestContext.Current.CancellationToken);
        await announcements.StoppedAsync();

        Assert.True(app.Lifetime.ApplicationStopped.IsCancellationRequested);
    }

    /// <summary>Whoever writes to it waits until it is disposed.</summary>
    private sealed class FullPipe : TextWriter
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _read = new();

        public override Encoding Encoding => Encoding.UTF8;

        public Task Reached => _reached.Task;

        public override void WriteLine(string? value)
        {
            _reached.TrySetResult();
            _read.Task.GetAwaiter().GetResult();
        }

        protected override void Dispose(bool disposing)
        {
            _read.TrySetResult();
            base.Dispose(disposing);
        }
    }
}
