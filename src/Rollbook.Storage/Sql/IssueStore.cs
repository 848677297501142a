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
            GROUP BY app, kind, attribute, rule, problem, school ORDER BY app, rule DESC, kind, attribute, problem, school
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
        var conditions = new List<string>();
        var parameters = new List<(string Name, object? Value)>();
        Add("app = @app", "app", query.App);
        Add("kind = @kind", "kind", (int?)query.Kind);
        Add("attribute = @attribute", "attribute", query.Attribute);
        Add("problem = @problem", "problem", (int?)query.Problem);
        Add("school = @school", "school", query.School is { } school ? dialect.Id(school) : null);
        Add(dialect.AmongIds("target", "targets"), "targets", query.Targets is { } targets ? dialect.Ids(targets) : null);
        if (query.Rules is { } rules)
        {
            conditions.Add($"rule IN ({string.Join(", ", rules.Select(rule => (int)rule).Append(-1))})");
        }

        if (query.After is { } after)
        {
            conditions.Add(
                "(app, rule, kind, attribute, problem, record) > (@afterApp, @afterRule, @afterKind, @afterAttribute, @afterProblem, @afterRecord)"
            );
            parameters.AddRange(IssueCursor.Parse(after).Parameters(dialect));
        }

        var where = conditions.Count == 0 ? "" : " WHERE " + string.Join(" AND ", conditions);
        await using var connection = await database.OpenAsync(cancellationToken);
        var issues = await connection.ListAsync(
            $"SELECT {Columns} FROM issue{where} ORDER BY app, rule, kind, attribute, problem, record LIMIT @limit",
            reader => new KeptIssue(reader.GetString(0), Read(reader)),
            cancellationToken,
            [.. parameters, ("limit", query.Limit + 1)]
        );
        return issues.Count <= query.Limit
            ? new IssuePage(issues, null)
            : new IssuePage(issues[..query.Limit], IssueCursor.Of(issues[query.Limit - 1]).ToString());

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
        if (!counts.Exists(count => count.Target.Absence == Absence.LeftOut))
        {
            return new IssueTargets(counts, IssueTargets.None.LeftOut);
        }

        var left = await connection.ListAsync(
            $"""
            SELECT {Columns} FROM issue WHERE app = @app AND rule <> @report
            AND EXISTS (SELECT 1 FROM issue AS other WHERE other.app = @app AND other.target = issue.record)
            ORDER BY record, rule, attribute
            """,
            Read,
            cancellationToken,
            ("app", app),
            ("report", (int)IssueRule.Report)
        );
        return new IssueTargets(counts, left.DistinctBy(issue => issue.Record).ToDictionary(issue => issue.Record));
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
