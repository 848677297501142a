using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Rollbook.Model;

namespace Rollbook.Bench.Limits;

/// <summary>
/// SQLite: <c>INSERT … SELECT</c> from the district's own file, attached. That is one prepared insert stepped through for all rows, without even the cost
/// of binding values; the settings are those of the store.
/// </summary>
internal sealed class SqliteHandWriting : IHandWriting
{
    private readonly SqliteConnection connection;

    private SqliteHandWriting(SqliteConnection connection) => this.connection = connection;

    /// <summary>Opens a file of its own beside the district's.</summary>
    internal static SqliteHandWriting Open(string districtFile, string file)
    {
        var opened = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = file,
                Pooling = false,
                DefaultTimeout = 0,
            }.ToString()
        );
        opened.Open();
        var writing = new SqliteHandWriting(opened);
        writing.Execute(
            "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA journal_size_limit = 67108864"
        );
        writing.Execute($"ATTACH DATABASE '{districtFile}' AS district");
        return writing;
    }

    /// <inheritdoc/>
    public Task PrepareLoadAsync()
    {
        foreach (var table in Tables())
        {
            foreach (var sql in List($"SELECT sql FROM district.sqlite_master WHERE tbl_name = '{table}' AND type = 'table'"))
            {
                Execute(sql);
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<double> LoadAsync() =>
        TimeAsync(() =>
        {
            foreach (var table in Tables())
            {
                // With a condition, since without one SQLite would copy whole pages instead of inserting.
                Execute($"INSERT INTO main.\"{table}\" SELECT * FROM district.\"{table}\" WHERE id IS NOT NULL");
                foreach (var sql in List($"SELECT sql FROM district.sqlite_master WHERE tbl_name = '{table}' AND type = 'index' AND sql IS NOT NULL"))
                {
                    Execute(sql);
                }
            }
        });

    /// <inheritdoc/>
    public Task PrepareChangeAsync()
    {
        foreach (var table in Tables())
        {
            Execute($"CREATE TABLE main.come_{table} AS SELECT * FROM district.\"{table}\" WHERE since = (SELECT max(number) FROM district.version)");
            Execute(
                $"CREATE TABLE main.gone_{table} AS SELECT id FROM district.{table}_history WHERE died = (SELECT max(number) FROM district.version) AND id NOT IN (SELECT id FROM come_{table})"
            );
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<double> ChangeAsync() =>
        TimeAsync(() =>
        {
            foreach (var table in Tables())
            {
                Execute(HandSql.Delete($"main.\"{table}\"", $"main.gone_{table}"));
                Execute(HandSql.Upsert(table, $"main.\"{table}\"", $"main.come_{table}"));
            }
        });

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private static IEnumerable<string> Tables() => Kinds.All.Select(definition => definition.Name);

    private Task<double> TimeAsync(Action write)
    {
        var watch = Stopwatch.StartNew();
        Execute("BEGIN IMMEDIATE");
        write();
        Execute("COMMIT");
        return Task.FromResult(watch.Elapsed.TotalSeconds);
    }

    private void Execute(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private List<string> List(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var list = new List<string>();
        while (reader.Read())
        {
            list.Add(reader.GetString(0));
        }

        return list;
    }
}
