using System.Data.Common;

namespace Rollbook.Storage.Sql;

/// <summary>Deliveries in a table.</summary>
internal sealed class DeliveryStore(Database database) : IDeliveryStore
{
    private const string Select =
        "SELECT number, app, state, started_by, target, version, since, attempts, started_at, tried_at, ended_at, bytes, rows_written, failure FROM package_delivery";

    /// <inheritdoc/>
    public async Task<DeliveryRecord> BeginAsync(string app, DeliveryStart start, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(start);
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await database.BeginWriteAsync(connection, cancellationToken);
        (string, object?)[] values =
        [
            ("app", app),
            ("by", start.StartedBy),
            ("target", start.Target),
            ("version", start.Version),
            ("since", start.Since),
            ("at", database.Dialect.Time(at)),
        ];
        var number = await connection.NumberAsync(
            """
            UPDATE package_delivery SET state = 'working', started_by = @by, target = @target, version = @version, since = @since, attempts = attempts + 1, tried_at = @at,
              ended_at = NULL, bytes = NULL, rows_written = NULL
            WHERE number = (SELECT max(number) FROM package_delivery WHERE app = @app) AND state IN ('working', 'failed') RETURNING number
            """,
            cancellationToken,
            values
        );
        if (number is null)
        {
            number = await Counter.NextAsync(connection, "package_delivery", cancellationToken);
            await connection.ExecuteAsync(
                """
                INSERT INTO package_delivery (number, app, state, started_by, target, version, since, attempts, started_at, tried_at)
                VALUES (@number, @app, 'working', @by, @target, @version, @since, 1, @at, @at)
                """,
                cancellationToken,
                [("number", number), .. values]
            );
        }

        await transaction.CommitAsync(cancellationToken);
        return (await GetAsync(number.Value, cancellationToken))!;
    }

    /// <inheritdoc/>
    public async Task<bool> EndAsync(long number, DeliveryEnd end, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(end);
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync(
                """
                UPDATE package_delivery SET state = @state, bytes = @bytes, rows_written = @rows, failure = @failure, ended_at = @at
                WHERE number = @number AND state = 'working'
                """,
                cancellationToken,
                ("state", end.State.ToString().ToLowerInvariant()),
                ("bytes", end.Bytes),
                ("rows", end.Rows),
                ("failure", end.Failure),
                ("at", database.Dialect.Time(at)),
                ("number", number)
            ) == 1;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DeliveryRecord>> ListAsync(string app, long? before, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ListAsync(
            Select + " WHERE app = @app AND number < @before ORDER BY number DESC LIMIT @limit",
            Read,
            cancellationToken,
            ("app", app),
            ("before", before ?? long.MaxValue),
            ("limit", limit)
        );
    }

    /// <inheritdoc/>
    public async Task<DeliveryRecord?> GetAsync(long number, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return (await connection.ListAsync(Select + " WHERE number = @number", Read, cancellationToken, ("number", number))).FirstOrDefault();
    }

    /// <inheritdoc/>
    public async Task<DeliveryRecord?> SucceededAsync(string app, string? target, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return (
            await connection.ListAsync(
                Select
                    + " WHERE app = @app AND target = coalesce(@target, target) AND state IN ('delivered', 'unchanged') ORDER BY number DESC LIMIT 1",
                Read,
                cancellationToken,
                ("app", app),
                ("target", target)
            )
        ).FirstOrDefault();
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(string app, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync("DELETE FROM package_delivery WHERE app = @app", cancellationToken, ("app", app));
    }

    private DeliveryRecord Read(DbDataReader reader) =>
        new(
            reader.GetInt64(0),
            reader.GetString(1),
            Enum.Parse<DeliveryState>(reader.GetString(2), ignoreCase: true),
            new DeliveryStart(reader.GetString(3), reader.GetString(4), reader.GetInt32(5), reader.IsDBNull(6) ? null : reader.GetInt32(6)),
            reader.GetInt32(7),
            database.Dialect.ReadTime(reader, 8),
            database.Dialect.ReadTime(reader, 9),
            reader.IsDBNull(10) ? null : database.Dialect.ReadTime(reader, 10),
            reader.IsDBNull(11) ? null : reader.GetInt64(11),
            reader.Text(12),
            reader.Text(13)
        );
}
