using System.Globalization;

namespace AccountGrains.Silo.Storage;

/// <summary>The tables of the embedded store.</summary>
internal static class SqliteSchema
{
    /// <summary>The version that this build reads and writes, kept in <c>PRAGMA user_version</c>.</summary>
    public const long Version = 2;

    // States have a row id: rows of a kilobyte are too long for the index tree that a table without one is. An update then
    // changes one page, and the index of the keys only when a state is new.
    private const string Tables = """
        CREATE TABLE grain_state(
            id INTEGER PRIMARY KEY,
            service_id TEXT NOT NULL,
            grain_type TEXT NOT NULL,
            grain_key TEXT NOT NULL,
            state_name TEXT NOT NULL,
            version INTEGER NOT NULL,
            day INTEGER NOT NULL,
            payload BLOB,
            UNIQUE(service_id, grain_type, grain_key, state_name));
        CREATE TABLE quarantine(
            id INTEGER PRIMARY KEY,
            service_id TEXT NOT NULL,
            grain_type TEXT NOT NULL,
            grain_key TEXT NOT NULL,
            state_name TEXT NOT NULL,
            payload BLOB,
            reason TEXT NOT NULL,
            at INTEGER NOT NULL);
        CREATE TABLE decisions(
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            account TEXT NOT NULL,
            number INTEGER NOT NULL,
            time INTEGER NOT NULL,
            day INTEGER NOT NULL,
            payload BLOB NOT NULL,
            UNIQUE(account, number));
        CREATE TABLE properties(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        """;

    // When a record was stored last, by the day: an index of finer times would change with every write.
    private const string Indexes = """
        CREATE INDEX grain_state_day ON grain_state(day);
        CREATE INDEX decisions_day ON decisions(day);
        PRAGMA user_version = 2;
        """;

    private const string From1 = """
        ALTER TABLE grain_state ADD COLUMN day INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE decisions ADD COLUMN day INTEGER NOT NULL DEFAULT 0;
        UPDATE grain_state SET day = unixepoch() / 86400;
        UPDATE decisions SET day = unixepoch() / 86400;
        """;

    /// <summary>Makes the tables in a new file, and refuses a file that a newer build wrote.</summary>
    public static void Ensure(SqliteSession session, string file)
    {
        session.Execute("BEGIN IMMEDIATE");
        var version = Convert.ToInt64(session.Scalar("PRAGMA user_version"), CultureInfo.InvariantCulture);
        if (version > Version)
        {
            throw new InvalidOperationException(
                $"The store {file} has schema {version}, and this build knows schemas up to {Version}. Start the newer build again, or name another AccountGrains:DataDirectory.");
        }

        if (version == 0) session.Execute(Tables);
        if (version == 1) session.Execute(From1);
        if (version < Version) session.Execute(Indexes);
        session.Execute("COMMIT");
    }
}
