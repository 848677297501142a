using System.Data.Common;
using System.Globalization;
using Rollbook.Model;

namespace Rollbook.Storage.Sql;

/// <summary>
/// What a version changed. New values are rows of the kind's table since that version or rows of the history born with it; old values are
/// rows of the history that died with it. Each of the three has an index (version, id), so a page costs its length.
/// </summary>
internal sealed class VersionChanges(Database database)
{
    /// <summary>A page of the changes, by ID.</summary>
    public async Task<IReadOnlyList<PublishedChange>> ReadAsync(
        int version,
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
        var ids = await IdsAsync(connection, table, version, operation, after, limit, cancellationToken);
        if (ids.Count == 0)
        {
            return [];
        }

        var old = await RowsAsync(
            connection,
            table,
            $"SELECT id, {table.Columns} FROM {table.History} WHERE died = @version AND {Among}",
            version,
            ids,
            cancellationToken
        );
        var current = await RowsAsync(
            connection,
            table,
            $"SELECT id, {table.Columns} FROM {table.Name} WHERE since = @version AND {Among} UNION ALL "
                + $"SELECT id, {table.Columns} FROM {table.History} WHERE born = @version AND {Among}",
            version,
            ids,
            cancellationToken
        );
        return
        [
            .. ids.Select(id =>
                Change.Of(kind, id, old.TryGetValue(id, out var before) ? before : null, current.TryGetValue(id, out var now) ? now : null)
            ),
        ];
    }

    private string Among => database.Dialect.AmongIds("id", "ids");

    private Task<List<RollbookId>> IdsAsync(
        DbConnection connection,
        KindTable table,
        int version,
        Operation? operation,
        RollbookId? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var page = (after is null ? "" : " AND id > @after") + " ORDER BY id LIMIT @limit";
        var born =
            $"(EXISTS (SELECT 1 FROM {table.Name} AS n WHERE n.id = o.id AND n.since = @version{{0}}) "
            + $"OR EXISTS (SELECT 1 FROM {table.History} AS n WHERE n.id = o.id AND n.born = @version{{0}}))";
        var died = $"EXISTS (SELECT 1 FROM {table.History} AS o WHERE o.id = n.id AND o.died = @version)";
        (string Table, string Column)[] news = [(table.Name, "since"), (table.History, "born")];
        // All but the new records are found from what died, which is never much in a first load.
        IEnumerable<string> parts = operation switch
        {
            Operation.Create => news.Select(side => $"SELECT id FROM {side.Table} AS n WHERE {side.Column} = @version AND NOT {died}{page}"),
            Operation.Update => [Died(string.Format(CultureInfo.InvariantCulture, born, " AND n.sis_id IS NOT DISTINCT FROM o.sis_id"))],
            Operation.Rekey => [Died(string.Format(CultureInfo.InvariantCulture, born, " AND n.sis_id IS DISTINCT FROM o.sis_id"))],
            Operation.Delete => [Died("NOT " + string.Format(CultureInfo.InvariantCulture, born, ""))],
            null => news.Append((table.History, "died")).Select(side => $"SELECT id FROM {side.Item1} WHERE {side.Item2} = @version{page}"),
            _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "Not an operation."),
        };
        string Died(string condition) => $"SELECT id FROM {table.History} AS o WHERE died = @version AND {condition}{page}";
        // An update is on two sides; UNION takes it once.
        var sql = string.Join(" UNION ", parts.Select((part, number) => $"SELECT id FROM ({part}) AS side{number}"));
        (string, object?)[] parameters =
        [
            ("version", version),
            ("limit", limit),
            .. after is { } id ? [("after", database.Dialect.Id(id))] : Array.Empty<(string, object?)>(),
        ];
        return connection.ListAsync($"{sql} ORDER BY id LIMIT @limit", reader => database.Dialect.ReadId(reader, 0), cancellationToken, parameters);
    }

    private async Task<Dictionary<RollbookId, Row>> RowsAsync(
        DbConnection connection,
        KindTable table,
        string sql,
        int version,
        List<RollbookId> ids,
        CancellationToken cancellationToken
    )
    {
        var writer = new RowWriter();
        var rows = await connection.ListAsync(
            sql,
            reader => (Id: database.Dialect.ReadId(reader, 0), Row: database.Dialect.ReadRow(reader, 1, table.Definition, writer)),
            cancellationToken,
            ("version", version),
            ("ids", database.Dialect.Ids(ids))
        );
        return rows.ToDictionary(row => row.Id, row => row.Row);
    }
}
