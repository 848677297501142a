using System.Data.Common;
using Rollbook.Model;

namespace Rollbook.Storage.Sql;

/// <summary>Members of united records in tables.</summary>
internal sealed class UnitedStore(Database database) : IUnitedStore
{
    /// <inheritdoc/>
    public IAsyncEnumerable<Member> ReadAsync(CancellationToken cancellationToken) =>
        database.StreamAsync("SELECT app, key, id, kind, \"row\" FROM member ORDER BY app, key", ReadMember, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Member>> OfAsync(IReadOnlyCollection<RollbookId> ids, CancellationToken cancellationToken) =>
        WithAsync("id", ids, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Member>> WithKeysAsync(IReadOnlyCollection<RollbookId> keys, CancellationToken cancellationToken) =>
        WithAsync("key", keys, cancellationToken);

    /// <inheritdoc/>
    public async Task<long> RevisionAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.NumberAsync("SELECT value FROM counter WHERE name = 'member'", cancellationToken) ?? 0;
    }

    /// <inheritdoc/>
    public async Task<long> CountSharedAsync(string app, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.NumberAsync(
                """
                SELECT count(DISTINCT own.id) FROM member AS own JOIN member AS other ON other.id = own.id AND other.app <> own.app
                WHERE own.app = @app
                """,
                cancellationToken,
                ("app", app)
            ) ?? 0;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<RollbookId, RollbookId>> KeptIdsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var kept = await connection.ListAsync(
            "SELECT key, id FROM kept_id",
            reader => KeyValuePair.Create(database.Dialect.ReadId(reader, 0), database.Dialect.ReadId(reader, 1)),
            cancellationToken
        );
        return kept.ToDictionary();
    }

    /// <inheritdoc/>
    public async Task<int> KeepIdsAsync(string app, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await database.BeginWriteAsync(connection, cancellationToken);
        var kept = await connection.ExecuteAsync(
            """
            INSERT INTO kept_id (key, id)
            SELECT member.key, member.id FROM member
            WHERE member.app <> @app AND member.id IN (SELECT own.id FROM member AS own WHERE own.app = @app)
            ON CONFLICT (key) DO UPDATE SET id = excluded.id
            """,
            cancellationToken,
            ("app", app)
        );
        await transaction.CommitAsync(cancellationToken);
        return kept;
    }

    /// <summary>Writes what a publication changes, inside its transaction.</summary>
    internal static async Task ChangeAsync(Database database, DbConnection connection, MemberChanges changes, CancellationToken cancellationToken)
    {
        if (changes.Gone.Count + changes.Set.Count > 0)
        {
            await Counter.NextAsync(connection, "member", cancellationToken);
        }

        foreach (var app in changes.Gone.GroupBy(member => member.App, member => member.Key, StringComparer.Ordinal))
        {
            foreach (var batch in app.Chunk(IdBatch.Size))
            {
                await connection.ExecuteAsync(
                    $"DELETE FROM member WHERE app = @app AND {database.Dialect.AmongIds("key", "keys")}",
                    cancellationToken,
                    ("app", app.Key),
                    ("keys", database.Dialect.Ids(batch))
                );
            }
        }

        foreach (var batch in changes.Set.Chunk(IdBatch.Size))
        {
            await database.Dialect.SetMembersAsync(connection, batch, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<Member>> WithAsync(string column, IReadOnlyCollection<RollbookId> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        await using var connection = await database.OpenAsync(cancellationToken);
        var members = new List<Member>();
        foreach (var batch in ids.Distinct().Chunk(IdBatch.Size))
        {
            members.AddRange(
                await connection.ListAsync(
                    $"SELECT app, key, id, kind, \"row\" FROM member WHERE {database.Dialect.AmongIds(column, "ids")} ORDER BY app, key",
                    ReadMember,
                    cancellationToken,
                    ("ids", database.Dialect.Ids(batch))
                )
            );
        }

        return members;
    }

    private Member ReadMember(DbDataReader reader) =>
        new(
            reader.GetString(0),
            database.Dialect.ReadId(reader, 1),
            database.Dialect.ReadId(reader, 2),
            new Row((Kind)reader.GetInt32(3), reader.GetFieldValue<byte[]>(4))
        );
}
