using System.Diagnostics;
using AccountGrains.Storage.Conformance.Emulator;
using Azure.Data.Tables;
using Azure.Storage.Blobs;

namespace AccountGrains.Storage.Azure.Tests.Emulator;

/// <summary>The emulator as development and tests use it.</summary>
public sealed class AzuriteTests(Azurite azurite)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Accounts_AreSeveral_AndApart()
    {
        Assert.Equal(3, azurite.ConnectionStrings.Count);
        var name = $"t{Guid.NewGuid():N}";
        await new TableClient(azurite.ConnectionStrings[1], name).CreateAsync(Stop);

        for (var i = 0; i < 3; i++)
        {
            var tables = await new TableServiceClient(azurite.ConnectionStrings[i]).QueryAsync(table => table.Name == name, cancellationToken: Stop).ToListAsync(Stop);
            Assert.Equal(i == 1 ? 1 : 0, tables.Count);
            Assert.NotNull(await new BlobServiceClient(azurite.ConnectionStrings[i]).GetPropertiesAsync(Stop));
        }
    }

    [Fact]
    public async Task WithoutNode_OneSentenceSaysSo()
    {
        var start = new ProcessStartInfo("/bin/bash", [Azurite.Script(), "--memory"]) { RedirectStandardError = true, RedirectStandardOutput = true, Environment = { ["PATH"] = "/nowhere" } };
        using var process = Process.Start(start)!;

        var error = await process.StandardError.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);

        Assert.Equal("The Azure Storage emulator needs Node.js, and 'node' is not on the path.", error.Trim());
        Assert.Equal(1, process.ExitCode);
    }

    [Fact]
    public async Task Emulator_EndsWithWhoStartedIt_AndFreesItsPorts()
    {
        var own = new Azurite();
        await own.InitializeAsync();
        await new TableClient(own.ConnectionString, "table").CreateAsync(Stop);

        await own.DisposeAsync();

        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, own.TablePort);
        listener.Start();
    }
}
