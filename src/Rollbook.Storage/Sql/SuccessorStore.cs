using System.Data.Common;
using System.Globalization;
using Rollbook.Model;

namespace Rollbook.Storage.Sql;

/// <summary>Pairs of SIS Migration in a table.</summary>
internal sealed class SuccessorStore(Database database) : ISuccessorStore
{
    private const string Columns = "kind, key, id, domain, state";

    // Two parameters a pair, and every database takes so many.
    private const int PairsAtOnce = 200;

    /// <inheritdoc/>
    public IAsyncEnumerable<SuccessorPair> InForceAsync(string app, CancellationToken cancellationToken) =>
        database.StreamAsync($"SELECT {Columns} FROM successor WHERE app = @app AND state <> 2 ORDER BY key", Read, cancellationToken, ("app", app));

    /// <inheritdoc/>
    public async Task ProposeAsync(string app, IReadOnlyCollection<SuccessorPair> pairs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await database.BeginWriteAsync(connection, cancellationToken);
        foreach (var group in pairs.GroupBy(pair => (pair.Kind, pair.Domain)))
        {
            foreach (var batch in group.Chunk(PairsAtOnce))
            {
                var values = batch
                    .Index()
                    .Select(each => string.Create(CultureInfo.InvariantCulture, $"(@app, @key{each.Index}, @id{each.Index}, @kind, @domain, 0)"));
                (string, object?)[] parameters =
                [
                    ("app", app),
                    ("kind", (int)group.Key.Kind),
                    ("domain", group.Key.Domain),
                    .. batch
                        .Index()
                        .SelectMany(each =>
                            new (string, object?)[]
                            {
                                (string.Create(CultureInfo.InvariantCulture, $"key{each.Index}"), database.Dialect.Id(each.Item.Key)),
                                (string.Create(CultureInfo.InvariantCulture, $"id{each.Index}"), database.Dialect.Id(each.Item.Id)),
                            }
                        ),
                ];
                await connection.ExecuteAsync(
                    $"INSERT INTO successor (app, key, id, kind, domain, state) VALUES {string.Join(", ", values)} ON CONFLICT (app, key) DO NOTHING",
                    cancellationToken,
                    parameters
                );
            }
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SuccessorCount>> CountAsync(string app, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ListAsync(
            "SELECT kind, domain, state, count(*) FROM successor WHERE app = @app GROUP BY kind, domain, state ORDER BY kind, domain, state",
            reader => new SuccessorCount((Kind)reader.GetInt32(0), reader.GetString(1), (SuccessorState)reader.GetInt32(2), reader.GetInt64(3)),
            cancellationToken,
            ("app", app)
        );
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SuccessorPair>> PageAsync(
        string app,
        Kind kind,
        RollbookId? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ListAsync(
            $"""
            SELECT {Columns} FROM successor WHERE app = @app AND kind = @kind AND state <> 1 {(after is null ? "" : "AND key > @after")}
            ORDER BY key LIMIT @limit
            """,
            Read,
            cancellationToken,
            [
                ("app", app),
                ("kind", (int)kind),
                ("limit", limit),
                .. after is { } last ? new (string, object?)[] { ("after", database.Dialect.Id(last)) } : [],
            ]
        );
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<SuccessorPair> SeparateAsync(string app, CancellationToken cancellationToken) =>
        database.StreamAsync($"SELECT {Columns} FROM successor WHERE app = @app AND state = 2 ORDER BY key", Read, cancellationToken, ("app", app));

    /// <inheritdoc/>
    public async Task<int> DecideAsync(string app, IReadOnlyCollection<RollbookId> keys, bool isSeparate, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await database.BeginWriteAsync(connection, cancellationToken);
        var decided = 0;
        foreach (var batch in keys.Chunk(IdBatch.Size))
        {
            decided += await connection.ExecuteAsync(
                $"UPDATE successor SET state = @state WHERE app = @app AND state <> 1 AND {database.Dialect.AmongIds("key", "keys")}",
                cancellationToken,
                ("app", app),
                ("state", (int)(isSeparate ? SuccessorState.Separate : SuccessorState.Proposed)),
                ("keys", database.Dialect.Ids(batch))
            );
        }

        await transaction.CommitAsync(cancellationToken);
        return decided;
    }

    /// <inheritdoc/>
    public async Task<SuccessorPair?> GetAsync(string app, RollbookId key, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var found = await connection.ListAsync(
            $"SELECT {Columns} FROM successor WHERE app = @app AND key = @key AND state <> 1",
            Read,
            cancellationToken,
            ("app", app),
            ("key", database.Dialect.Id(key))
        );
        return found.Count == 0 ? null : found[0];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SuccessorPair>> OfAsync(string app, IReadOnlyCollection<RollbookId> ids, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ids);
        await using var connection = await database.OpenAsync(cancellationToken);
        var pairs = new List<SuccessorPair>();
        foreach (var batch in ids.Chunk(IdBatch.Size))
        {
            pairs.AddRange(
                await connection.ListAsync(
                    $"SELECT {Columns} FROM successor WHERE app = @app AND state <> 1 AND {database.Dialect.AmongIds("id", "ids")}",
                    Read,
                    cancellationToken,
                    ("app", app),
                    ("ids", database.Dialect.Ids(batch))
                )
            );
        }

        return pairs;
    }

    /// <summary>Accepts pairs, inside the transaction of a publication.</summary>
    internal static async Task AcceptAsync(
        Database database,
        DbConnection connection,
        string app,
        SuccessorAcceptance accepted,
        CancellationToken cancellationToken
    )
    {
        // By way of states of their own, since a pair that was accepted before may keep the same Rollbook ID.
        if (await connection.ExecuteAsync("UPDATE successor SET state = 3 WHERE app = @app AND state = 0", cancellationToken, ("app", app)) == 0)
        {
            return;
        }

        await MoveAsync(accepted.LeftOut, 0);
        await MoveAsync(accepted.Brought, 4);
        await connection.ExecuteAsync("DELETE FROM successor WHERE app = @app AND state = 3", cancellationToken, ("app", app));
        await connection.ExecuteAsync("UPDATE successor SET state = 1 WHERE app = @app AND state = 4", cancellationToken, ("app", app));

        async Task MoveAsync(IReadOnlyCollection<RollbookId> ids, int state)
        {
            foreach (var batch in ids.Chunk(IdBatch.Size))
            {
                await connection.ExecuteAsync(
                    $"UPDATE successor SET state = @state WHERE app = @app AND state = 3 AND {database.Dialect.AmongIds("id", "ids")}",
                    cancellationToken,
                    ("state", state),
                    ("app", app),
                    ("ids", database.Dialect.Ids(batch))
                );
            }
        }
    }

    /// <inheritdoc/>
    public Task ForgetAsync(string app, CancellationToken cancellationToken) =>
        ExecuteAsync("DELETE FROM successor WHERE app = @app AND state <> 1", cancellationToken, ("app", app));

    /// <inheritdoc/>
    public Task RemoveAsync(string app, CancellationToken cancellationToken) =>
        ExecuteAsync("DELETE FROM successor WHERE app = @app", cancellationToken, ("app", app));

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await database.BeginWriteAsync(connection, cancellationToken);
        await connection.ExecuteAsync(sql, cancellationToken, parameters);
        await transaction.CommitAsync(cancellationToken);
    }

    private SuccessorPair Read(DbDataReader reader) =>
        new(
            (Kind)reader.GetInt32(0),
            database.Dialect.ReadId(reader, 1),
            database.Dialect.ReadId(reader, 2),
            reader.GetString(3),
            (SuccessorState)reader.GetInt32(4)
        );
}
