using System.Data.Common;
using Rollbook.Model;

namespace Rollbook.Storage.Sql;

/// <summary>Change sets that wait, in tables: the changes, and beside them the schools that each concerns, so that a page and the counts don't look at other schools' rows.</summary>
internal sealed class StagedStore(Database database) : IStagedStore
{
    /// <inheritdoc/>
    public async Task<bool> KeepAsync(
        long run,
        string from,
        string to,
        IChangeSet changes,
        string report,
        CancellationToken cancellationToken,
        Func<StagedChange, bool>? leaves = null,
        bool keepsLeft = false
    )
    {
        ArgumentNullException.ThrowIfNull(changes);
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await database.BeginWriteAsync(connection, cancellationToken);
        var state = await connection.ScalarAsync("SELECT state FROM run WHERE number = @run", cancellationToken, ("run", run)) as string;
        if (!string.Equals(state, from, StringComparison.Ordinal))
        {
            return false;
        }

        await ForgetChangesAsync(connection, run, cancellationToken);
        var left = new List<(Kind Kind, List<RollbookId> Ids)>();
        foreach (var table in KindTable.InOrder)
        {
            var ids = new List<RollbookId>();
            left.Add((table.Definition.Kind, ids));
            var copies = changes.Read(table.Definition.Kind).Select(change => change with { Row = change.Row.Copy() });
            foreach (var batch in copies.Chunk(IdBatch.Size))
            {
                ids.AddRange(batch.Where(change => leaves?.Invoke(change) == true).Select(change => change.Id));
                var placed = await PlaceAsync(connection, table, batch, cancellationToken);
                await database.Dialect.AddStagedAsync(connection, run, table.Definition.Kind, placed, cancellationToken);
                await database.Dialect.LoadAsync(
                    connection,
                    table.Staged,
                    table,
                    ("run", checked((int)run)),
                    batch.Where(change => change.Operation != Operation.Delete),
                    cancellationToken
                );
            }

            if (changes.Counts.GetValueOrDefault(table.Definition.Kind)?.Any == true)
            {
                await connection.ExecuteAsync(database.Dialect.Analyze(table.Staged), cancellationToken);
            }
        }

        await connection.ExecuteAsync(
            $"DELETE FROM staged_left WHERE run = @run AND {(keepsLeft ? $"(NOT by_person OR NOT EXISTS ({SameChange} AND staged.operation = staged_left.operation))" : $"EXISTS ({SameChange})")}",
            cancellationToken,
            ("run", run)
        );
        foreach (var (kind, ids) in left)
        {
            foreach (var batch in ids.Chunk(IdBatch.Size))
            {
                await connection.ExecuteAsync(
                    $"""
                    INSERT INTO staged_left (run, kind, id, operation, by_person)
                    SELECT run, kind, id, operation, FALSE FROM staged_change WHERE run = @run AND kind = @kind AND {database.Dialect.AmongIds(
                        "id",
                        "ids"
                    )}
                    ON CONFLICT DO NOTHING
                    """,
                    cancellationToken,
                    ("run", run),
                    ("kind", (int)kind),
                    ("ids", database.Dialect.Ids(batch))
                );
            }
        }

        await connection.ExecuteAsync(database.Dialect.Analyze("staged_change"), cancellationToken);
        await connection.ExecuteAsync(database.Dialect.Analyze("staged_school"), cancellationToken);
        // Last, so that the run's row is not held all the while: progress and the wish to cancel must get through.
        var moved =
            await connection.ExecuteAsync(
                "UPDATE run SET state = @to, report = @report, cancel_requested = FALSE WHERE number = @run AND state = @from",
                cancellationToken,
                ("to", to),
                ("report", report),
                ("run", run),
                ("from", from)
            ) == 1;
        if (moved)
        {
            // From here on the answer is what counts, not the wish to stop.
            await transaction.CommitAsync(CancellationToken.None);
            database.CancelFiles?.Remove(run);
        }

        return moved;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PublishedChange>> ChangesAsync(
        long run,
        Kind kind,
        Operation? operation,
        RollbookId? school,
        RollbookId? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        var table = KindTable.Of(kind);
        var dialect = database.Dialect;
        var writer = new RowWriter();
        await using var connection = await database.OpenAsync(cancellationToken);
        // The page first, whichever join a planner would begin with.
        return await connection.ListAsync(
            $"""
            SELECT staged.id, staged.operation, staged."row", k.id, {table.ColumnsOf("k.")}
            FROM ({PageOf(operation, school, after)}) AS page CROSS JOIN staged_change AS staged LEFT JOIN {table.Name} AS k ON k.id = staged.id
            WHERE staged.run = @run AND staged.kind = @kind AND staged.id = page.id
            ORDER BY staged.id LIMIT @limit
            """,
            reader => new PublishedChange(
                (Operation)reader.GetInt32(1),
                kind,
                dialect.ReadId(reader, 0),
                reader.IsDBNull(3) ? null : dialect.ReadRow(reader, 4, table.Definition, writer),
                reader.IsDBNull(2) ? null : new Row(kind, reader.GetFieldValue<byte[]>(2))
            ),
            cancellationToken,
            [
                ("run", run),
                ("kind", (int)kind),
                ("limit", limit),
                .. operation is { } only ? [("operation", (int)only)] : Array.Empty<(string, object?)>(),
                .. school is { } at ? [("school", dialect.Id(at))] : Array.Empty<(string, object?)>(),
                .. after is { } last ? [("after", dialect.Id(last))] : Array.Empty<(string, object?)>(),
            ]
        );
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<RollbookId, Row>> CreatedAsync(
        long run,
        Family family,
        IReadOnlyCollection<RollbookId> ids,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(ids);
        var found = new Dictionary<RollbookId, Row>();
        await using var connection = await database.OpenAsync(cancellationToken);
        foreach (var batch in ids.Chunk(IdBatch.Size))
        {
            foreach (var kind in Kinds.All.Where(kind => kind.Family == family))
            {
                var rows = await connection.ListAsync(
                    $"""
                    SELECT id, "row" FROM staged_change
                    WHERE run = @run AND kind = @kind AND operation = @create AND {database.Dialect.AmongIds("id", "ids")}
                    """,
                    reader => (Id: database.Dialect.ReadId(reader, 0), Row: new Row(kind.Kind, reader.GetFieldValue<byte[]>(1))),
                    cancellationToken,
                    ("run", run),
                    ("kind", (int)kind.Kind),
                    ("create", (int)Operation.Create),
                    ("ids", database.Dialect.Ids(batch))
                );
                foreach (var (id, row) in rows)
                {
                    found[id] = row;
                }
            }
        }

        return found;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StagedCount>> CountsAsync(long run, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ListAsync(
            "SELECT kind, operation, school, count(*) FROM staged_school WHERE run = @run GROUP BY kind, school, operation ORDER BY 1, 2, 3",
            reader => new StagedCount(
                (Kind)reader.GetInt32(0),
                (Operation)reader.GetInt32(1),
                database.Dialect.ReadId(reader, 2) is var school && school == default ? null : school,
                reader.GetInt64(3)
            ),
            cancellationToken,
            ("run", run)
        );
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StagedChange> ReadAsync(
        long run,
        Kind kind,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var dialect = database.Dialect;
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = connection.Command(
            "SELECT id, operation, \"row\" FROM staged_change WHERE run = @run AND kind = @kind ORDER BY id",
            ("run", run),
            ("kind", (int)kind)
        );
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = reader.IsDBNull(2) ? default : new Row(kind, reader.GetFieldValue<byte[]>(2));
            yield return new StagedChange((Operation)reader.GetInt32(1), kind, dialect.ReadId(reader, 0), row, Consequence: false);
        }
    }

    /// <inheritdoc/>
    public async Task LeaveAsync(long run, StagedSelection which, bool isLeft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(which);
        var dialect = database.Dialect;
        var school = which.IsWithoutSchool ? default(RollbookId) : which.School;
        var conditions =
            (which.Kind is null ? "" : " AND kind = @kind")
            + (which.Operation is null ? "" : " AND operation = @operation")
            + (school is null ? "" : " AND school = @school")
            + (which.Id is null ? "" : " AND id = @id")
            + (
                which.IsLeftBefore
                    ? " AND EXISTS (SELECT 1 FROM left_out AS o WHERE o.app = (SELECT app FROM run WHERE number = @run) AND o.kind = staged_school.kind AND o.id = staged_school.id)"
                    : ""
            );
        (string, object?)[] parameters =
        [
            ("run", run),
            .. which.Kind is { } kind ? [("kind", (int)kind)] : Array.Empty<(string, object?)>(),
            .. which.Operation is { } operation ? [("operation", (int)operation)] : Array.Empty<(string, object?)>(),
            .. school is { } at ? [("school", dialect.Id(at))] : Array.Empty<(string, object?)>(),
            .. which.Id is { } one ? [("id", dialect.Id(one))] : Array.Empty<(string, object?)>(),
        ];
        var chosen = $"SELECT DISTINCT run, kind, id, operation FROM staged_school WHERE run = @run{conditions}";
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await database.BeginWriteAsync(connection, cancellationToken);
        await connection.ExecuteAsync(
            isLeft ? $"INSERT INTO staged_left (run, kind, id, operation) {chosen} ON CONFLICT DO NOTHING"
                : which == StagedSelection.All ? "DELETE FROM staged_left WHERE run = @run"
                : $"DELETE FROM staged_left WHERE run = @run AND EXISTS (SELECT 1 FROM ({chosen}) AS chosen WHERE chosen.kind = staged_left.kind AND chosen.id = staged_left.id)",
            cancellationToken,
            parameters
        );
        await transaction.CommitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<LeftChange> LeftAsync(
        long run,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var dialect = database.Dialect;
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = connection.Command("SELECT kind, id, operation FROM staged_left WHERE run = @run ORDER BY kind, id", ("run", run));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return new LeftChange((Kind)reader.GetInt32(0), dialect.ReadId(reader, 1), (Operation)reader.GetInt32(2));
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlySet<RollbookId>> LeftAmongAsync(
        long run,
        Kind kind,
        IReadOnlyCollection<RollbookId> ids,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(ids);
        var found = new HashSet<RollbookId>();
        await using var connection = await database.OpenAsync(cancellationToken);
        foreach (var batch in ids.Chunk(IdBatch.Size))
        {
            found.UnionWith(
                await connection.ListAsync(
                    $"SELECT id FROM staged_left WHERE run = @run AND kind = @kind AND {database.Dialect.AmongIds("id", "ids")}",
                    reader => database.Dialect.ReadId(reader, 0),
                    cancellationToken,
                    ("run", run),
                    ("kind", (int)kind),
                    ("ids", database.Dialect.Ids(batch))
                )
            );
        }

        return found;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<RollbookId, Operation>> OperationsAsync(
        long run,
        Kind kind,
        IReadOnlyCollection<RollbookId> ids,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(ids);
        var found = new Dictionary<RollbookId, Operation>();
        await using var connection = await database.OpenAsync(cancellationToken);
        foreach (var batch in ids.Chunk(IdBatch.Size))
        {
            var operations = await connection.ListAsync(
                $"""
                SELECT id, operation FROM staged_change
                WHERE run = @run AND kind = @kind AND {database.Dialect.AmongIds("id", "ids")}
                  AND NOT EXISTS (SELECT 1 FROM staged_left AS l WHERE l.run = @run AND l.kind = @kind AND l.id = staged_change.id)
                """,
                reader => (Id: database.Dialect.ReadId(reader, 0), Operation: (Operation)reader.GetInt32(1)),
                cancellationToken,
                ("run", run),
                ("kind", (int)kind),
                ("ids", database.Dialect.Ids(batch))
            );
            foreach (var (id, operation) in operations)
            {
                found[id] = operation;
            }
        }

        return found;
    }

    /// <inheritdoc/>
    public async Task<bool> HasRosterAsync(long run, CancellationToken cancellationToken)
    {
        // One change of each kind tells of all: they are kept together.
        await using var connection = await database.OpenAsync(cancellationToken);
        foreach (var table in KindTable.InOrder)
        {
            var first =
                $"SELECT id FROM staged_change WHERE run = @run AND kind = {(int)table.Definition.Kind} AND operation IN ({BringingOperations}) LIMIT 1";
            var lacks =
                $"SELECT 1 FROM ({first}) AS first WHERE NOT EXISTS (SELECT 1 FROM {table.Staged} AS s WHERE s.run = @run AND s.id = first.id)";
            if (await connection.NumberAsync(lacks, cancellationToken, ("run", run)) is not null)
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StagedCount>> LeftCountsAsync(long run, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ListAsync(
            "SELECT kind, operation, count(*) FROM staged_left WHERE run = @run GROUP BY kind, operation ORDER BY 1, 2",
            reader => new StagedCount((Kind)reader.GetInt32(0), (Operation)reader.GetInt32(1), School: null, reader.GetInt64(2)),
            cancellationToken,
            ("run", run)
        );
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StagedCount>> LeftOfChangesAsync(long run, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ListAsync(
            """
            SELECT staged.kind, staged.operation, count(*) FROM staged_left AS l
            JOIN staged_change AS staged ON staged.run = l.run AND staged.kind = l.kind AND staged.id = l.id
            WHERE l.run = @run GROUP BY staged.kind, staged.operation ORDER BY 1, 2
            """,
            reader => new StagedCount((Kind)reader.GetInt32(0), (Operation)reader.GetInt32(1), School: null, reader.GetInt64(2)),
            cancellationToken,
            ("run", run)
        );
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(long run, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await database.BeginWriteAsync(connection, cancellationToken);
        await ForgetAsync(connection, run, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<LeftChange> LeftBeforeAsync(
        string app,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var dialect = database.Dialect;
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = connection.Command("SELECT kind, id, operation FROM left_out WHERE app = @app ORDER BY kind, id", ("app", app));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return new LeftChange((Kind)reader.GetInt32(0), dialect.ReadId(reader, 1), (Operation)reader.GetInt32(2));
        }
    }

    /// <summary>Remembers what a person left out of a run, and forgets what is decided of what was left out before; inside the transaction of its publication.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="app">The app.</param>
    /// <param name="run">The run, whose change set is there yet if it waited.</param>
    /// <param name="told">The kinds of which the source has said everything.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal static async Task RememberLeftAsync(
        DbConnection connection,
        string app,
        long run,
        IReadOnlySet<Kind> told,
        CancellationToken cancellationToken
    )
    {
        await connection.ExecuteAsync(
            $"""
            DELETE FROM left_out WHERE app = @app
              AND (kind IN ({string.Join(", ", told.Select(kind => (int)kind).DefaultIfEmpty(-1))}) OR EXISTS (
                SELECT 1 FROM staged_change AS c WHERE c.run = @run AND c.kind = left_out.kind AND c.id = left_out.id))
              AND NOT EXISTS (SELECT 1 FROM staged_left AS l WHERE l.run = @run AND l.kind = left_out.kind AND l.id = left_out.id)
            """,
            cancellationToken,
            ("app", app),
            ("run", run)
        );
        await connection.ExecuteAsync(
            """
            INSERT INTO left_out (app, kind, id, operation, run)
            SELECT @app, kind, id, operation, run FROM staged_left WHERE run = @run AND by_person
            ON CONFLICT (app, kind, id) DO UPDATE SET operation = excluded.operation, run = excluded.run
            """,
            cancellationToken,
            ("app", app),
            ("run", run)
        );
    }

    /// <summary>Forgets a run's change set and what was left out of it, inside a transaction.</summary>
    internal static async Task ForgetAsync(DbConnection connection, long run, CancellationToken cancellationToken)
    {
        foreach (var table in Tables)
        {
            await connection.ExecuteAsync($"DELETE FROM {table} WHERE run = @run", cancellationToken, ("run", run));
        }
    }

    /// <summary>All tables that hold anything of a run that waits, by <c>run</c>.</summary>
    internal static IReadOnlyList<string> Tables { get; } =
    ["staged_school", "staged_change", .. KindTable.InOrder.Select(table => table.Staged), LeftTable];

    private const string LeftTable = "staged_left";

    /// <summary>Those with new values, one by one: an index finds them, and goes through all deletions to find what is none.</summary>
    private static readonly string BringingOperations = string.Join(
        ", ",
        Enum.GetValues<Operation>().Where(operation => operation != Operation.Delete).Select(operation => (int)operation)
    );

    private const string SameChange =
        "SELECT 1 FROM staged_change AS staged WHERE staged.run = staged_left.run AND staged.kind = staged_left.kind AND staged.id = staged_left.id";

    private static async Task ForgetChangesAsync(DbConnection connection, long run, CancellationToken cancellationToken)
    {
        foreach (var table in Tables.Where(table => table is not LeftTable))
        {
            await connection.ExecuteAsync($"DELETE FROM {table} WHERE run = @run", cancellationToken, ("run", run));
        }
    }

    // Each part is the beginning of an index: the changes of a school are in the order of their IDs only within an operation.
    private static string PageOf(Operation? operation, RollbookId? school, RollbookId? after)
    {
        var rest = (after is null ? "" : " AND id > @after") + " ORDER BY id LIMIT @limit";
        var parts = (operation, school) switch
        {
            (null, null) => [$"SELECT id FROM staged_change WHERE run = @run AND kind = @kind{rest}"],
            (_, null) => [$"SELECT id FROM staged_change WHERE run = @run AND kind = @kind AND operation = @operation{rest}"],
            (null, _) => Enum.GetValues<Operation>().Select(each => AtSchool($"{(int)each}")),
            _ => [AtSchool("@operation")],
        };
        return string.Join(" UNION ALL ", parts.Select((part, number) => $"SELECT id FROM ({part}) AS part{number}"));

        string AtSchool(string of) =>
            $"SELECT id FROM staged_school WHERE run = @run AND kind = @kind AND school = @school AND operation = {of}{rest}";
    }

    /// <summary>The changes with the schools that each concerns: those of the new values, and those of the record as it is in the roster.</summary>
    private async Task<List<PlacedChange>> PlaceAsync(
        DbConnection connection,
        KindTable table,
        StagedChange[] changes,
        CancellationToken cancellationToken
    )
    {
        if (table.School is not { } attribute)
        {
            // A school is at itself: whoever leaves a school out keeps it.
            return [.. changes.Select(change => new PlacedChange(change, [change.Kind == Kind.School ? change.Id : default]))];
        }

        var writer = new RowWriter();
        var replaced = changes.Where(change => change.Operation != Operation.Create).Select(change => change.Id);
        var before = (
            await connection.ListAsync(
                $"SELECT id, \"{attribute.Column}\" FROM {table.Name} WHERE {database.Dialect.AmongIds("id", "ids")}",
                reader => (Id: database.Dialect.ReadId(reader, 0), Schools: RowReader.Ids(database.Dialect.ReadBytes(reader, 1, attribute, writer))),
                cancellationToken,
                ("ids", database.Dialect.Ids(replaced))
            )
        ).ToDictionary(record => record.Id, record => record.Schools);
        return
        [
            .. changes.Select(change =>
            {
                var after = change.Operation == Operation.Delete ? [] : RowReader.Ids(change.Row.Get(attribute, out _));
                return new PlacedChange(change, [.. before.GetValueOrDefault(change.Id, []).Union(after).DefaultIfEmpty()]);
            }),
        ];
    }
}

/// <summary>A staged change and the schools that it concerns.</summary>
/// <param name="Change">The change.</param>
/// <param name="Schools">The schools, each once; the ID of zeros alone when there is none.</param>
internal readonly record struct PlacedChange(StagedChange Change, IReadOnlyList<RollbookId> Schools);
