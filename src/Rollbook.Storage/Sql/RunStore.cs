using System.Data.Common;

namespace Rollbook.Storage.Sql;

/// <summary>Runs in a table.</summary>
internal sealed class RunStore(Database database) : IRunStore
{
    private const string Select = """
        SELECT number, app, state, "trigger", started_by, configuration_version, started_at, ended_at, version, report, progress, cancel_requested FROM run
        """;

    /// <summary>Not ended, and not waiting for a person: what there is to stop.</summary>
    private const string AtWork = "ended_at IS NULL AND state NOT IN ('waiting', 'held')";

    // Longer than a server that is alive takes for one row; the next report comes anyway.
    private const int ProgressSeconds = 5;

    /// <inheritdoc/>
    public async Task<RunRecord> AddAsync(
        string app,
        string trigger,
        string startedBy,
        int configurationVersion,
        DateTimeOffset startedAt,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await database.BeginWriteAsync(connection, cancellationToken);
        var number = await Counter.NextAsync(connection, "run", cancellationToken);
        await connection.ExecuteAsync(
            """
            INSERT INTO run (number, app, state, "trigger", started_by, configuration_version, started_at)
            VALUES (@number, @app, 'queued', @trigger, @by, @configuration, @at)
            """,
            cancellationToken,
            ("number", number),
            ("app", app),
            ("trigger", trigger),
            ("by", startedBy),
            ("configuration", configurationVersion),
            ("at", database.Dialect.Time(startedAt))
        );
        await transaction.CommitAsync(cancellationToken);
        return new RunRecord(
            number,
            app,
            "queued",
            trigger,
            startedBy,
            configurationVersion,
            StoredTime.Of(startedAt),
            null,
            null,
            null,
            null,
            CancelRequested: false
        );
    }

    /// <inheritdoc/>
    public async Task<RunRecord?> GetAsync(long number, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var runs = await connection.ListAsync(Select + " WHERE number = @number", Read, cancellationToken, ("number", number));
        return runs.Count == 0 ? null : runs[0];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RunRecord>> ListAsync(string? app, long? before, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var where = app is null ? " WHERE number < @before" : " WHERE app = @app AND number < @before";
        return await connection.ListAsync(
            Select + where + " ORDER BY number DESC LIMIT @limit",
            Read,
            cancellationToken,
            [("before", before ?? long.MaxValue), ("limit", limit), .. app is null ? Array.Empty<(string, object?)>() : [("app", app)]]
        );
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RunRecord>> AfterAsync(long number, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ListAsync(
            Select + " WHERE number > @number ORDER BY number LIMIT @limit",
            Read,
            cancellationToken,
            ("number", number),
            ("limit", limit)
        );
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RunRecord>> UndecidedAsync(string? app, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        // Written so that the app is not looked up: of its runs few wait, and those that do have an index of their own.
        return await connection.ListAsync(
            Select + " WHERE state IN ('waiting', 'held') AND app = coalesce(@app, app) ORDER BY number DESC",
            Read,
            cancellationToken,
            ("app", app)
        );
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<RunRecord>> UnendedAsync(string? app, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ListAsync(
            Select + " WHERE ended_at IS NULL AND app = coalesce(@app, app) ORDER BY number DESC",
            Read,
            cancellationToken,
            ("app", app)
        );
    }

    /// <inheritdoc/>
    public async Task<bool> MoveAsync(
        long number,
        string from,
        string to,
        string? report,
        DateTimeOffset? endedAt,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var ended = endedAt is { } time ? database.Dialect.Time(time) : null;
        var moved =
            await connection.ExecuteAsync(
                """
                UPDATE run SET state = @to, report = coalesce(@report, report), ended_at = coalesce(@ended, ended_at),
                  cancel_requested = (cancel_requested AND NOT @waits) OR @asked
                WHERE number = @number AND state = @from
                """,
                cancellationToken,
                ("to", to),
                ("report", report),
                ("ended", ended),
                ("waits", to is "waiting" or "held"),
                ("asked", ended is not null && database.CancelFiles?.Has(number) == true),
                ("number", number),
                ("from", from)
            ) == 1;
        if (moved && (ended is not null || to is "waiting" or "held"))
        {
            database.CancelFiles?.Remove(number);
        }

        return moved;
    }

    /// <inheritdoc/>
    public async Task ReportProgressAsync(long number, string progress, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = connection.Command(
            "UPDATE run SET progress = @progress WHERE number = @number AND ended_at IS NULL",
            ("progress", progress),
            ("number", number)
        );
        command.CommandTimeout = ProgressSeconds;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<bool> RequestCancelAsync(long number, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        if (database.CancelFiles is not { } files)
        {
            return await connection.ExecuteAsync(
                    $"UPDATE run SET cancel_requested = TRUE WHERE number = @number AND {AtWork}",
                    cancellationToken,
                    ("number", number)
                ) == 1;
        }

        if (!await IsRunningAsync(connection, number, cancellationToken))
        {
            return false;
        }

        files.Add(number);
        if (await IsRunningAsync(connection, number, cancellationToken))
        {
            return true;
        }

        // It ended in between, and whoever ended it may have found nothing to remove.
        files.Remove(number);
        return false;
    }

    /// <inheritdoc/>
    public async Task<bool> IsCancelRequestedAsync(long number, CancellationToken cancellationToken)
    {
        if (database.CancelFiles is { } files)
        {
            return files.Has(number);
        }

        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ScalarAsync("SELECT cancel_requested FROM run WHERE number = @number", cancellationToken, ("number", number)) is true;
    }

    private static async Task<bool> IsRunningAsync(DbConnection connection, long number, CancellationToken cancellationToken) =>
        await connection.NumberAsync($"SELECT 1 FROM run WHERE number = @number AND {AtWork}", cancellationToken, ("number", number)) is not null;

    private RunRecord Read(DbDataReader reader) =>
        new(
            reader.GetInt64(0),
            reader.GetString(1),
            reader.GetString(2),
            reader.GetString(3),
            reader.GetString(4),
            reader.GetInt32(5),
            database.Dialect.ReadTime(reader, 6),
            reader.IsDBNull(7) ? null : database.Dialect.ReadTime(reader, 7),
            reader.IsDBNull(8) ? null : reader.GetInt32(8),
            reader.Text(9),
            reader.Text(10),
            reader.GetBoolean(11) || (reader.IsDBNull(7) && database.CancelFiles?.Has(reader.GetInt64(0)) == true)
        );
}
