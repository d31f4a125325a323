using AccountGrains.Silo.Http;

namespace AccountGrains.Silo.Hosting;

/// <summary>What <c>--help</c> and <c>--version</c> print.</summary>
internal static class Usage
{
    /// <summary>The text that the arguments ask for, null when they ask for the silo.</summary>
    public static string? Of(string[] args)
    {
        if (args.Any(a => a is "--help" or "-h" or "-?" or "/?" or "help")) return Text;
        return args.Contains("--version") ? typeof(Usage).Assembly.GetName().Version!.ToString(3) : null;
    }

    private const string Text = $"""
        AccountGrains silo: takes observations of an API's accounts, answers each with a verdict, and finds campaigns.

        Usage: AccountGrains.Silo [--urls {ListenAddresses.Default}] [--AccountGrains:KEY=VALUE ...]

        Settings come from appsettings.json in the working directory, from the environment (AccountGrains__Epoch__Mode=Manual)
        or from the command line (--AccountGrains:Epoch:Mode=Manual), the later ones first. The most used:

          DataDirectory      where the store and the generated key are        ./data
          Storage:Provider   Sqlite, or Memory to forget all at the end       Sqlite
          Epoch:Mode         Live, or Manual: POST /v1/epochs closes them     Live
          Mode               enforce, or shadow: every verdict is allow       enforce
          Fallback           allow or challenge, for accounts not known yet   allow
          Deadline           how long a verdict may take                      00:00:00.050
          Keys:Current       the secret of keyed ids, Base64                  generated once
          Policy:...         thresholds and weights; reloaded when changed

          --version          prints the version
        """;
}
