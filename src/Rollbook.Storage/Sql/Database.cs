using System.Data.Common;

namespace Rollbook.Storage.Sql;

/// <summary>The tables of one district: where they are, and in which dialect one speaks to them.</summary>
internal abstract class Database : IAsyncDisposable
{
    /// <summary>What is written differently here than elsewhere.</summary>
    public abstract Dialect Dialect { get; }

    /// <summary>Makes the tables where they are missing and brings them to the newest schema; others who do the same wait.</summary>
    /// <exception cref="NewerSchemaException">They were last used by a newer program.</exception>
    public abstract Task MigrateAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>A connection from the pool, on which the district's tables need no prefix.</summary>
    public abstract Task<DbConnection> OpenAsync(CancellationToken cancellationToken);

    /// <summary>A transaction that writes.</summary>
    public abstract ValueTask<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>A transaction in which all questions are answered from one moment.</summary>
    public abstract ValueTask<DbTransaction> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>Where wishes to cancel a run are kept, if its row can't be written while someone publishes; null where it can.</summary>
    public virtual CancelFiles? CancelFiles => null;

    /// <summary>
    /// Does something on the connection during which the wish to cancel ends even a statement that takes minutes. Nothing else may use the
    /// connection meanwhile.
    /// </summary>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public virtual Task<T> InterruptiblyAsync<T>(DbConnection connection, Func<Task<T>> work, CancellationToken cancellationToken) => work();

    /// <summary>See <see cref="IDistrictStore.TryLockAsync"/>.</summary>
    public abstract Task<IAsyncDisposable?> TryLockAsync(string name, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
