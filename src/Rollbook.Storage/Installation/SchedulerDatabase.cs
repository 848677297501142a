using Microsoft.Data.Sqlite;
using Rollbook.Storage.Sqlite;

namespace Rollbook.Storage.Installation;

/// <summary>Where the scheduler keeps what is due and what is at work: in the installation's own database.</summary>
public sealed class SchedulerDatabase
{
    private readonly string? folder;

    private SchedulerDatabase(string connectionString, string tablePrefix, string? folder) =>
        (ConnectionString, TablePrefix, this.folder) = (connectionString, tablePrefix, folder);

    /// <summary>Whether many programs share it (PostgreSQL), rather than one at a time (SQLite).</summary>
    public bool IsShared => folder is null;

    /// <summary>How to reach it.</summary>
    public string ConnectionString { get; }

    /// <summary>What the names of the tables begin with, with the schema where there is one.</summary>
    public string TablePrefix { get; }

    /// <summary>PostgreSQL where there is a connection string, else SQLite in the data folder.</summary>
    public static SchedulerDatabase Of(string dataFolder, string? postgresConnectionString) =>
        string.IsNullOrEmpty(postgresConnectionString)
            ? new(
                new SqliteConnectionStringBuilder { DataSource = InstallationOptions.FileIn(dataFolder) }.ToString(),
                SchedulerTables.Prefix,
                dataFolder
            )
            : new(postgresConnectionString, $"{PostgresInstallationContext.Schema}.{SchedulerTables.Prefix}", null);

    /// <summary>
    /// Takes the right to run the schedule, which a program keeps until it ends in whatever way; null when another program has it. A shared database leaves that to the
    /// scheduler, which agrees with those of the other programs.
    /// </summary>
    public IAsyncDisposable? TryLock() => folder is null ? new Nothing() : FileLock.TryTake(Path.Combine(folder, "locks"), "scheduler");

    private sealed class Nothing : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
