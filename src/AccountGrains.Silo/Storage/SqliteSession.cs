using System.Globalization;
using Microsoft.Data.Sqlite;

namespace AccountGrains.Silo.Storage;

/// <summary>One connection with its prepared commands. It is used by one caller at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    private const long LogLimit = 16 * 1024 * 1024;
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = [];
    private readonly Dictionary<string, SqliteStatement> _statements = [];

    private SqliteSession(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens the connection that writes, and makes the file when there is none.</summary>
    public static SqliteSession OpenWriter(string file, bool fullSync)
    {
        // A write changes one row, of less than a kilobyte, and the page around it is what is logged and copied: half of what a page is otherwise. A file keeps the size that it was made with.
        return Open(
            file,
            $"""
            PRAGMA busy_timeout = 5000;
            PRAGMA page_size = 2048;
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = {(fullSync ? "FULL" : "NORMAL")};
            PRAGMA journal_size_limit = {LogLimit};
            PRAGMA cache_size = -32768;
            """,
            CheckpointSeldom);
    }

    /// <summary>Opens a connection that only reads.</summary>
    public static SqliteSession OpenReader(string file) => Open(file, "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; PRAGMA cache_size = -8192;");

    /// <summary>Runs a command and gives the number of rows that it changed. <c>$1</c> is the first value.</summary>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Prepare(sql, values).ExecuteNonQuery();

    /// <summary>Runs a query. <c>$1</c> is the first value; the caller disposes the reader.</summary>
    public SqliteDataReader Query(string sql, params ReadOnlySpan<object?> values) => Prepare(sql, values).ExecuteReader();

    /// <summary>Runs a query and gives the first row's first column, or null.</summary>
    public object? Scalar(string sql, params ReadOnlySpan<object?> values) => Prepare(sql, values).ExecuteScalar();

    /// <summary>What changes rows thousands of times a second, prepared once.</summary>
    public SqliteStatement Statement(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement)) _statements.Add(sql, statement = new SqliteStatement(_connection.Handle!, sql));
        return statement;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var statement in _statements.Values) statement.Dispose();
        foreach (var command in _commands.Values) command.Dispose();
        _connection.Dispose();
    }

    // A checkpoint waits for the disk: every 16 MiB instead of every 4 there are fewer, and each is still short.
    private static void CheckpointSeldom(SqliteSession session) =>
        session.Execute($"PRAGMA wal_autocheckpoint = {LogLimit / Convert.ToInt64(session.Scalar("PRAGMA page_size"), CultureInfo.InvariantCulture)}");

    private static SqliteSession Open(string file, string pragmas, Action<SqliteSession>? then = null)
    {
        var source = new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, DefaultTimeout = 5 };
        var session = new SqliteSession(new SqliteConnection(source.ConnectionString));
        try
        {
            session._connection.Open();
            session.Execute(pragmas);
            then?.Invoke(session);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private SqliteCommand Prepare(string sql, ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 1; i <= values.Length; i++) command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
            _commands.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return command;
    }
}
