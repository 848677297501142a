using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Rollbook.Storage.Sql;

namespace Rollbook.Storage.Sqlite;

/// <summary>
/// A district's SQLite file, with a write-ahead log: readers see the last commit and never wait for the writer. Every commit is synced to
/// the disk, so what was reported as published survives a power cut.
/// </summary>
internal sealed class SqliteDatabase(string file, string lockFolder, string district) : Database
{
    // A writer waits for the one before it; a first publication of ten million records takes minutes.
    private const int WaitSeconds = 900;

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
    public override Task<IAsyncDisposable?> TryLockAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult<IAsyncDisposable?>(FileLock.TryTake(lockFolder, $"{district}-{name}"));

    /// <inheritdoc/>
    public override async Task MigrateAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var taken = await FileLock.TakeAsync(lockFolder, $"{district}-schema", cancellationToken);
        PrivateFile.Ensure(file);
        await using var connection = await OpenAsync(cancellationToken);
        // The page size counts only for a new file; wide rows lie better in 8 KiB.
        await connection.ExecuteAsync("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL", cancellationToken);
        await using var transaction = await BeginWriteAsync(connection, cancellationToken);
        await Migrator.MigrateAsync(connection, Migrator.Scripts("Sqlite"), Dialect.Time(now), "TEXT", cancellationToken);
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
