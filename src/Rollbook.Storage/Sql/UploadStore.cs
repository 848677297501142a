using System.Data.Common;
using Rollbook.Model;

namespace Rollbook.Storage.Sql;

/// <summary>Kept uploads in tables. Segments count once their run is in <c>acceptance</c>.</summary>
internal sealed class UploadStore(Database database) : IUploadStore
{
    /// <inheritdoc/>
    public async Task<AcceptedUpload?> AcceptedAsync(string app, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var accepted = await connection.ListAsync(
            "SELECT run, derivation FROM acceptance WHERE app = @app ORDER BY number DESC LIMIT 1",
            reader => new AcceptedUpload(reader.GetInt64(0), reader.GetString(1)),
            cancellationToken,
            ("app", app)
        );
        return accepted.Count == 0 ? null : accepted[0];
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<SegmentIndex> ReadIndexAsync(string app, Collection collection, CancellationToken cancellationToken) =>
        database.StreamAsync(
            """
            SELECT number, records, "index" FROM segment
            WHERE app = @app AND collection = @collection AND EXISTS (SELECT 1 FROM acceptance WHERE acceptance.run = segment.run)
            ORDER BY number
            """,
            ReadSegmentIndex,
            cancellationToken,
            ("app", app),
            ("collection", (int)collection)
        );

    /// <inheritdoc/>
    public IAsyncEnumerable<SegmentIndex> ReadIndexAsync(long run, Collection collection, CancellationToken cancellationToken) =>
        database.StreamAsync(
            "SELECT number, records, \"index\" FROM segment WHERE run = @run AND collection = @collection ORDER BY number",
            ReadSegmentIndex,
            cancellationToken,
            ("run", run),
            ("collection", (int)collection)
        );

    /// <inheritdoc/>
    public async Task<IReadOnlyList<int>> SegmentsAsync(string app, Collection collection, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ListAsync(
            """
            SELECT number FROM segment
            WHERE app = @app AND collection = @collection AND number NOT IN (SELECT number FROM segment WHERE run NOT IN (SELECT run FROM acceptance))
            ORDER BY number DESC
            """,
            reader => reader.GetInt32(0),
            cancellationToken,
            ("app", app),
            ("collection", (int)collection)
        );
    }

    /// <inheritdoc/>
    public async Task<byte[]?> ReadIndexAsync(int segment, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ScalarAsync("SELECT \"index\" FROM segment WHERE number = @number", cancellationToken, ("number", segment)) as byte[];
    }

    /// <inheritdoc/>
    public async Task<SegmentOrigin?> OriginAsync(int segment, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var origins = await connection.ListAsync(
            // By way of the runs, since a segment's row has its data in it and is slow to look at.
            """
            SELECT run,
              EXISTS (
                SELECT 1 FROM acceptance JOIN segment AS older ON older.run = acceptance.run
                WHERE acceptance.app = segment.app AND acceptance.run < segment.run AND older.collection = segment.collection)
              OR NOT EXISTS (SELECT 1 FROM acceptance WHERE acceptance.app = segment.app AND acceptance.run < segment.run)
            FROM segment WHERE number = @number
            """,
            reader => new SegmentOrigin(reader.GetInt64(0), reader.GetBoolean(1)),
            cancellationToken,
            ("number", segment)
        );
        return origins.Count == 0 ? null : origins[0];
    }

    /// <inheritdoc/>
    public async Task<int> NextSegmentsAsync(int count, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return checked((int)(await Counter.TakeAsync(connection, "segment", count, cancellationToken) - count + 1));
    }

    /// <inheritdoc/>
    public async Task AppendAsync(string app, long run, Collection collection, IReadOnlyList<Segment> segments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(segments);
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await database.BeginWriteAsync(connection, cancellationToken);
        foreach (var segment in segments)
        {
            await connection.ExecuteAsync(
                """
                INSERT INTO segment (number, app, collection, run, records, "index", data)
                VALUES (@number, @app, @collection, @run, @records, @index, @data)
                """,
                cancellationToken,
                ("number", segment.Number),
                ("app", app),
                ("collection", (int)collection),
                ("run", run),
                ("records", segment.Records),
                ("index", segment.Index.ToArray()),
                ("data", segment.Data.ToArray())
            );
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<byte[]?> ReadDataAsync(int segment, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ScalarAsync("SELECT data FROM segment WHERE number = @number", cancellationToken, ("number", segment)) as byte[];
    }

    /// <inheritdoc/>
    public async Task DiscardAsync(long run, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(
            "DELETE FROM segment WHERE run = @run AND NOT EXISTS (SELECT 1 FROM acceptance WHERE acceptance.run = segment.run)",
            cancellationToken,
            ("run", run)
        );
    }

    /// <inheritdoc/>
    public async Task DiscardAsync(long run, int below, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await DiscardAsync(connection, run, below, cancellationToken);
    }

    /// <summary>The same, inside a transaction.</summary>
    internal static Task DiscardAsync(DbConnection connection, long run, int below, CancellationToken cancellationToken) =>
        connection.ExecuteAsync("DELETE FROM segment WHERE run = @run AND number < @below", cancellationToken, ("run", run), ("below", below));

    /// <inheritdoc/>
    public async Task DiscardEndedAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(
            """
            DELETE FROM segment WHERE run IN (
              SELECT number FROM run WHERE ended_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM acceptance WHERE acceptance.run = run.number))
            """,
            cancellationToken
        );
        foreach (var table in StagedStore.Tables)
        {
            await connection.ExecuteAsync($"DELETE FROM {table} WHERE run IN (SELECT number FROM run WHERE ended_at IS NOT NULL)", cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<UnresolvedReference>> UnresolvedAsync(
        string app,
        IReadOnlyCollection<RollbookId> targets,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(targets);
        await using var connection = await database.OpenAsync(cancellationToken);
        var dialect = database.Dialect;
        var found = new List<UnresolvedReference>();
        foreach (var batch in targets.Distinct().Chunk(IdBatch.Size))
        {
            found.AddRange(
                await connection.ListAsync(
                    $"SELECT collection, \"from\", target, required FROM unresolved WHERE app = @app AND {dialect.AmongIds("target", "targets")}",
                    reader => new UnresolvedReference(
                        (Collection)reader.GetInt32(0),
                        dialect.ReadId(reader, 1),
                        dialect.ReadId(reader, 2),
                        reader.GetBoolean(3)
                    ),
                    cancellationToken,
                    ("app", app),
                    ("targets", dialect.Ids(batch))
                )
            );
        }

        return found;
    }

    private static SegmentIndex ReadSegmentIndex(DbDataReader reader) => new(reader.GetInt32(0), reader.GetInt32(1), reader.GetFieldValue<byte[]>(2));
}
