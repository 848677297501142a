using System.Data.Common;
using System.Text.Json;
using Rollbook.Model;

namespace Rollbook.Storage.Sql;

/// <summary>The versions of the roster.</summary>
internal sealed class Versions(Database database)
{
    private const string Select = """
        SELECT number, run, app, published_at, published_by, configuration_version, reason, changes, totals, restored,
          (SELECT value FROM counter WHERE name = 'oldest') FROM version
        """;

    /// <summary>The newest.</summary>
    public async Task<RosterVersion?> LatestAsync(CancellationToken cancellationToken) => First(await ListAsync(null, 1, cancellationToken));

    /// <summary>One of them.</summary>
    public async Task<RosterVersion?> GetAsync(int number, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return First(await connection.ListAsync(Select + " WHERE number = @number", Read, cancellationToken, ("number", number)));
    }

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<RosterVersion>> ListAsync(int? before, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.ListAsync(
            Select + " WHERE number < @before ORDER BY number DESC LIMIT @limit",
            Read,
            cancellationToken,
            ("before", before ?? int.MaxValue),
            ("limit", limit)
        );
    }

    /// <summary>Those from one to another.</summary>
    public Task<List<RosterVersion>> BetweenAsync(DbConnection connection, int first, int last, CancellationToken cancellationToken) =>
        connection.ListAsync(Select + " WHERE number BETWEEN @first AND @last", Read, cancellationToken, ("first", first), ("last", last));

    /// <summary>Counts by kind as JSON, kinds by their word.</summary>
    public static string ToJson<T>(IReadOnlyDictionary<Kind, T> counts) =>
        JsonSerializer.Serialize(
            counts.OrderBy(count => count.Key).ToDictionary(count => Kinds.Of(count.Key).Name, count => count.Value, StringComparer.Ordinal)
        );

    /// <summary>The record counts of a version's JSON.</summary>
    public static Dictionary<Kind, T> FromJson<T>(string json) =>
        JsonSerializer.Deserialize<Dictionary<string, T>>(json)!.ToDictionary(count => Kinds.Find(count.Key)!.Kind, count => count.Value);

    private static RosterVersion? First(IReadOnlyList<RosterVersion> versions) => versions.Count == 0 ? null : versions[0];

    private RosterVersion Read(DbDataReader reader) =>
        new(
            reader.GetInt32(0),
            reader.GetInt64(1),
            reader.GetString(2),
            database.Dialect.ReadTime(reader, 3),
            reader.GetString(4),
            reader.GetInt32(5),
            reader.Text(6),
            FromJson<ChangeCounts>(reader.GetString(7)),
            FromJson<long>(reader.GetString(8))
        )
        {
            Restored = reader.IsDBNull(9) ? null : reader.GetInt32(9),
            OldestKept = (int)reader.GetInt64(10),
        };
}
