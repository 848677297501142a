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
        var conditions = new RecordConditions(database.Dialect, table, query);
        var records = await ReadAsync(
            plan => new PageWalk(database.Dialect, table, sort, query, cursor, conditions, plan),
            table,
            query,
            conditions,
            cancellationToken
        );
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
            before && records.Count > 0 ? PageCursor.Of(records[0], sort).ToString() : null
        );
    }

    private static Model.Attribute SortAttribute(KindDefinition definition, string? name) =>
        name is null
            ? definition.SortAttribute
            : definition.Find(name) ?? throw new RefusedValueException($"A {definition.Name} has no attribute '{name}' to sort by.");

    private async Task<List<RosterRecord>> ReadAsync(
        Func<PagePlan, PageWalk> walk,
        KindTable table,
        RecordQuery query,
        RecordConditions conditions,
        CancellationToken cancellationToken
    )
    {
        var writer = new RowWriter();
        RosterRecord Read(DbDataReader reader) =>
            new(database.Dialect.ReadId(reader, 0), database.Dialect.ReadRow(reader, 2, table.Definition, writer), reader.GetInt32(1));

        await using var connection = await database.OpenAsync(cancellationToken);
        await using var snapshot = await database.BeginSnapshotAsync(connection, cancellationToken);
        var records = new List<RosterRecord>();
        var plan = await PagePlan.ProbeAsync(connection, table, conditions, cancellationToken);
        foreach (var (sql, parameters) in walk(plan).Segments())
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
}
