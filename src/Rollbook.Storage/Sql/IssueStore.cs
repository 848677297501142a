using System.Data.Common;
using Rollbook.Model;

namespace Rollbook.Storage.Sql;

/// <summary>Issues in a table.</summary>
internal sealed class IssueStore(Database database) : IIssueStore
{
    private readonly Dialect dialect = database.Dialect;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<IssueRecord>> RecordsAsync(string app, Collection collection, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ListAsync(
            "SELECT record, min(kind), min(rule) FROM issue WHERE app = @app AND collection = @collection GROUP BY record",
            reader => new IssueRecord(dialect.ReadId(reader, 0), (Kind)reader.GetInt32(1), (IssueRule)reader.GetInt32(2) == IssueRule.Report),
            cancellationToken,
            ("app", app),
            ("collection", (int)collection)
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
    public async Task<IReadOnlyList<KeptIssue>> PageAsync(IssueQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var conditions = new List<(string Sql, string Name, object Value)>();
        Add("app", query.App);
        Add("kind", (int?)query.Kind);
        Add("attribute", query.Attribute);
        Add("rule", (int?)query.Rule);
        Add("problem", (int?)query.Problem);
        Add("school", query.School is { } school ? dialect.Id(school) : null);
        var where = conditions.Count == 0 ? "" : " WHERE " + string.Join(" AND ", conditions.Select(condition => condition.Sql));
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ListAsync(
            $"""
            SELECT app, collection, record, kind, attribute, rule, problem, sis_id, school FROM issue{where}
            ORDER BY app, rule DESC, kind, attribute, problem, sis_id, record LIMIT @limit OFFSET @skip
            """,
            reader => new KeptIssue(
                reader.GetString(0),
                new Issue(
                    (Collection)reader.GetInt32(1),
                    dialect.ReadId(reader, 2),
                    (Kind)reader.GetInt32(3),
                    reader.GetString(4),
                    (IssueRule)reader.GetInt32(5),
                    (IssueProblem)reader.GetInt32(6),
                    reader.GetString(7),
                    School(reader, 8)
                )
            ),
            cancellationToken,
            [.. conditions.Select(condition => (condition.Name, (object?)condition.Value)), ("limit", query.Limit), ("skip", query.Skip)]
        );

        void Add(string column, object? value)
        {
            if (value is not null)
            {
                conditions.Add(($"{column} = @{column}", column, value));
            }
        }
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

    private RollbookId? School(DbDataReader reader, int ordinal) => reader.IsDBNull(ordinal) ? null : dialect.ReadId(reader, ordinal);
}
