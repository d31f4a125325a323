using System.CommandLine;
using AccountGrains.Cli.Management;

namespace AccountGrains.Cli.Accounts;

/// <summary><c>account ID</c>: what is known of one account.</summary>
internal static class AccountCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = new Argument<string>("ID") { Description = "The account's id, as the observations have it." };
        var url = ServerOptions.Url("The server to ask.");
        var json = ServerOptions.Json();
        var command = new Command("account", "Show an account: behaviour, fingerprints, links, campaigns, verdict and why.") { id, url, json };
        command.Runs(terminal, async (parsed, cancellationToken) =>
        {
            var account = parsed.GetRequiredValue(id);
            using var server = new ManagementClient(parsed.GetRequiredValue(url)!);
            var found = await server.GetAsync($"v1/accounts/{Uri.EscapeDataString(account)}", $"The server knows no account '{account}'. Ids are compared to the letter.", cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(json)) terminal.Output.WriteLine(found.GetRawText());
            else JsonTables.Write(terminal.Console, $"account {account}", found);
            return ExitCode.Done;
        });
        return command;
    }
}
