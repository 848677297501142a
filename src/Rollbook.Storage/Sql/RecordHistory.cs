using System.Data.Common;
using Rollbook.Model;

namespace Rollbook.Storage.Sql;

/// <summary>What became of one record from version to version, read off the intervals in which its values were valid.</summary>
internal sealed class RecordHistory(Database database)
{
    private readonly Versions versions = new(database);

    /// <summary>The changes of a record, newest first.</summary>
    public async Task<IReadOnlyList<RecordChange>> OfAsync(Kind kind, RollbookId id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var snapshot = await database.BeginSnapshotAsync(connection, cancellationToken);
        var changes = Changes(kind, id, await IntervalsAsync(connection, KindTable.Of(kind), id, cancellationToken));
        if (changes.Count == 0)
        {
            return [];
        }

        var numbers = (await versions.BetweenAsync(connection, changes[0].Version, changes[^1].Version, cancellationToken)).ToDictionary(version =>
            version.Number
        );
        changes.Reverse();
        return
        [
            .. changes.Where(change => numbers[change.Version].HasChanges).Select(change => new RecordChange(numbers[change.Version], change.Change)),
        ];
    }

    private Task<List<(int Born, int? Died, Row Row)>> IntervalsAsync(
        DbConnection connection,
        KindTable table,
        RollbookId id,
        CancellationToken cancellationToken
    )
    {
        var writer = new RowWriter();
        return connection.ListAsync(
            $"SELECT born, died, {table.Columns} FROM {table.History} WHERE id = @id UNION ALL "
                + $"SELECT since, NULL, {table.Columns} FROM {table.Name} WHERE id = @id ORDER BY 1",
            reader =>
                (
                    reader.GetInt32(0),
                    reader.IsDBNull(1) ? (int?)null : reader.GetInt32(1),
                    database.Dialect.ReadRow(reader, 2, table.Definition, writer)
                ),
            cancellationToken,
            ("id", database.Dialect.Id(id))
        );
    }

    private static List<(int Version, PublishedChange Change)> Changes(Kind kind, RollbookId id, List<(int Born, int? Died, Row Row)> intervals)
    {
        var changes = new List<(int Version, PublishedChange Change)>();
        for (var i = 0; i < intervals.Count; i++)
        {
            var (born, died, row) = intervals[i];
            var follows = i > 0 && intervals[i - 1].Died == born;
            changes.Add((born, Change.Of(kind, id, follows ? intervals[i - 1].Row : null, row)));
            if (died is { } end && (i + 1 == intervals.Count || intervals[i + 1].Born != end))
            {
                changes.Add((end, Change.Of(kind, id, row, null)));
            }
        }

        return changes;
    }
}
