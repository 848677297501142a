using System.Data.Common;

namespace Rollbook.Storage.Sql;

/// <summary>Drafts in a table.</summary>
internal sealed class DraftStore(Database database) : IDraftStore
{
    private const string Select = "SELECT app, revision, document, saved_by, saved_at FROM draft ";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<AppDraft>> ListAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ListAsync(Select + "ORDER BY app", Read, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<AppDraft?> GetAsync(string app, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var drafts = await connection.ListAsync(Select + "WHERE app = @app", Read, cancellationToken, ("app", app));
        return drafts.Count == 0 ? null : drafts[0];
    }

    /// <inheritdoc/>
    public async Task<int?> SaveAsync(
        string app,
        int expected,
        string document,
        string savedBy,
        DateTimeOffset savedAt,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var sql =
            expected == 0
                ? """
                    INSERT INTO draft (app, revision, document, saved_by, saved_at) VALUES (@app, @revision, @document, @by, @at)
                    ON CONFLICT (app) DO NOTHING
                    """
                : """
                    UPDATE draft SET revision = @revision, document = @document, saved_by = @by, saved_at = @at
                    WHERE app = @app AND revision = @revision - 1
                    """;
        var saved = await connection.ExecuteAsync(
            sql,
            cancellationToken,
            ("app", app),
            ("revision", expected + 1),
            ("document", document),
            ("by", savedBy),
            ("at", database.Dialect.Time(savedAt))
        );
        return saved == 1 ? expected + 1 : null;
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(string app, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync("DELETE FROM draft WHERE app = @app", cancellationToken, ("app", app));
    }

    /// <inheritdoc/>
    public async Task<bool> RemoveAsync(string app, int expected, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ExecuteAsync(
                "DELETE FROM draft WHERE app = @app AND revision = @revision",
                cancellationToken,
                ("app", app),
                ("revision", expected)
            ) == 1;
    }

    private AppDraft Read(DbDataReader reader) =>
        new(reader.GetString(0), reader.GetInt32(1), reader.GetString(2), reader.GetString(3), database.Dialect.ReadTime(reader, 4));
}
