using System.Data.Common;
using Rollbook.Model;

namespace Rollbook.Storage.Sql;

/// <summary>
/// What differs between two versions. Whatever does was born or died between them, which has indexes; so the costs follow the changes between them, not the roster.
/// </summary>
internal sealed class VersionDifferences(Database database)
{
    /// <summary>How many records differ, by kind and operation.</summary>
    public async Task<IReadOnlyDictionary<Kind, ChangeCounts>> CountAsync(int from, int to, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<Kind, ChangeCounts>();
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var snapshot = await database.BeginSnapshotAsync(connection, cancellationToken);
        foreach (var table in KindTable.InOrder)
        {
            var ofKind = await connection.ListAsync(
                $"SELECT operation, count(*) FROM ({Sides(table, "")}) AS sides GROUP BY operation",
                reader => (Operation: Turned((Operation)reader.GetInt32(0), from > to), Count: reader.GetInt64(1)),
                cancellationToken,
                Parameters(from, to)
            );
            if (ofKind.Count > 0)
            {
                long Of(Operation operation) => ofKind.Where(count => count.Operation == operation).Sum(count => count.Count);
                counts[table.Definition.Kind] = new ChangeCounts(
                    Of(Operation.Create),
                    Of(Operation.Update),
                    Of(Operation.Delete),
                    Of(Operation.Rekey)
                );
            }
        }

        return counts;
    }

    /// <summary>A page of the records that differ, by ID.</summary>
    public async Task<IReadOnlyList<PublishedChange>> PageAsync(
        int from,
        int to,
        Kind kind,
        Operation? operation,
        RollbookId? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        var table = KindTable.Of(kind);
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var snapshot = await database.BeginSnapshotAsync(connection, cancellationToken);
        var ids = await connection.ListAsync(
            $"SELECT id FROM ({Sides(table, after is null ? "" : " AND id > @after")}) AS sides"
                + (operation is null ? "" : " WHERE operation = @operation")
                + " ORDER BY id LIMIT @limit",
            reader => database.Dialect.ReadId(reader, 0),
            cancellationToken,
            [
                .. Parameters(from, to),
                ("limit", limit),
                .. operation is { } only ? [("operation", (int)Turned(only, from > to))] : Array.Empty<(string, object?)>(),
                .. after is { } last ? [("after", database.Dialect.Id(last))] : Array.Empty<(string, object?)>(),
            ]
        );
        if (ids.Count == 0)
        {
            return [];
        }

        var (before, now) = (
            await RowsAsync(connection, table, from, ids, cancellationToken),
            await RowsAsync(connection, table, to, ids, cancellationToken)
        );
        return
        [
            .. ids.Select(id =>
                Change.Of(kind, id, before.TryGetValue(id, out var old) ? old : null, now.TryGetValue(id, out var current) ? current : null)
            ),
        ];
    }

    /// <summary>The changes that lead from a version back to an older one, by ID. A row is its reader's to keep.</summary>
    public IAsyncEnumerable<StagedChange> BackAsync(int from, int to, Kind kind, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(to, from);
        var table = KindTable.Of(kind);
        var writer = new RowWriter();
        return database.StreamAsync(
            $"""
            SELECT sides.id, sides.operation, {table.ColumnsOf("old.")}
            FROM ({Sides(table, "")}) AS sides
            LEFT JOIN {table.History} AS old ON old.id = sides.id AND old.born <= @low AND old.died > @low
            ORDER BY sides.id
            """,
            reader =>
            {
                var operation = Turned((Operation)reader.GetInt32(1), isBack: true);
                return new StagedChange(
                    operation,
                    kind,
                    database.Dialect.ReadId(reader, 0),
                    operation == Operation.Delete ? default : database.Dialect.ReadRow(reader, 2, table.Definition, writer),
                    Consequence: false
                );
            },
            cancellationToken,
            Parameters(from, to)
        );
    }

    private static (string, object?)[] Parameters(int from, int to) => [("low", Math.Min(from, to)), ("high", Math.Max(from, to))];

    /// <summary>What is an operation in one direction is this one in the other.</summary>
    private static Operation Turned(Operation operation, bool isBack) =>
        (operation, isBack) switch
        {
            (Operation.Create, true) => Operation.Delete,
            (Operation.Delete, true) => Operation.Create,
            _ => operation,
        };

    /// <summary>
    /// The records that differ, each with the operation that leads from the lower version to the higher one. What has moved since the lower one was there in the history, if at all.
    /// </summary>
    private static string Sides(KindTable table, string page) =>
        $"""
            SELECT moved.id, CASE
              WHEN low.id IS NULL THEN {(int)Operation.Create}
              WHEN newest.id IS NULL AND high.id IS NULL THEN {(int)Operation.Delete}
              WHEN coalesce(newest.sis_id, high.sis_id) IS NOT DISTINCT FROM low.sis_id THEN {(int)Operation.Update}
              ELSE {(int)Operation.Rekey} END AS operation
            FROM (
              SELECT id FROM {table.Name} WHERE since > @low AND since <= @high{page}
              UNION SELECT id FROM {table.History} WHERE born > @low AND born <= @high{page}
              UNION SELECT id FROM {table.History} WHERE died > @low AND died <= @high{page}
            ) AS moved
            LEFT JOIN {table.History} AS low ON low.id = moved.id AND low.born <= @low AND low.died > @low
            LEFT JOIN {table.Name} AS newest ON newest.id = moved.id AND newest.since <= @high
            LEFT JOIN {table.History} AS high ON high.id = moved.id AND high.born <= @high AND high.died > @high
            WHERE low.hash IS DISTINCT FROM coalesce(newest.hash, high.hash)
            """;

    private async Task<Dictionary<RollbookId, Row>> RowsAsync(
        DbConnection connection,
        KindTable table,
        int version,
        List<RollbookId> ids,
        CancellationToken cancellationToken
    )
    {
        var writer = new RowWriter();
        var rows = await connection.ListAsync(
            $"SELECT id, {table.Columns} FROM {table.AsOf(version)} WHERE {database.Dialect.AmongIds("id", "ids")}",
            reader => (Id: database.Dialect.ReadId(reader, 0), Row: database.Dialect.ReadRow(reader, 1, table.Definition, writer)),
            cancellationToken,
            ("asOf", version),
            ("ids", database.Dialect.Ids(ids))
        );
        return rows.ToDictionary(row => row.Id, row => row.Row);
    }
}
