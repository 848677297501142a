namespace Rollbook.Storage.Sql;

/// <summary>What a district's own tables say about it.</summary>
internal static class DistrictRow
{
    /// <summary>Reads it; null when the tables were made but the district was not.</summary>
    public static async Task<DistrictInfo?> ReadAsync(Database database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.ListAsync(
            "SELECT id, name, time_zone FROM district",
            reader => new DistrictInfo(reader.GetString(0), reader.GetString(1), reader.GetString(2)),
            cancellationToken
        );
        return rows.Count == 0 ? null : rows[0];
    }

    /// <summary>Writes it and returns it.</summary>
    public static async Task<DistrictInfo> WriteAsync(Database database, DistrictInfo district, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(
            """
            INSERT INTO district (id, name, time_zone) VALUES (@id, @name, @zone)
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, time_zone = excluded.time_zone
            """,
            cancellationToken,
            ("id", district.Id),
            ("name", district.Name),
            ("zone", district.TimeZone)
        );
        return district;
    }
}
