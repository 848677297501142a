namespace Rollbook.Storage.Sql;

/// <summary>Frees what only old versions need. The versions stay as entries: when, why, by whom, and how much each changed.</summary>
internal sealed class Purge(Database database)
{
    /// <summary>See <see cref="IRosterStore.PurgeAsync"/>.</summary>
    public async Task<long> BelowAsync(int oldest, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using (var transaction = await database.BeginWriteAsync(connection, cancellationToken))
        {
            var latest = await connection.NumberAsync("SELECT value FROM counter WHERE name = 'version'", cancellationToken) ?? 0;
            ArgumentOutOfRangeException.ThrowIfGreaterThan(oldest, latest);

            // First, so that nobody looks at a version of which some is gone. Whoever was cut off below is finished by the next one.
            await connection.ExecuteAsync(
                "UPDATE counter SET value = @oldest WHERE name = 'oldest' AND value < @oldest",
                cancellationToken,
                ("oldest", oldest)
            );
            await transaction.CommitAsync(cancellationToken);
        }

        long freed = 0;
        foreach (var table in KindTable.InOrder)
        {
            await using var transaction = await database.BeginWriteAsync(connection, cancellationToken);
            freed += await connection.ExecuteAsync(
                $"DELETE FROM {table.History} WHERE died <= (SELECT value FROM counter WHERE name = 'oldest')",
                cancellationToken
            );
            await transaction.CommitAsync(cancellationToken);
        }

        return freed;
    }
}
