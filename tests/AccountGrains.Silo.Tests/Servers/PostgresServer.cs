using System.Globalization;
using Npgsql;

namespace AccountGrains.Silo.Tests.Servers;

/// <summary>A PostgreSQL with one database. It refuses to run as root, so root runs it as the user that Debian's package makes.</summary>
public sealed class PostgresServer : ServerProcess
{
    private const string User = "postgres";
    private static readonly string? Binaries = Find();

    private string Data => Path.Combine(Directory, "data");

    public override string ConnectionString => string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Port};Username={User};Database=postgres;Maximum Pool Size=20;Timeout=5;Command Timeout=10");

    protected override string Install => "apt-get install postgresql";

    protected override string[] Command() => As(
        Tool("postgres"), "-D", Data, "-p", Port.ToString(CultureInfo.InvariantCulture), "-h", "127.0.0.1", "-k", Directory, "-c", "fsync=off", "-c", "max_connections=200");

    protected override async Task PrepareAsync()
    {
        if (Environment.IsPrivilegedProcess) await RunToEndAsync(["chown", User, Directory]);
        await RunToEndAsync(As(Tool("initdb"), "-D", Data, "-U", User, "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"));
    }

    protected override async Task<bool> IsReadyAsync()
    {
        if (!await AcceptsAsync()) return false;
        try
        {
            await using var source = NpgsqlDataSource.Create(ConnectionString);
            await using var connection = await source.OpenConnectionAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static string[] As(params string[] command) => Environment.IsPrivilegedProcess ? ["setpriv", "--reuid", User, "--regid", User, "--clear-groups", "--", .. command] : command;

    private string Tool(string name) =>
        Binaries is null ? throw new InvalidOperationException($"These tests need PostgreSQL's {name}, which this machine lacks. Install it, for instance with: {Install}.") : Path.Combine(Binaries, name);

    /// <summary>Debian keeps them beside the path.</summary>
    private static string? Find()
    {
        IEnumerable<string> versions = System.IO.Directory.Exists("/usr/lib/postgresql") ? System.IO.Directory.GetDirectories("/usr/lib/postgresql").Order().Reverse().Select(d => Path.Combine(d, "bin")) : [];
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Concat(versions).FirstOrDefault(d => File.Exists(Path.Combine(d, "initdb")) && File.Exists(Path.Combine(d, "postgres")));
    }

    private async Task RunToEndAsync(string[] command)
    {
        using var process = Run(command);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}.");
    }
}
