using System.Data.Common;

namespace Rollbook.Storage.Sql;

/// <summary>Numbers that are given out one after the other.</summary>
internal static class Counter
{
    /// <summary>Takes the next number; others who want one wait until the transaction ends, so a number that is undone is given out again.</summary>
    public static Task<long> NextAsync(DbConnection connection, string name, CancellationToken cancellationToken) =>
        TakeAsync(connection, name, 1, cancellationToken);

    /// <summary>Takes so many numbers at once and returns the last.</summary>
    public static async Task<long> TakeAsync(DbConnection connection, string name, int count, CancellationToken cancellationToken) =>
        await connection.NumberAsync(
            "UPDATE counter SET value = value + @count WHERE name = @name RETURNING value",
            cancellationToken,
            ("count", count),
            ("name", name)
        ) ?? throw new InvalidOperationException($"The database has no counter '{name}'; its schema is damaged.");
}
