using System.CommandLine;
using AccountGrains.Cli.Management;
using AccountGrains.Core;

namespace AccountGrains.Cli.Fingerprints;

/// <summary><c>fingerprint KIND VALUE</c>: who shares a value.</summary>
internal static class FingerprintCommand
{
    public static Command Create(Terminal terminal)
    {
        var kinds = Enum.GetValues<FingerprintKind>().Where(k => k != FingerprintKind.None).Select(k => k.Name()).ToArray();
        var kind = new Argument<string>("KIND") { Description = $"What the value is: {string.Join(", ", kinds)}." };
        kind.AcceptOnlyFromAmong(kinds);
        kind.HelpName = "KIND";
        var value = new Argument<string>("VALUE") { Description = "The value itself, or the kind:32hex form that other answers show." };
        var url = ServerOptions.Url("The server to ask.");
        var json = ServerOptions.Json();
        var command = new Command("fingerprint", "Show what accounts share: how many show a value, what it weighs, and in which campaigns.") { kind, value, url, json };
        command.Runs(terminal, async (parsed, cancellationToken) =>
        {
            var (which, what) = (parsed.GetRequiredValue(kind), parsed.GetRequiredValue(value));
            using var server = new ManagementClient(parsed.GetRequiredValue(url)!);
            var path = $"v1/fingerprints/{Uri.EscapeDataString(which)}/{Uri.EscapeDataString(what)}";
            var found = await server.GetAsync(path, $"The server knows no {which} '{what}': too few accounts have shown it, or none lately.", cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(json)) terminal.Output.WriteLine(found.GetRawText());
            else JsonTables.Write(terminal.Console, $"{which} {what}", found);
            return ExitCode.Done;
        });
        return command;
    }
}
