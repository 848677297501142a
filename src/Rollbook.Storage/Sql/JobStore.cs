using System.Data.Common;

namespace Rollbook.Storage.Sql;

/// <summary>Jobs in a table.</summary>
internal sealed class JobStore(Database database) : IJobStore
{
    /// <inheritdoc/>
    public async Task<long> AddAsync(string app, string kind, string startedBy, DateTimeOffset startedAt, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await database.BeginWriteAsync(connection, cancellationToken);
        var number = await Counter.NextAsync(connection, "job", cancellationToken);
        await connection.ExecuteAsync("DELETE FROM job WHERE app = @app AND kind = @kind", cancellationToken, ("app", app), ("kind", kind));
        await connection.ExecuteAsync(
            """
            INSERT INTO job (number, app, kind, state, started_by, started_at, reported_at) VALUES (@number, @app, @kind, 'working', @by, @at, @at)
            """,
            cancellationToken,
            ("number", number),
            ("app", app),
            ("kind", kind),
            ("by", startedBy),
            ("at", database.Dialect.Time(startedAt))
        );
        await transaction.CommitAsync(cancellationToken);
        return number;
    }

    /// <inheritdoc/>
    public async Task<JobRecord?> LatestAsync(string app, string kind, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var jobs = await connection.ListAsync(
            """
            SELECT number, app, kind, state, started_by, started_at, reported_at, ended_at, progress, result FROM job
            WHERE app = @app AND kind = @kind ORDER BY number DESC LIMIT 1
            """,
            Read,
            cancellationToken,
            ("app", app),
            ("kind", kind)
        );
        return jobs.Count == 0 ? null : jobs[0];
    }

    /// <inheritdoc/>
    public async Task<bool> ReportAsync(long number, string? progress, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync(
                "UPDATE job SET progress = coalesce(@progress, progress), reported_at = @at WHERE number = @number AND ended_at IS NULL",
                cancellationToken,
                ("progress", progress),
                ("at", database.Dialect.Time(at)),
                ("number", number)
            ) == 1;
    }

    /// <inheritdoc/>
    public async Task EndAsync(long number, JobState state, string? result, DateTimeOffset endedAt, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(
            "UPDATE job SET state = @state, result = @result, ended_at = @at, reported_at = @at WHERE number = @number AND ended_at IS NULL",
            cancellationToken,
            ("state", Word(state)),
            ("result", result),
            ("at", database.Dialect.Time(endedAt)),
            ("number", number)
        );
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(string app, string kind, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync("DELETE FROM job WHERE app = @app AND kind = @kind", cancellationToken, ("app", app), ("kind", kind));
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(string app, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync("DELETE FROM job WHERE app = @app", cancellationToken, ("app", app));
    }

    private static string Word(JobState state) => state.ToString().ToLowerInvariant();

    private JobRecord Read(DbDataReader reader) =>
        new(
            reader.GetInt64(0),
            reader.GetString(1),
            reader.GetString(2),
            Enum.Parse<JobState>(reader.GetString(3), ignoreCase: true),
            reader.GetString(4),
            database.Dialect.ReadTime(reader, 5),
            database.Dialect.ReadTime(reader, 6),
            reader.IsDBNull(7) ? null : database.Dialect.ReadTime(reader, 7),
            reader.Text(8),
            reader.Text(9)
        );
}
