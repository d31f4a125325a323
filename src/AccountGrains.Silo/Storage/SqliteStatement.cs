using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AccountGrains.Silo.Storage;

/// <summary>
/// A prepared statement that changes rows. Its values are bound as they are, where the parameters of a <see cref="SqliteCommand"/> leave ten objects behind each time. <c>$1</c> is the first
/// value; all are bound anew for each run.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private const int MostOnStack = 256;
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;
    private readonly int[] _places;

    /// <summary>Prepares it.</summary>
    /// <exception cref="SqliteException">It is no statement of this database.</exception>
    public SqliteStatement(sqlite3 connection, string sql)
    {
        _connection = connection;
        Check(raw.sqlite3_prepare_v2(connection, sql, out _statement));

        // SQLite counts them as they come in the text.
        _places = new int[raw.sqlite3_bind_parameter_count(_statement) + 1];
        for (var i = 1; i < _places.Length; i++) _places[int.Parse(raw.sqlite3_bind_parameter_name(_statement, i).utf8_to_string()[1..], CultureInfo.InvariantCulture)] = i;
    }

    /// <summary>Binds a number.</summary>
    public void Bind(int index, long value) => Check(raw.sqlite3_bind_int64(_statement, _places[index], value));

    /// <summary>Binds a text that is not empty.</summary>
    public void Bind(int index, string value)
    {
        Span<byte> utf8 = Encoding.UTF8.GetMaxByteCount(value.Length) <= MostOnStack ? stackalloc byte[MostOnStack] : new byte[Encoding.UTF8.GetMaxByteCount(value.Length)];
        BindText(index, utf8[..Encoding.UTF8.GetBytes(value, utf8)]);
    }

    /// <summary>Binds a text that is not empty, in UTF-8.</summary>
    public void BindText(int index, ReadOnlySpan<byte> utf8) => Check(raw.sqlite3_bind_text(_statement, _places[index], utf8));

    /// <summary>Binds bytes, of which SQLite makes a copy; null for none.</summary>
    public void Bind(int index, ReadOnlyMemory<byte>? value) => Check(value switch
    {
        null => raw.sqlite3_bind_null(_statement, _places[index]),
        { IsEmpty: true } => raw.sqlite3_bind_zeroblob(_statement, _places[index], 0),
        { } bytes => raw.sqlite3_bind_blob(_statement, _places[index], bytes.Span),
    });

    /// <summary>Runs it and gives the number of rows that it changed.</summary>
    /// <exception cref="SqliteException">It failed; what it changed is taken back.</exception>
    public int Run()
    {
        try
        {
            Check(raw.sqlite3_step(_statement));
            return raw.sqlite3_changes(_connection);
        }
        finally
        {
            // Says again what was wrong, and lets go of the copies.
            _ = raw.sqlite3_reset(_statement);
            _ = raw.sqlite3_clear_bindings(_statement);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _statement.Dispose();

    private void Check(int outcome) => SqliteException.ThrowExceptionForRC(outcome, _connection);
}
