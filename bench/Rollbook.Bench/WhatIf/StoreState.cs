using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Rollbook.Bench.WhatIf;

/// <summary>Tells whether anything was written to a district's store in between, as the database itself knows.</summary>
internal sealed class StoreState : IAsyncDisposable
{
    private readonly string? file;
    private readonly SqliteConnection? sqlite;
    private readonly NpgsqlConnection? postgres;

    private StoreState(string? file, SqliteConnection? sqlite, NpgsqlConnection? postgres) =>
        (this.file, this.sqlite, this.postgres) = (file, sqlite, postgres);

    /// <summary>Connects, and stays connected: SQLite counts others' commits for a connection.</summary>
    internal static async Task<StoreState> OpenAsync(string districtFile, string? connectionString)
    {
        if (connectionString is not null)
        {
            var server = new NpgsqlConnection(connectionString + ";Pooling=false");
            await server.OpenAsync();
            return new StoreState(null, null, server);
        }

        var opened = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = districtFile,
                Pooling = false,
                Mode = SqliteOpenMode.ReadWrite,
            }.ToString()
        );
        await opened.OpenAsync();
        return new StoreState(districtFile, opened, null);
    }

    /// <summary>The state in a line: equal when nothing was written.</summary>
    internal async Task<string> TellAsync()
    {
        if (postgres is not null)
        {
            // What a session did is counted when it ends, or a second later.
            await Task.Delay(TimeSpan.FromSeconds(2));
            await using var command = new NpgsqlCommand(
                "SELECT pg_stat_clear_snapshot(); SELECT format('%s written, %s bytes', sum(n_tup_ins + n_tup_upd + n_tup_del), sum(pg_relation_size(relid))) FROM pg_stat_user_tables",
                postgres
            );
            await using var reader = await command.ExecuteReaderAsync();
            await reader.NextResultAsync();
            await reader.ReadAsync();
            return reader.GetString(0);
        }

        await using var version = sqlite!.CreateCommand();
        version.CommandText = "PRAGMA data_version";
        var commits = await version.ExecuteScalarAsync();
        var log = new FileInfo(file + "-wal");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"data_version {commits}, {new FileInfo(file!).Length:N0} bytes, log {(log.Exists ? log.Length : 0):N0} bytes"
        );
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (sqlite is not null)
        {
            await sqlite.DisposeAsync();
        }

        if (postgres is not null)
        {
            await postgres.DisposeAsync();
        }
    }
}
