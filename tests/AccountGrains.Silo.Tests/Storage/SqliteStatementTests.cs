using AccountGrains.Silo.Storage;
using AccountGrains.Silo.Tests.Processes;
using Microsoft.Data.Sqlite;

namespace AccountGrains.Silo.Tests.Storage;

public sealed class SqliteStatementTests : IDisposable
{
    private const string Insert = "INSERT INTO t(number, bytes, text) VALUES($3, $2, $1)";
    private readonly ScratchDirectory _directory = new();
    private readonly SqliteSession _session;

    public SqliteStatementTests()
    {
        _session = SqliteSession.OpenWriter(Path.Combine(_directory.Path, "t.db"), fullSync: false);
        _session.Execute("CREATE TABLE t(text TEXT, bytes BLOB, number INTEGER UNIQUE)");
    }

    [Fact]
    public void Run_WritesEachValueInItsPlace()
    {
        var text = new string('ü', 1_000);

        Assert.Equal(1, Write(text, new byte[] { 1, 2 }, long.MaxValue));
        Assert.Equal(1, Write("é", ReadOnlyMemory<byte>.Empty, 2));
        Assert.Equal(1, Write("none", null, 3));

        using var rows = _session.Query("SELECT text, hex(bytes), typeof(bytes), number FROM t ORDER BY rowid");
        var read = new List<(string, string, string, long)>();
        while (rows.Read()) read.Add((rows.GetString(0), rows.GetString(1), rows.GetString(2), rows.GetInt64(3)));
        Assert.Equal([(text, "0102", "blob", long.MaxValue), ("é", "", "blob", 2), ("none", "", "null", 3)], read);
    }

    [Fact]
    public void Run_ThatFails_SaysWhy_AndIsRunAgain()
    {
        Write("first", null, 1);

        var refused = Assert.Throws<SqliteException>(() => Write("again", null, 1));
        Write("other", null, 2);

        Assert.Contains("UNIQUE", refused.Message, StringComparison.Ordinal);
        Assert.Equal("first,other", _session.Scalar("SELECT group_concat(text) FROM t"));
    }

    [Fact]
    public void Statement_ThatIsNone_IsRefused() => Assert.Throws<SqliteException>(() => _session.Statement("INSERT INTO nothing VALUES($1)"));

    public void Dispose()
    {
        _session.Dispose();
        _directory.Dispose();
    }

    private int Write(string text, ReadOnlyMemory<byte>? bytes, long number)
    {
        var statement = _session.Statement(Insert);
        statement.Bind(1, text);
        statement.Bind(2, bytes);
        statement.Bind(3, number);
        return statement.Run();
    }
}
