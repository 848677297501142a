using System.Data.Common;
using Rollbook.Model;

namespace Rollbook.Storage.Sql;

/// <summary>Records by ID, by reference, and all of them.</summary>
internal sealed class Records(Database database)
{
    /// <summary>All of a kind by ID.</summary>
    public IAsyncEnumerable<RosterRecord> ReadAsync(Kind kind, AsOf asOf, CancellationToken cancellationToken)
    {
        var table = KindTable.Of(kind);
        return database.StreamAsync(
            $"SELECT id, since, {table.Columns} FROM {table.AsOf(asOf)} ORDER BY id",
            Reader(table),
            cancellationToken,
            KindTable.ParametersOf(asOf)
        );
    }

    /// <summary>One.</summary>
    public async Task<RosterRecord?> GetAsync(Kind kind, RollbookId id, AsOf asOf, CancellationToken cancellationToken)
    {
        var table = KindTable.Of(kind);
        await using var connection = await database.OpenAsync(cancellationToken);
        var records = await connection.ListAsync(
            $"SELECT id, since, {table.Columns} FROM {table.AsOf(asOf)} WHERE id = @id",
            Reader(table),
            cancellationToken,
            [("id", database.Dialect.Id(id)), .. KindTable.ParametersOf(asOf)]
        );
        return records.Count == 0 ? null : records[0];
    }

    /// <summary>Some of a family, whatever their kind.</summary>
    public async Task<IReadOnlyDictionary<RollbookId, RosterRecord>> GetManyAsync(
        Family family,
        IReadOnlyCollection<RollbookId> ids,
        AsOf asOf,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(ids);
        var found = new Dictionary<RollbookId, RosterRecord>(ids.Count);
        if (ids.Count == 0)
        {
            return found;
        }

        var dialect = database.Dialect;
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var snapshot = await database.BeginSnapshotAsync(connection, cancellationToken);
        foreach (var batch in ids.Distinct().Chunk(IdBatch.Size))
        {
            var parameter = dialect.Ids(batch);
            foreach (var table in Kinds.Of(family).Select(definition => KindTable.Of(definition.Kind)))
            {
                var records = await connection.ListAsync(
                    $"SELECT id, since, {table.Columns} FROM {table.AsOf(asOf)} WHERE {dialect.AmongIds("id", "ids")}",
                    Reader(table),
                    cancellationToken,
                    [("ids", parameter), .. KindTable.ParametersOf(asOf)]
                );
                foreach (var record in records)
                {
                    found[record.Id] = record;
                }
            }
        }

        return found;
    }

    /// <summary>The records of the newest version that refer to any of the targets.</summary>
    public async Task<IReadOnlyCollection<RollbookId>> ReferrersAsync(
        Kind kind,
        Model.Attribute attribute,
        IReadOnlyCollection<RollbookId> targets,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(attribute);
        ArgumentNullException.ThrowIfNull(targets);
        if (!attribute.IsReference)
        {
            throw new ArgumentException($"'{attribute.Name}' holds no references.", nameof(attribute));
        }

        var dialect = database.Dialect;
        var table = KindTable.Of(kind);
        await using var connection = await database.OpenAsync(cancellationToken);
        var links = table.LinksOf(attribute);
        if (attribute.Type == AttributeType.ReferenceList && links is null)
        {
            // A list without links is looked for by reading all of them, so they are read once for all targets.
            return targets.Count == 0
                ? []
                : await dialect.ReferrersInListsAsync(connection, table, attribute, targets.ToHashSet(), cancellationToken);
        }

        var (from, id, column) = links is null ? (table.Name, "id", $"\"{attribute.Column}\"") : (links.Name, LinkTable.Record, "target");
        var found = new HashSet<RollbookId>();
        await using var snapshot = await database.BeginSnapshotAsync(connection, cancellationToken);
        foreach (var batch in targets.Distinct().Chunk(IdBatch.Size))
        {
            found.UnionWith(
                await connection.ListAsync(
                    $"SELECT {id} FROM {from} WHERE {dialect.AmongIds(column, "targets")}",
                    reader => dialect.ReadId(reader, 0),
                    cancellationToken,
                    ("targets", dialect.Ids(batch))
                )
            );
        }

        return found;
    }

    private Func<DbDataReader, RosterRecord> Reader(KindTable table)
    {
        var writer = new RowWriter();
        var dialect = database.Dialect;
        return reader => new RosterRecord(dialect.ReadId(reader, 0), dialect.ReadRow(reader, 2, table.Definition, writer), reader.GetInt32(1));
    }
}
