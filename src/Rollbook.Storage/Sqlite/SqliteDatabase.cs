using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Rollbook.Storage.Sql;
using SQLitePCL;

namespace Rollbook.Storage.Sqlite;

/// <summary>
/// A district's SQLite file, with a write-ahead log: readers see the last commit and never wait for the writer. Every commit is synced to
/// the disk, so what was reported as published survives a power cut.
/// </summary>
internal sealed class SqliteDatabase(string file, string lockFolder, string district) : Database
{
    // A writer waits for the one before it; a first publication of ten million records takes minutes.
    private const int WaitSeconds = 900;

    // Some milliseconds of work: often enough for who waits, too seldom to cost anything.
    private const int StepsBetweenLooks = 100_000;

    private readonly string connectionString = new SqliteConnectionStringBuilder
    {
        DataSource = file,
        Mode = SqliteOpenMode.ReadWriteCreate,
        Pooling = true,
        DefaultTimeout = WaitSeconds,
    }.ToString();

    /// <inheritdoc/>
    public override Dialect Dialect => SqliteDialect.Instance;

    /// <inheritdoc/>
    public override async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(
            "PRAGMA synchronous = FULL; PRAGMA cache_size = -65536; PRAGMA journal_size_limit = 67108864",
            cancellationToken
        );
        return connection;
    }

    /// <inheritdoc/>
    public override ValueTask<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancellationToken) =>
        ValueTask.FromResult<DbTransaction>(((SqliteConnection)connection).BeginTransaction(IsolationLevel.Serializable, deferred: false));

    /// <inheritdoc/>
    public override ValueTask<DbTransaction> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellationToken) =>
        ValueTask.FromResult<DbTransaction>(((SqliteConnection)connection).BeginTransaction(IsolationLevel.Serializable, deferred: true));

    /// <inheritdoc/>
    public override CancelFiles CancelFiles { get; } = new(lockFolder, district);

    /// <inheritdoc/>
    public override async Task<T> InterruptiblyAsync<T>(DbConnection connection, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        // Not sqlite3_interrupt, which has no effect when it comes between two statements, or just before one begins.
        var handle = ((SqliteConnection)connection).Handle;
        raw.sqlite3_progress_handler(handle, StepsBetweenLooks, _ => cancellationToken.IsCancellationRequested ? 1 : 0, null);
        try
        {
            return await work();
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == raw.SQLITE_INTERRUPT && cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
        finally
        {
            raw.sqlite3_progress_handler(handle, 0, null, null);
        }
    }

    /// <inheritdoc/>
    public override Task<IAsyncDisposable?> TryLockAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult<IAsyncDisposable?>(FileLock.TryTake(lockFolder, $"{district}-{name}"));

    /// <inheritdoc/>
    public override async Task MigrateAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var taken = await FileLock.TakeAsync(lockFolder, $"{district}-schema", cancellationToken);
        PrivateFile.Ensure(file);
        await using var connection = await OpenAsync(cancellationToken);
        var scripts = Migrator.Scripts("Sqlite");
        if (
            await connection.NumberAsync("SELECT 1 FROM sqlite_master WHERE name = 'schema_migration'", cancellationToken) is not null
            && await Migrator.CurrentAsync(connection, scripts, cancellationToken) == scripts[^1].Number
        )
        {
            // A program that only looks does not wait for one that publishes.
            return;
        }

        // The page size counts only for a new file; wide rows lie better in 8 KiB.
        await connection.ExecuteAsync("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL", cancellationToken);
        await using var transaction = await BeginWriteAsync(connection, cancellationToken);
        await Migrator.MigrateAsync(connection, scripts, Dialect.Time(now), "TEXT", cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        using var connection = new SqliteConnection(connectionString);
        SqliteConnection.ClearPool(connection);
        return ValueTask.CompletedTask;
    }
}
