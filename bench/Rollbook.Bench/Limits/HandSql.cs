using Rollbook.Model;

namespace Rollbook.Bench.Limits;

/// <summary>The statements that are the same on both databases.</summary>
internal static class HandSql
{
    /// <summary>Deletes by a table of IDs.</summary>
    internal static string Delete(string table, string gone) => $"DELETE FROM {table} WHERE id IN (SELECT id FROM {gone})";

    /// <summary>Inserts or updates from a table of the same columns.</summary>
    internal static string Upsert(string kind, string table, string come)
    {
        string[] columns = ["since", "hash", .. Kinds.Find(kind)!.Attributes.Select(attribute => attribute.Column)];
        var assignments = columns.Select(column => $"\"{column}\" = excluded.\"{column}\"");
        return $"INSERT INTO {table} SELECT * FROM {come} WHERE true ON CONFLICT (id) DO UPDATE SET {string.Join(", ", assignments)}";
    }
}
