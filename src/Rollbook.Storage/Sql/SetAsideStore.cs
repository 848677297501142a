using System.Data.Common;
using Rollbook.Model;

namespace Rollbook.Storage.Sql;

/// <summary>What a rollback has set aside, in a table.</summary>
internal sealed class SetAsideStore(Database database) : ISetAsideStore
{
    private readonly Versions versions = new(database);

    /// <inheritdoc/>
    public async Task<RosterVersion?> PendingAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var number = await connection.NumberAsync(
            "SELECT max(number) FROM version WHERE restored IS NOT NULL AND EXISTS (SELECT 1 FROM set_aside)",
            cancellationToken
        );
        return number is { } found ? await versions.GetAsync((int)found, cancellationToken) : null;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<SetAside> ReadAsync(Kind kind, CancellationToken cancellationToken) =>
        database.StreamAsync(
            "SELECT id, \"row\" FROM set_aside WHERE kind = @kind ORDER BY id",
            reader => Read(kind, reader),
            cancellationToken,
            ("kind", (int)kind)
        );

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<RollbookId, SetAside>> GetAsync(
        Kind kind,
        IReadOnlyCollection<RollbookId> ids,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(ids);
        var found = new Dictionary<RollbookId, SetAside>();
        await using var connection = await database.OpenAsync(cancellationToken);
        foreach (var batch in ids.Distinct().Chunk(IdBatch.Size))
        {
            foreach (var record in await GetAsync(connection, kind, batch, cancellationToken))
            {
                found[record.Id] = record;
            }
        }

        return found;
    }

    /// <summary>
    /// Sets aside, inside the transaction of a rollback and before its changes are applied, what they replace; and forgets what the roster has again.
    /// </summary>
    internal async Task TakeAsync(DbConnection connection, IChangeSet changes, CancellationToken cancellationToken)
    {
        foreach (var table in KindTable.InOrder)
        {
            var copies = changes.Read(table.Definition.Kind).Select(change => change with { Row = change.Row.Copy() });
            foreach (var batch in copies.Chunk(IdBatch.Size))
            {
                await TakeAsync(connection, table, batch, cancellationToken);
            }
        }
    }

    /// <summary>Forgets everything, inside the transaction of a publication that makes the roster be what the accepted uploads give.</summary>
    internal static Task<int> ForgetAsync(DbConnection connection, CancellationToken cancellationToken) =>
        connection.ExecuteAsync("DELETE FROM set_aside", cancellationToken);

    private async Task TakeAsync(DbConnection connection, KindTable table, StagedChange[] changes, CancellationToken cancellationToken)
    {
        var kind = table.Definition.Kind;
        var ids = database.Dialect.Ids(changes.Select(change => change.Id));
        var given = (await GetAsync(connection, kind, changes.Select(change => change.Id), cancellationToken)).ToDictionary(record => record.Id);
        var writer = new RowWriter();
        var published = (
            await connection.ListAsync(
                $"SELECT id, {table.Columns} FROM {table.Name} WHERE {database.Dialect.AmongIds("id", "ids")}",
                reader => (Id: database.Dialect.ReadId(reader, 0), Row: database.Dialect.ReadRow(reader, 1, table.Definition, writer)),
                cancellationToken,
                ("ids", ids)
            )
        ).ToDictionary(record => record.Id, record => record.Row);
        await connection.ExecuteAsync(
            $"DELETE FROM set_aside WHERE kind = @kind AND {database.Dialect.AmongIds("id", "ids")}",
            cancellationToken,
            ("kind", (int)kind),
            ("ids", ids)
        );
        var set = new List<SetAside>(changes.Length);
        foreach (var change in changes)
        {
            Row? now = change.Operation == Operation.Delete ? null : change.Row;
            var record =
                given.GetValueOrDefault(change.Id)
                ?? new SetAside(kind, change.Id, published.TryGetValue(change.Id, out var before) ? before : (Row?)null);
            if (!Equals(record.Row, now))
            {
                set.Add(record);
            }
        }

        await database.Dialect.AddSetAsideAsync(connection, set, cancellationToken);
    }

    private Task<List<SetAside>> GetAsync(DbConnection connection, Kind kind, IEnumerable<RollbookId> ids, CancellationToken cancellationToken) =>
        connection.ListAsync(
            $"SELECT id, \"row\" FROM set_aside WHERE kind = @kind AND {database.Dialect.AmongIds("id", "ids")}",
            reader => Read(kind, reader),
            cancellationToken,
            ("kind", (int)kind),
            ("ids", database.Dialect.Ids(ids))
        );

    private SetAside Read(Kind kind, DbDataReader reader) =>
        new(kind, database.Dialect.ReadId(reader, 0), reader.IsDBNull(1) ? null : new Row(kind, reader.GetFieldValue<byte[]>(1)));
}
