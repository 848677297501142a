using System.Data.Common;
using System.Globalization;
using System.Reflection;

namespace Rollbook.Storage.Sql;

/// <summary>Brings a district's tables to the newest schema: numbered scripts, forward only, each recorded in <c>schema_migration</c>.</summary>
internal static class Migrator
{
    /// <summary>The scripts of a folder of this project, by number: <c>Sqlite/Migrations/0001-district.sql</c> is number 1.</summary>
    public static IReadOnlyList<(int Number, string Sql)> Scripts(string folder)
    {
        var prefix = $"{folder}/Migrations/";
        var assembly = Assembly.GetExecutingAssembly();
        return
        [
            .. assembly
                .GetManifestResourceNames()
                .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name => (int.Parse(name.AsSpan(prefix.Length, 4), CultureInfo.InvariantCulture), ReadAll(assembly, name))),
        ];
    }

    /// <summary>Runs the scripts that have not been run, inside the caller's transaction and under its lock.</summary>
    /// <exception cref="NewerSchemaException">The database has been migrated by a newer program.</exception>
    public static async Task MigrateAsync(
        DbConnection connection,
        IReadOnlyList<(int Number, string Sql)> scripts,
        object appliedAt,
        string timeType,
        CancellationToken cancellationToken
    )
    {
        await connection.ExecuteAsync(
            $"CREATE TABLE IF NOT EXISTS schema_migration (number integer PRIMARY KEY, applied_at {timeType} NOT NULL)",
            cancellationToken
        );
        var current = await CurrentAsync(connection, scripts, cancellationToken);
        foreach (var (number, sql) in scripts.Where(script => script.Number > current))
        {
            await connection.ExecuteAsync(sql, cancellationToken);
            await connection.ExecuteAsync(
                "INSERT INTO schema_migration (number, applied_at) VALUES (@number, @at)",
                cancellationToken,
                ("number", number),
                ("at", appliedAt)
            );
        }
    }

    /// <summary>The number of the last script that has been run, 0 for none; <c>schema_migration</c> exists.</summary>
    /// <exception cref="NewerSchemaException">The database has been migrated by a newer program.</exception>
    public static async Task<long> CurrentAsync(
        DbConnection connection,
        IReadOnlyList<(int Number, string Sql)> scripts,
        CancellationToken cancellationToken
    )
    {
        var current = await connection.NumberAsync("SELECT max(number) FROM schema_migration", cancellationToken) ?? 0;
        return current <= scripts[^1].Number
            ? current
            : throw new NewerSchemaException(
                $"The database {connection.DataSource} has schema {current}, this program knows only up to {scripts[^1].Number}. Start the program that last used it, or a newer one."
            );
    }

    private static string ReadAll(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
