using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using AccountGrains.Silo.Hosting;

namespace AccountGrains.Storage.Conformance.Emulator;

/// <summary>The storage emulator, in memory, on free ports, for all tests of an assembly. It ends with the process that started it.</summary>
public sealed class Azurite : IAsyncLifetime
{
    private const int MostStarts = 3;

    // The account that every emulator has, and two more, all with its key, which is in the emulator's documentation.
    private static readonly string[] Accounts = ["devstoreaccount1", "secondaccount", "thirdaccount"];
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly ConcurrentQueue<string> _output = new();
    private Process? _process;
    private TaskCompletionSource _ready = new();

    /// <summary>The port of the blob service.</summary>
    public int BlobPort { get; private set; }

    /// <summary>The port of the table service.</summary>
    public int TablePort { get; private set; }

    /// <summary>How to reach it.</summary>
    public string ConnectionString => ConnectionStrings[0];

    /// <summary>How to reach its accounts.</summary>
    public IReadOnlyList<string> ConnectionStrings => [.. Accounts.Select(account => ConnectionStringOf(BlobPort, TablePort, account))];

    /// <summary>How to reach it through something that listens on other ports.</summary>
    public static string ConnectionStringOf(int blobPort, int tablePort, string? account = null)
    {
        account ??= Accounts[0];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"DefaultEndpointsProtocol=http;AccountName={account};AccountKey={Key};BlobEndpoint=http://127.0.0.1:{blobPort}/{account};TableEndpoint=http://127.0.0.1:{tablePort}/{account};");
    }

    public async ValueTask InitializeAsync()
    {
        for (var start = 1; ; start++)
        {
            if (await TryStartAsync()) return;
            if (start == MostStarts) throw new InvalidOperationException($"The storage emulator cannot be started: {string.Join(' ', _output)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null) return;
        _process.StandardInput.Close();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _process = null;
    }

    /// <summary>The script that starts it.</summary>
    internal static string Script()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            var script = Path.Combine(directory.FullName, "infra", "azurite", "run.sh");
            if (File.Exists(script)) return script;
        }

        throw new FileNotFoundException($"infra/azurite/run.sh is in no directory above {AppContext.BaseDirectory}.");
    }

    /// <summary>False when the emulator ended before it was ready.</summary>
    private async Task<bool> TryStartAsync()
    {
        (BlobPort, TablePort) = (FreePorts.Take(), FreePorts.Take());
        string[] arguments = [Script(), "--memory", "--while-input", "--blob", $"{BlobPort}", "--table", $"{TablePort}", "--queue", $"{FreePorts.Take()}"];
        _output.Clear();
        _ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new Process
        {
            StartInfo = new ProcessStartInfo("/bin/bash", arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["AZURITE_ACCOUNTS"] = string.Join(';', Accounts.Select(account => $"{account}:{Key}")) },
            },
            EnableRaisingEvents = true,
        };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var ended = _process.WaitForExitAsync(CancellationToken.None);
        if (await Task.WhenAny(_ready.Task, ended) == _ready.Task) return true;
        _process.Dispose();
        _process = null;
        return false;
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        if (line.StartsWith("ready", StringComparison.Ordinal)) _ready.TrySetResult();
        else if (_output.Count < 100) _output.Enqueue(line);
    }
}
