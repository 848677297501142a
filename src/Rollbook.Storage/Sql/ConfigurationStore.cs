using System.Data.Common;

namespace Rollbook.Storage.Sql;

/// <summary>Configuration versions and secrets in tables.</summary>
internal sealed class ConfigurationStore(Database database) : IConfigurationStore
{
    private const string Select = "SELECT number, document, saved_by, saved_at FROM configuration ";

    /// <inheritdoc/>
    public Task<ConfigurationVersion?> LatestAsync(CancellationToken cancellationToken) =>
        ReadAsync(Select + "ORDER BY number DESC LIMIT 1", cancellationToken);

    /// <inheritdoc/>
    public async Task<int> LatestNumberAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return (int)(await connection.NumberAsync("SELECT max(number) FROM configuration", cancellationToken) ?? 0);
    }

    /// <inheritdoc/>
    public Task<ConfigurationVersion?> GetAsync(int number, CancellationToken cancellationToken) =>
        ReadAsync(Select + "WHERE number = @number", cancellationToken, ("number", number));

    /// <inheritdoc/>
    public async Task<int?> AddAsync(int expectedLatest, string document, string savedBy, DateTimeOffset savedAt, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var number = expectedLatest + 1;
        // The primary key decides between two that save at the same moment.
        var added = await connection.ExecuteAsync(
            """
            INSERT INTO configuration (number, document, saved_by, saved_at)
            SELECT @number, @document, @by, @at WHERE (SELECT coalesce(max(number), 0) FROM configuration) = @expected
            ON CONFLICT (number) DO NOTHING
            """,
            cancellationToken,
            ("number", number),
            ("document", document),
            ("by", savedBy),
            ("at", database.Dialect.Time(savedAt)),
            ("expected", expectedLatest)
        );
        return added == 1 ? number : null;
    }

    /// <inheritdoc/>
    public async Task SetSecretAsync(string name, byte[] encrypted, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(
            "INSERT INTO secret (name, encrypted) VALUES (@name, @encrypted) ON CONFLICT (name) DO UPDATE SET encrypted = excluded.encrypted",
            cancellationToken,
            ("name", name),
            ("encrypted", encrypted)
        );
    }

    /// <inheritdoc/>
    public async Task<byte[]?> GetSecretAsync(string name, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ScalarAsync("SELECT encrypted FROM secret WHERE name = @name", cancellationToken, ("name", name)) as byte[];
    }

    /// <inheritdoc/>
    public async Task RemoveSecretAsync(string name, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync("DELETE FROM secret WHERE name = @name", cancellationToken, ("name", name));
    }

    private async Task<ConfigurationVersion?> ReadAsync(string sql, CancellationToken cancellationToken, params (string, object?)[] parameters)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var versions = await connection.ListAsync(sql, Read, cancellationToken, parameters);
        return versions.Count == 0 ? null : versions[0];
    }

    private ConfigurationVersion Read(DbDataReader reader) =>
        new(reader.GetInt32(0), reader.GetString(1), reader.GetString(2), database.Dialect.ReadTime(reader, 3));
}
