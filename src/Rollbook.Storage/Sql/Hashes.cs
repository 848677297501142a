using Rollbook.Model;

namespace Rollbook.Storage.Sql;

/// <summary>The hashes of the newest version, against which a run compares.</summary>
internal sealed class Hashes(Database database)
{
    /// <summary>Those of some records.</summary>
    public async Task<IReadOnlyDictionary<RollbookId, UInt128>> OfAsync(
        Kind kind,
        IReadOnlyCollection<RollbookId> ids,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(ids);
        var found = new Dictionary<RollbookId, UInt128>(ids.Count);
        if (ids.Count == 0)
        {
            return found;
        }

        var dialect = database.Dialect;
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var snapshot = await database.BeginSnapshotAsync(connection, cancellationToken);
        foreach (var batch in ids.Chunk(IdBatch.Size))
        {
            await using var command = connection.Command(
                $"SELECT id, hash FROM {KindTable.Of(kind).Name} WHERE {dialect.AmongIds("id", "ids")}",
                ("ids", dialect.Ids(batch))
            );
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                found[dialect.ReadId(reader, 0)] = dialect.ReadHash(reader, 1);
            }
        }

        return found;
    }

    /// <summary>Those of all records, which takes a fraction of asking for them by ID.</summary>
    public async Task AllAsync(Kind kind, Action<RollbookId, UInt128> take, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(take);
        var dialect = database.Dialect;
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = connection.Command($"SELECT id, hash FROM {KindTable.Of(kind).Name}");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            take(dialect.ReadId(reader, 0), dialect.ReadHash(reader, 1));
        }
    }
}
