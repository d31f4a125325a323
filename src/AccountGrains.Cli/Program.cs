using System.CommandLine;
using AccountGrains.Cli.Accounts;
using AccountGrains.Cli.Campaigns;
using AccountGrains.Cli.Fingerprints;
using AccountGrains.Cli.Replay;

namespace AccountGrains.Cli;

/// <summary>The commands.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args) => await RunAsync(args, Terminal.OfProcess()).ConfigureAwait(false);

    /// <summary>Runs one command as the process does.</summary>
    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken cancellationToken = default)
    {
        var root = new RootCommand("AccountGrains finds accounts that act as one. Replays recorded traffic, and asks a running server what it knows.")
        {
            ReplayCommand.Create(terminal),
            AccountCommand.Create(terminal),
            FingerprintCommand.Create(terminal),
            CampaignsCommand.Create(terminal),
            CampaignCommand.Create(terminal),
        };
        return await CommandRunner.RunAsync(root, args, terminal, cancellationToken).ConfigureAwait(false);
    }
}
