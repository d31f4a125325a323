using AccountGrains.Silo.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace AccountGrains.Silo.Policies;

/// <summary>
/// Puts another policy in force when the configuration changes, whole; one that is not valid is not taken, and the log says why.
/// </summary>
internal sealed partial class PolicyReload(
    IConfiguration configuration, IOptionsFactory<PolicyOptions> policies, IOptionsFactory<TrackerOptions> tracker, PolicyHolder holder, ILogger<PolicyReload> logger)
    : IHostedService, IDisposable
{
    private IDisposable? _changes;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _changes = ChangeToken.OnChange(configuration.GetReloadToken, Reload);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _changes?.Dispose();

    private void Reload()
    {
        try
        {
            var next = policies.Create(Options.DefaultName).ToPolicy(tracker.Create(Options.DefaultName).Mode);
            if (next with { Version = holder.Current.Version } == holder.Current) return;
            holder.Replace(next);
            Replaced(holder.Current.Version);
        }
        catch (Exception e) when (e is OptionsValidationException or InvalidOperationException)
        {
            Kept(holder.Current.Version, e.Message);
        }
    }

    [LoggerMessage(1600, LogLevel.Information, "Policy {Version} is in force")]
    private partial void Replaced(int version);

    [LoggerMessage(1601, LogLevel.Warning, "The configuration changed to a policy that is not valid; policy {Version} stays in force. {Reason}")]
    private partial void Kept(int version, string reason);
}
