using System.Data.Common;
using Rollbook.Model;

namespace Rollbook.Storage.Sql;

/// <summary>Issues in a table.</summary>
internal sealed class IssueStore(Database database) : IIssueStore
{
    private const string Columns =
        "app, collection, record, kind, attribute, rule, problem, sis_id, school, target, target_family, target_sis_id, target_absence";

    private readonly Dialect dialect = database.Dialect;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<IssueRecord>> RecordsAsync(string app, Collection collection, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ListAsync(
            "SELECT record, min(kind), min(rule) FROM issue WHERE app = @app AND collection = @collection AND rule < @required GROUP BY record",
            reader => new IssueRecord(dialect.ReadId(reader, 0), (Kind)reader.GetInt32(1), (IssueRule)reader.GetInt32(2) == IssueRule.Report),
            cancellationToken,
            ("app", app),
            ("collection", (int)collection),
            ("required", (int)IssueRule.Required)
        );
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<IssueCount>> CountAsync(string? app, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ListAsync(
            $"""
            SELECT app, kind, attribute, rule, problem, school, count(*) FROM issue{(app is null ? "" : " WHERE app = @app")}
            GROUP BY app, rule, kind, attribute, problem, school ORDER BY app, rule, kind, attribute, problem, school
            """,
            reader => new IssueCount(
                reader.GetString(0),
                (Kind)reader.GetInt32(1),
                reader.GetString(2),
                (IssueRule)reader.GetInt32(3),
                (IssueProblem)reader.GetInt32(4),
                School(reader, 5),
                reader.GetInt64(6)
            ),
            cancellationToken,
            app is null ? [] : [("app", app)]
        );
    }

    /// <inheritdoc/>
    public async Task<IssueTargets> TargetsAsync(string app, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await TargetsAsync(connection, app, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IssuePage> PageAsync(IssueQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var after = query.After is { } cursor ? IssueCursor.Parse(cursor) : null;
        var rules = (query.Rules ?? Enum.GetValues<IssueRule>())
            .Distinct()
            .Where(rule => query.Targets is null || rule == IssueRule.Required)
            .Order()
            .ToArray();
        await using var connection = await database.OpenAsync(cancellationToken);
        var issues = new List<KeptIssue>();

        // App by app and rule by rule, so that each is found where it begins in the index, whatever lies before it.
        foreach (var app in (query.Apps ?? await AppsAsync(connection, cancellationToken)).Order(StringComparer.Ordinal))
        {
            foreach (var rule in rules)
            {
                var place = after?.Place(app, rule) ?? 1;
                if (place >= 0 && issues.Count <= query.Limit)
                {
                    var limit = query.Limit + 1 - issues.Count;
                    issues.AddRange(await PartAsync(connection, query, app, rule, place == 0 ? after : null, limit, cancellationToken));
                }
            }
        }

        return issues.Count <= query.Limit
            ? new IssuePage(issues, null)
            : new IssuePage(issues[..query.Limit], IssueCursor.Of(issues[query.Limit - 1]).ToString());
    }

    private static async Task<IReadOnlyCollection<string>> AppsAsync(DbConnection connection, CancellationToken cancellationToken) =>
        await connection.ListAsync("SELECT DISTINCT app FROM acceptance", reader => reader.GetString(0), cancellationToken);

    /// <summary>Issues of one app and rule, by kind, attribute, problem and record.</summary>
    private Task<List<KeptIssue>> PartAsync(
        DbConnection connection,
        IssueQuery query,
        string app,
        IssueRule rule,
        IssueCursor? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var conditions = new List<string> { "app = @app", "rule = @rule" };
        var parameters = new List<(string Name, object? Value)> { ("app", app), ("rule", (int)rule), ("limit", limit) };
        Add("kind = @kind", "kind", (int?)query.Kind);
        Add("attribute = @attribute", "attribute", query.Attribute);
        Add("problem = @problem", "problem", (int?)query.Problem);
        Add("school = @school", "school", query.School is { } school ? dialect.Id(school) : null);
        var from = "issue";
        if (query.Targets is { } targets)
        {
            // Apart, so that they are looked up by what they lack and not along the order of all.
            from = "found";
            parameters.Add(("targets", dialect.Ids(targets)));
        }

        if (after is not null)
        {
            conditions.Add("(kind, attribute, problem, record) > (@afterKind, @afterAttribute, @afterProblem, @afterRecord)");
            parameters.AddRange(after.Parameters(dialect));
        }

        var found = $"WITH found AS MATERIALIZED (SELECT {Columns} FROM issue WHERE app = @app AND {dialect.AmongIds("target", "targets")})";
        return connection.ListAsync(
            $"""
            {(query.Targets is null ? "" : found)}
            SELECT {Columns} FROM {from} WHERE {string.Join(" AND ", conditions)} ORDER BY kind, attribute, problem, record LIMIT @limit
            """,
            reader => new KeptIssue(reader.GetString(0), Read(reader)),
            cancellationToken,
            [.. parameters]
        );

        void Add(string condition, string name, object? value)
        {
            if (value is not null)
            {
                conditions.Add(condition);
                parameters.Add((name, value));
            }
        }
    }

    /// <summary>What an app's records lack of other records, also within a transaction that changes it.</summary>
    internal async Task<IssueTargets> TargetsAsync(DbConnection connection, string app, CancellationToken cancellationToken)
    {
        var counts = await connection.ListAsync(
            """
            SELECT target, min(target_family), min(target_sis_id), min(target_absence), kind, count(*) FROM issue
            WHERE app = @app AND target IS NOT NULL GROUP BY target, kind ORDER BY target, kind
            """,
            reader => new TargetCount(Target(reader, 0)!, (Kind)reader.GetInt32(4), reader.GetInt64(5)),
            cancellationToken,
            ("app", app)
        );
        // Asked for by what is lacked: most records with an issue are lacked by nothing.
        var left = new Dictionary<RollbookId, Issue>();
        foreach (var collection in Collections.InOrder)
        {
            var lacked = counts
                .Select(count => count.Target)
                .Where(target => target.Absence == Absence.LeftOut && target.Family == Collections.FamilyOf(collection))
                .Select(target => target.Id)
                .Distinct();
            foreach (var batch in lacked.Chunk(IdBatch.Size))
            {
                var found = await connection.ListAsync(
                    $"""
                    SELECT {Columns} FROM issue WHERE app = @app AND collection = @collection AND {dialect.AmongIds(
                        "record",
                        "ids"
                    )} AND rule <> @report
                    ORDER BY record, rule, attribute
                    """,
                    Read,
                    cancellationToken,
                    ("app", app),
                    ("collection", (int)collection),
                    ("ids", dialect.Ids(batch)),
                    ("report", (int)IssueRule.Report)
                );
                foreach (var issue in found)
                {
                    left.TryAdd(issue.Record, issue);
                }
            }
        }

        return new IssueTargets(counts, left);
    }

    /// <summary>Makes an app's issues be what a publication says, inside its transaction.</summary>
    internal async Task ChangeAsync(DbConnection connection, string app, IssueChanges changes, CancellationToken cancellationToken)
    {
        if (changes.ClearAll)
        {
            await connection.ExecuteAsync("DELETE FROM issue WHERE app = @app", cancellationToken, ("app", app));
        }

        foreach (var collection in changes.Cleared.GroupBy(cleared => cleared.Collection, cleared => cleared.Record))
        {
            foreach (var batch in collection.Chunk(IdBatch.Size))
            {
                await connection.ExecuteAsync(
                    $"DELETE FROM issue WHERE app = @app AND collection = @collection AND {dialect.AmongIds("record", "ids")}",
                    cancellationToken,
                    ("app", app),
                    ("collection", (int)collection.Key),
                    ("ids", dialect.Ids(batch))
                );
            }
        }

        foreach (var batch in changes.Added.Chunk(IdBatch.Size))
        {
            await dialect.AddIssuesAsync(connection, app, batch, cancellationToken);
        }
    }

    private Issue Read(DbDataReader reader) =>
        new(
            (Collection)reader.GetInt32(1),
            dialect.ReadId(reader, 2),
            (Kind)reader.GetInt32(3),
            reader.GetString(4),
            (IssueRule)reader.GetInt32(5),
            (IssueProblem)reader.GetInt32(6),
            reader.GetString(7),
            School(reader, 8)
        )
        {
            Target = Target(reader, 9),
        };

    private MissingTarget? Target(DbDataReader reader, int first) =>
        reader.IsDBNull(first)
            ? null
            : new MissingTarget(
                (Family)reader.GetInt32(first + 1),
                dialect.ReadId(reader, first),
                reader.GetString(first + 2),
                (Absence)reader.GetInt32(first + 3)
            );

    private RollbookId? School(DbDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : dialect.ReadId(reader, ordinal);
}
