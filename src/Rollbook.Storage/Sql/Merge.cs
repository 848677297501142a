using System.Data.Common;
using Rollbook.Model;

namespace Rollbook.Storage.Sql;

/// <summary>
/// Brings a change set into a kind's tables. New records are loaded straight into the table; the others are staged, their old values
/// moved to the history, and then updated or deleted. So the cost grows with the change, not with the roster.
/// </summary>
internal sealed class Merge(Database database, DbConnection connection, int version)
{
    // Below this an empty table is filled with its indexes in place; above, making them afterwards is faster.
    private const int BulkLoad = 10_000;

    /// <summary>Applies what the change set has of a kind.</summary>
    /// <exception cref="InvalidOperationException">The change set doesn't fit the version that it was computed against.</exception>
    public async Task ApplyAsync(KindTable table, IChangeSet changes, CancellationToken cancellationToken)
    {
        var counts = changes.Counts.GetValueOrDefault(table.Definition.Kind) ?? new ChangeCounts();
        var all = changes.Read(table.Definition.Kind);
        var replaced = counts.Update + counts.Rekey + counts.Delete;
        if (replaced > 0)
        {
            Expect(
                replaced,
                await ReplaceAsync(table, all.Where(change => change.Operation != Operation.Create), counts.Delete, cancellationToken),
                table,
                "updates and deletions"
            );
        }

        if (counts.Create > 0)
        {
            Expect(
                counts.Create,
                await CreateAsync(table, all.Where(change => change.Operation == Operation.Create), counts.Create, cancellationToken),
                table,
                "new records"
            );
        }

        if (counts.Create + replaced > counts.Delete)
        {
            foreach (var links in table.Links)
            {
                await FillAsync(
                    links.Name,
                    counts.Create,
                    async () => await connection.ExecuteAsync(links.Add(database.Dialect), cancellationToken, ("version", version)),
                    cancellationToken
                );
            }
        }
    }

    private Task<long> CreateAsync(KindTable table, IEnumerable<StagedChange> creates, long expected, CancellationToken cancellationToken) =>
        FillAsync(table.Name, expected, () => LoadAsync(table.Name, table, creates, cancellationToken), cancellationToken);

    private async Task<long> FillAsync(string table, long expected, Func<Task<long>> fill, CancellationToken cancellationToken)
    {
        if (expected < BulkLoad || await connection.NumberAsync($"SELECT 1 FROM {table} LIMIT 1", cancellationToken) is not null)
        {
            return await fill();
        }

        var indexes = await connection.ListAsync(
            database.Dialect.IndexesOf(table),
            reader => (Name: reader.GetString(0), Sql: reader.GetString(1)),
            cancellationToken
        );
        foreach (var index in indexes)
        {
            await connection.ExecuteAsync($"DROP INDEX \"{index.Name}\"", cancellationToken);
        }

        var filled = await fill();
        foreach (var index in indexes)
        {
            await connection.ExecuteAsync(index.Sql, cancellationToken);
        }

        await connection.ExecuteAsync(database.Dialect.Analyze(table), cancellationToken);
        return filled;
    }

    private async Task<long> ReplaceAsync(KindTable table, IEnumerable<StagedChange> changes, long deletions, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(database.Dialect.CreateStage(table), cancellationToken);
        var staged = await LoadAsync("stage", table, changes, cancellationToken);
        await connection.ExecuteAsync(database.Dialect.Analyze("stage"), cancellationToken);
        var moved = await connection.ExecuteAsync(
            $"INSERT INTO {table.History} (id, born, died, hash, {table.Columns}) "
                + $"SELECT k.id, k.since, @version, k.hash, {table.ColumnsOf("k.")} FROM stage AS s JOIN {table.Name} AS k ON k.id = s.id",
            cancellationToken,
            ("version", version)
        );
        Expect(staged, moved, table, "updates and deletions of published records");
        foreach (var links in table.Links)
        {
            await connection.ExecuteAsync(links.Remove(database.Dialect), cancellationToken);
        }

        if (deletions > 0)
        {
            Expect(
                deletions,
                await connection.ExecuteAsync($"DELETE FROM {table.Name} WHERE id IN (SELECT id FROM stage WHERE hash IS NULL)", cancellationToken),
                table,
                "deletions"
            );
        }

        if (staged > deletions)
        {
            await connection.ExecuteAsync(
                $"UPDATE {table.Name} AS k SET since = s.since, hash = s.hash, {table.AssignmentsFrom("s.")} FROM stage AS s WHERE k.id = s.id AND s.hash IS NOT NULL",
                cancellationToken
            );
        }

        await connection.ExecuteAsync("DROP TABLE stage", cancellationToken);
        return staged;
    }

    private Task<long> LoadAsync(string target, KindTable table, IEnumerable<StagedChange> changes, CancellationToken cancellationToken) =>
        database.Dialect.LoadAsync(connection, target, table, ("since", version), changes, cancellationToken);

    private static void Expect(long expected, long actual, KindTable table, string what)
    {
        if (expected != actual)
        {
            throw new InvalidOperationException(
                $"The change set does not fit the published roster: {expected} {what} of kind {table.Definition.Name} were announced, {actual} were found. Nothing was published."
            );
        }
    }
}
