using System.Data.Common;
using Rollbook.Model;

namespace Rollbook.Storage.Sql;

/// <summary>
/// Pages of records by keyset: a page is found from the last record of the one before, at any depth at the same cost. A list has two
/// segments, first the records that have a value to sort by and then those that have none, in either direction of sorting;
/// each segment is a plain walk along the index.
/// </summary>
internal sealed class RecordPager(Database database)
{
    /// <summary>See <see cref="IRosterStore.PageAsync"/>.</summary>
    public async Task<RecordPage> PageAsync(RecordQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Limit is < 1 or > 10_000)
        {
            throw new RefusedValueException($"A page has from 1 to 10000 records, not {query.Limit}.");
        }

        var table = KindTable.Of(query.Kind);
        var sort = SortAttribute(table.Definition, query.Sort);
        var cursor = query.After is null ? null : PageCursor.Parse(query.After, sort);
        var walk = new Walk(database.Dialect, table, sort, query, cursor);
        var records = await ReadAsync(walk, table, query, cancellationToken);
        var more = records.Count > query.Limit;
        if (more)
        {
            records.RemoveAt(query.Limit);
        }

        if (query.Backwards)
        {
            records.Reverse();
        }

        var (before, after) = query.Backwards ? (more, cursor is not null) : (cursor is not null, more);
        return new RecordPage(
            records,
            after && records.Count > 0 ? PageCursor.Of(records[^1], sort).ToString() : null,
            before && records.Count > 0 ? PageCursor.Of(records[0], sort).ToString() : null);
    }

    private static Model.Attribute SortAttribute(KindDefinition definition, string? name) =>
        name is null ? definition.SortAttribute : definition.Find(name) ?? throw new RefusedValueException($"A {definition.Name} has no attribute '{name}' to sort by.");

    private async Task<List<RosterRecord>> ReadAsync(Walk walk, KindTable table, RecordQuery query, CancellationToken cancellationToken)
    {
        var writer = new RowWriter();
        RosterRecord Read(DbDataReader reader) =>
            new(database.Dialect.ReadId(reader, 0), database.Dialect.ReadRow(reader, 2, table.Definition, writer), reader.GetInt32(1));

        await using var connection = await database.OpenAsync(cancellationToken);
        await using var snapshot = await database.BeginSnapshotAsync(connection, cancellationToken);
        var records = new List<RosterRecord>();
        foreach (var (sql, parameters) in walk.Segments())
        {
            // One more than asked for, to know whether there is a page behind.
            var wanted = query.Limit + 1 - records.Count;
            if (wanted > 0)
            {
                records.AddRange(await connection.ListAsync(sql, Read, cancellationToken, [.. parameters, ("limit", wanted)]));
            }
        }

        return records;
    }

    /// <summary>The questions a page asks, in the direction in which it walks.</summary>
    private sealed class Walk(Dialect dialect, KindTable table, Model.Attribute sort, RecordQuery query, PageCursor? cursor)
    {
        private readonly string key = SortKey.Expression(dialect, sort);
        private readonly string direction = query.Descending != query.Backwards ? "DESC" : "ASC";
        private readonly string beyond = query.Descending != query.Backwards ? "<" : ">";
        private readonly RecordConditions conditions = new(dialect, table.Definition, query);

        public IEnumerable<(string Sql, List<(string, object?)> Parameters)> Segments()
        {
            bool[] segments = query.Backwards ? [false, true] : [true, false];
            var start = cursor is null ? 0 : Array.IndexOf(segments, cursor.Key is not null);
            for (var i = start; i < segments.Length; i++)
            {
                yield return Segment(hasValue: segments[i], fromCursor: i == start && cursor is not null);
            }
        }

        private (string Sql, List<(string, object?)> Parameters) Segment(bool hasValue, bool fromCursor)
        {
            List<(string, object?)> parameters = [.. conditions.Parameters];
            if (query.AsOf is { } version)
            {
                parameters.Add(("asOf", version));
            }

            var where = hasValue ? $"{key} IS NOT NULL" : $"{key} IS NULL";
            if (fromCursor)
            {
                where += hasValue ? $" AND ({key}, id) {beyond} (@key, @id)" : $" AND id {beyond} @id";
                parameters.Add(("id", dialect.Id(cursor!.Id)));
                if (hasValue)
                {
                    parameters.Add(("key", SortKey.Parameter(dialect, sort, cursor.Key!)));
                }
            }

            var order = hasValue ? $"{key} {direction}, id {direction}" : $"id {direction}";
            return ($"SELECT id, since, {table.Columns} FROM {table.AsOf(query.AsOf)} WHERE {where}{conditions.Sql} ORDER BY {order} LIMIT @limit", parameters);
        }
    }
}
