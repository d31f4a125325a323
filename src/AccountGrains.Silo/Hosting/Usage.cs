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
          Storage:Provider   Sqlite, or Memory to forget all at the end; for  Sqlite
                             several silos AzureTable, AzureBlob, Redis or
                             Postgres
          Storage:ConnectionStrings:0   where such a store is; ...:1 and so on
                             share its states
          Cluster:Provider   Localhost for a silo alone, or where silos find  Localhost
                             each other: AzureTable, Redis or Postgres
          Cluster:ConnectionString      that place, where it is not the store
          Cluster:AdvertisedAddress     where other silos reach this one      127.0.0.1
          Cluster:SiloPort   the port for that; Cluster:GatewayPort is 30000  11111
          Epoch:Mode         Live, or Manual: POST /v1/epochs closes them     Live
          Mode               enforce, or shadow: every verdict is allow       enforce
          Fallback           allow or challenge, for accounts not known yet   allow
          Deadline           how long a verdict may take                      00:00:00.050
          Keys:Current       the secret of keyed ids, Base64; the same for    generated once
                             all silos of a cluster
          Policy:...         thresholds and weights; reloaded when changed

          --version          prints the version
        """;
}
