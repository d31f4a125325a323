using System.Globalization;

namespace AccountGrains.Silo.Tests.Servers;

/// <summary>A Redis that appends everything to a file before it answers.</summary>
public sealed class RedisServer : ServerProcess
{
    public override string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    protected override string Install => "apt-get install redis-server";

    protected override string[] Command() =>
        ["redis-server", "--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", Directory, "--save", "", "--appendonly", "yes", "--appendfsync", "always"];

    protected override Task<bool> IsReadyAsync() => AcceptsAsync();
}
