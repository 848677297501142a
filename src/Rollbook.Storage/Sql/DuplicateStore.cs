using System.Data.Common;
using System.Text.Json;
using Rollbook.Model;

namespace Rollbook.Storage.Sql;

/// <summary>Decisions about duplicates, and what was found, in tables.</summary>
internal sealed class DuplicateStore(Database database) : IDuplicateStore
{
    private const string CaseColumns = "number, kind, domain, rank, records, reasons";

    private readonly Dialect dialect = database.Dialect;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DuplicateDecision>> DecisionsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ListAsync(
            """
            SELECT kind, first_app, "first", second_app, second, verdict, decided_by, decided_at FROM duplicate_decision
            ORDER BY decided_at DESC, low, high
            """,
            reader => new DuplicateDecision(
                (Kind)reader.GetInt32(0),
                new SourceRecord(reader.GetString(1), dialect.ReadId(reader, 2)),
                new SourceRecord(reader.GetString(3), dialect.ReadId(reader, 4)),
                (DuplicateVerdict)reader.GetInt32(5),
                reader.GetString(6),
                dialect.ReadTime(reader, 7)
            ),
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public async Task<long> RevisionAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.NumberAsync("SELECT value FROM counter WHERE name = 'decision'", cancellationToken) ?? 0;
    }

    /// <inheritdoc/>
    public Task<bool> DecideAsync(long revision, IReadOnlyCollection<DuplicateDecision> decisions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        return WriteAsync(
            async connection =>
            {
                if (await Counter.NextAsync(connection, "decision", cancellationToken) != revision + 1)
                {
                    return false;
                }

                foreach (var decision in decisions)
                {
                    await ForgetAsync(connection, decision.First.Key, decision.Second.Key, cancellationToken);
                    await AddAsync(connection, decision, cancellationToken);
                }

                return true;
            },
            isKept: isDecided => isDecided,
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public Task<bool> UndoAsync(RollbookId one, RollbookId other, CancellationToken cancellationToken) =>
        WriteAsync(
            async connection =>
            {
                await Counter.NextAsync(connection, "decision", cancellationToken);
                return await ForgetAsync(connection, one, other, cancellationToken) > 0;
            },
            isKept: isUndone => isUndone,
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> RemoveAsync(string app, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(app);
        return WriteAsync<IReadOnlyList<string>>(
            async connection =>
            {
                var cases = await connection.ListAsync($"SELECT {CaseColumns} FROM duplicate", ReadCase, cancellationToken);
                foreach (var named in cases.Where(found => found.Records.Any(record => string.Equals(record.App, app, StringComparison.Ordinal))))
                {
                    await connection.ExecuteAsync("DELETE FROM duplicate WHERE number = @number", cancellationToken, ("number", named.Number));
                }

                var apps = await connection.ListAsync(
                    "SELECT DISTINCT CASE WHEN first_app = @app THEN second_app ELSE first_app END FROM duplicate_decision WHERE first_app = @app OR second_app = @app",
                    reader => reader.GetString(0),
                    cancellationToken,
                    ("app", app)
                );
                if (apps.Count > 0)
                {
                    await Counter.NextAsync(connection, "decision", cancellationToken);
                    await connection.ExecuteAsync(
                        "DELETE FROM duplicate_decision WHERE first_app = @app OR second_app = @app",
                        cancellationToken,
                        ("app", app)
                    );
                }

                return [.. apps.Where(other => !string.Equals(other, app, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
            },
            isKept: _ => true,
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public async Task<DuplicateSearch?> SearchAsync(bool suggestions, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var searches = await connection.ListAsync(
            "SELECT version, configuration, revision, ended_at, notices, members FROM duplicate_search WHERE suggestions = @suggestions",
            reader => new DuplicateSearch(
                suggestions,
                reader.GetInt32(0),
                reader.GetInt32(1),
                reader.GetInt64(2),
                dialect.ReadTime(reader, 3),
                JsonSerializer.Deserialize<string[]>(reader.GetString(4))!
            )
            {
                Members = reader.GetInt64(5),
            },
            cancellationToken,
            ("suggestions", suggestions ? 1 : 0)
        );
        return searches.Count == 0 ? null : searches[0];
    }

    /// <inheritdoc/>
    public Task ReplaceAsync(DuplicateSearch search, IReadOnlyCollection<DuplicateCase> cases, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(search);
        ArgumentNullException.ThrowIfNull(cases);
        var suggestions = search.Suggestions ? 1 : 0;
        return WriteAsync(
            async connection =>
            {
                await connection.ExecuteAsync("DELETE FROM duplicate WHERE suggestion = @flag", cancellationToken, ("flag", suggestions));
                await connection.ExecuteAsync("DELETE FROM duplicate_search WHERE suggestions = @flag", cancellationToken, ("flag", suggestions));
                await connection.ExecuteAsync(
                    """
                    INSERT INTO duplicate_search (suggestions, version, configuration, revision, ended_at, notices, members)
                    VALUES (@flag, @version, @configuration, @revision, @at, @notices, @members)
                    """,
                    cancellationToken,
                    ("flag", suggestions),
                    ("version", search.Version),
                    ("configuration", search.ConfigurationVersion),
                    ("revision", search.Revision),
                    ("at", dialect.Time(search.EndedAt)),
                    ("notices", JsonSerializer.Serialize(search.Notices)),
                    ("members", search.Members)
                );
                foreach (var found in cases)
                {
                    await connection.ExecuteAsync(
                        """
                        INSERT INTO duplicate (number, suggestion, kind, rank, domain, records, reasons)
                        VALUES (@number, @flag, @kind, @rank, @domain, @records, @reasons)
                        """,
                        cancellationToken,
                        ("number", found.Number),
                        ("flag", suggestions),
                        ("kind", (int)found.Kind),
                        ("rank", found.Rank),
                        ("domain", found.Domain is { } domain ? JsonSerializer.Serialize(domain) : null),
                        ("records", JsonSerializer.Serialize(found.Records.Select(record => new[] { record.App, record.Key.ToString() }))),
                        ("reasons", found.Reasons)
                    );
                }

                return cases.Count;
            },
            isKept: _ => true,
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public async Task CloseAsync(long number, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync("DELETE FROM duplicate WHERE number = @number", cancellationToken, ("number", number));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DuplicateCount>> CountAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ListAsync(
            "SELECT kind, domain, count(*) FROM duplicate GROUP BY kind, suggestion, domain ORDER BY kind, suggestion, min(rank), domain",
            reader => new DuplicateCount((Kind)reader.GetInt32(0), DomainOf(reader.Text(1)), reader.GetInt64(2)),
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DuplicateCase>> PageAsync(DuplicateQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ListAsync(
            $"""
            SELECT {CaseColumns} FROM duplicate WHERE kind = @kind AND suggestion = @flag AND (rank, number) > (@rank, @number)
            ORDER BY rank, number LIMIT @limit
            """,
            ReadCase,
            cancellationToken,
            ("kind", (int)query.Kind),
            ("flag", query.Suggestions ? 1 : 0),
            ("rank", query.After?.Rank ?? -1),
            ("number", query.After?.Number ?? 0L),
            ("limit", query.Limit)
        );
    }

    /// <inheritdoc/>
    public async Task<DuplicateCase?> GetAsync(long number, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var found = await connection.ListAsync(
            $"SELECT {CaseColumns} FROM duplicate WHERE number = @number",
            ReadCase,
            cancellationToken,
            ("number", number)
        );
        return found.Count == 0 ? null : found[0];
    }

    private static IReadOnlyList<string>? DomainOf(string? text) => text is null ? null : JsonSerializer.Deserialize<string[]>(text);

    private static DuplicateCase ReadCase(DbDataReader reader) =>
        new(
            reader.GetInt64(0),
            (Kind)reader.GetInt32(1),
            DomainOf(reader.Text(2)),
            reader.GetInt32(3),
            [
                .. JsonSerializer
                    .Deserialize<string[][]>(reader.GetString(4))!
                    .Select(record => new SourceRecord(record[0], RollbookId.FromGuid(Guid.Parse(record[1])))),
            ],
            reader.Text(5)
        );

    private async Task AddAsync(DbConnection connection, DuplicateDecision decision, CancellationToken cancellationToken)
    {
        var (low, high) = InOrder(decision.First.Key, decision.Second.Key);
        await connection.ExecuteAsync(
            """
            INSERT INTO duplicate_decision (low, high, kind, first_app, "first", second_app, second, verdict, decided_by, decided_at)
            VALUES (@low, @high, @kind, @firstApp, @first, @secondApp, @second, @verdict, @by, @at)
            """,
            cancellationToken,
            ("low", dialect.Id(low)),
            ("high", dialect.Id(high)),
            ("kind", (int)decision.Kind),
            ("firstApp", decision.First.App),
            ("first", dialect.Id(decision.First.Key)),
            ("secondApp", decision.Second.App),
            ("second", dialect.Id(decision.Second.Key)),
            ("verdict", (int)decision.Verdict),
            ("by", decision.DecidedBy),
            ("at", dialect.Time(decision.DecidedAt))
        );
    }

    private Task<int> ForgetAsync(DbConnection connection, RollbookId one, RollbookId other, CancellationToken cancellationToken)
    {
        var (low, high) = InOrder(one, other);
        return connection.ExecuteAsync(
            "DELETE FROM duplicate_decision WHERE low = @low AND high = @high",
            cancellationToken,
            ("low", dialect.Id(low)),
            ("high", dialect.Id(high))
        );
    }

    private static (RollbookId Low, RollbookId High) InOrder(RollbookId one, RollbookId other) =>
        one.CompareTo(other) <= 0 ? (one, other) : (other, one);

    private async Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> writeAsync, Func<T, bool> isKept, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await database.BeginWriteAsync(connection, cancellationToken);
        var written = await writeAsync(connection);
        if (isKept(written))
        {
            await transaction.CommitAsync(cancellationToken);
        }

        return written;
    }
}
