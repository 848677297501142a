using System.Diagnostics;
using Npgsql;
using Rollbook.Model;

namespace Rollbook.Bench.Limits;

/// <summary>PostgreSQL: binary COPY from files that the district's tables were copied to before, into a schema of its own.</summary>
internal sealed class PostgresHandWriting : IHandWriting
{
    private const string Source = "district_" + Installation.District;

    private readonly NpgsqlConnection connection;
    private readonly string folder;

    private PostgresHandWriting(NpgsqlConnection connection, string folder)
    {
        (this.connection, this.folder) = (connection, folder);
    }

    /// <summary>Connects.</summary>
    internal static async Task<PostgresHandWriting> OpenAsync(string connectionString, string folder)
    {
        var opened = new NpgsqlConnection(connectionString + ";Command Timeout=0;Pooling=false");
        await opened.OpenAsync();
        return new PostgresHandWriting(opened, folder);
    }

    /// <inheritdoc/>
    public async Task PrepareLoadAsync()
    {
        await ExecuteAsync("CREATE SCHEMA hand");
        foreach (var table in Tables())
        {
            await ExecuteAsync($"CREATE TABLE hand.\"{table}\" (LIKE {Source}.\"{table}\" INCLUDING ALL)");
            await using var file = File.Create(FileOf(table));
            await using var copy = await connection.BeginRawBinaryCopyAsync($"COPY {Source}.\"{table}\" TO STDOUT (FORMAT BINARY)");
            await copy.CopyToAsync(file);
        }
    }

    /// <inheritdoc/>
    public Task<double> LoadAsync() =>
        TimeAsync(async () =>
        {
            foreach (var table in Tables())
            {
                var indexes = await ListAsync(
                    $"SELECT indexname, indexdef FROM pg_indexes JOIN pg_index ON indexrelid = format('hand.%I', indexname)::regclass WHERE schemaname = 'hand' AND tablename = '{table}' AND NOT indisprimary"
                );
                foreach (var (name, _) in indexes)
                {
                    await ExecuteAsync($"DROP INDEX hand.\"{name}\"");
                }

                await using (var file = File.OpenRead(FileOf(table)))
                await using (var copy = await connection.BeginRawBinaryCopyAsync($"COPY hand.\"{table}\" FROM STDIN (FORMAT BINARY)"))
                {
                    await file.CopyToAsync(copy);
                }

                foreach (var (_, definition) in indexes)
                {
                    await ExecuteAsync(definition);
                }
            }
        });

    /// <inheritdoc/>
    public async Task PrepareChangeAsync()
    {
        foreach (var table in Tables())
        {
            await ExecuteAsync(
                $"CREATE TABLE hand.come_{table} AS SELECT * FROM {Source}.\"{table}\" WHERE since = (SELECT max(number) FROM {Source}.version)"
            );
            await ExecuteAsync(
                $"CREATE TABLE hand.gone_{table} AS SELECT id FROM {Source}.{table}_history WHERE died = (SELECT max(number) FROM {Source}.version) AND id NOT IN (SELECT id FROM hand.come_{table})"
            );
            await ExecuteAsync($"ANALYZE hand.\"{table}\", hand.come_{table}, hand.gone_{table}");
        }
    }

    /// <inheritdoc/>
    public Task<double> ChangeAsync() =>
        TimeAsync(async () =>
        {
            foreach (var table in Tables())
            {
                await ExecuteAsync(HandSql.Delete($"hand.\"{table}\"", $"hand.gone_{table}"));
                await ExecuteAsync(HandSql.Upsert(table, $"hand.\"{table}\"", $"hand.come_{table}"));
            }
        });

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private static IEnumerable<string> Tables() => Kinds.All.Select(definition => definition.Name);

    private string FileOf(string table) => Path.Combine(folder, table + ".copy");

    private async Task<double> TimeAsync(Func<Task> write)
    {
        var watch = Stopwatch.StartNew();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await write();
            await transaction.CommitAsync();
        }

        return watch.Elapsed.TotalSeconds;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<List<(string Name, string Definition)>> ListAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var list = new List<(string, string)>();
        while (await reader.ReadAsync())
        {
            list.Add((reader.GetString(0), reader.GetString(1)));
        }

        return list;
    }
}
