using Microsoft.EntityFrameworkCore;
using Rollbook.Storage.Sqlite;

namespace Rollbook.Storage.Installation;

/// <summary>Brings the installation's tables to the newest schema, forward only. The caller holds a lock against others who do the same.</summary>
internal static class InstallationMigration
{
    /// <summary>Applies the migrations that are missing.</summary>
    /// <exception cref="NewerSchemaException">The database was last used by a newer program.</exception>
    public static async Task ApplyAsync(InstallationContext context, CancellationToken cancellationToken)
    {
        if (context.Database.IsSqlite())
        {
            // It holds the keys to every secret. EF Core turns the write-ahead log on only in files that it has made itself.
            PrivateFile.Ensure(context.Database.GetDbConnection().DataSource);
            await context.Database.ExecuteSqlAsync($"PRAGMA journal_mode = WAL", cancellationToken);
        }

        var applied = (await context.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
        var known = context.Database.GetMigrations().ToList();
        if (applied.Except(known, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
        {
            throw new NewerSchemaException(
                $"The installation's database has the migration '{unknown}', which this program does not know. Start the program that last used it, or a newer one."
            );
        }

        if (applied.Count == known.Count)
        {
            return;
        }

        if (context.Database.IsSqlite())
        {
            await RemoveLeftLockAsync(context, cancellationToken);
        }

        await context.Database.MigrateAsync(cancellationToken);
    }

    // EF Core locks SQLite by a row, which stays for ever when the program is killed meanwhile (EF Core's documentation, "SQLite limitations").
    private static async Task RemoveLeftLockAsync(InstallationContext context, CancellationToken cancellationToken)
    {
        var tables = await context
            .Database.SqlQuery<int>($"SELECT count(*) AS Value FROM sqlite_master WHERE name = '__EFMigrationsLock'")
            .SingleAsync(cancellationToken);
        if (tables > 0)
        {
            await context.Database.ExecuteSqlAsync($"DELETE FROM __EFMigrationsLock", cancellationToken);
        }
    }
}
