using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Rollbook.Storage.Installation;

/// <summary>How the contexts reach their databases.</summary>
internal static class InstallationOptions
{
    /// <summary>SQLite in the data folder.</summary>
    public static void UseFile(DbContextOptionsBuilder options, string dataFolder) =>
        options.UseSqlite(new SqliteConnectionStringBuilder { DataSource = FileIn(dataFolder) }.ToString());

    /// <summary>The installation's file in a data folder.</summary>
    public static string FileIn(string dataFolder) => Path.Combine(dataFolder, "rollbook.db");

    /// <summary>PostgreSQL; the record of migrations lies in the same schema as what they made.</summary>
    public static void UseSchema(DbContextOptionsBuilder options, string connectionString) =>
        options.UseNpgsql(connectionString, postgres => postgres.MigrationsHistoryTable("__EFMigrationsHistory", PostgresInstallationContext.Schema));
}
