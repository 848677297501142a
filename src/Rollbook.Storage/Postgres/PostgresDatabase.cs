using System.Data;
using System.Data.Common;
using Npgsql;
using Rollbook.Storage.Sql;

namespace Rollbook.Storage.Postgres;

/// <summary>A district's schema. Its connections look for tables there and nowhere else.</summary>
internal sealed class PostgresDatabase : Database
{
    private readonly NpgsqlDataSource source;
    private readonly string connectionString;
    private readonly string schema;

    /// <summary>Prepares to use the schema, which need not exist.</summary>
    public PostgresDatabase(string connectionString, string schema)
    {
        this.schema = schema;
        this.connectionString = new NpgsqlConnectionStringBuilder(connectionString)
        {
            SearchPath = schema,
            // How long a publication takes is a matter of its size; who loses patience cancels.
            CommandTimeout = 0,
            KeepAlive = 30,
        }.ToString();
        source = NpgsqlDataSource.Create(this.connectionString);
    }

    /// <inheritdoc/>
    public override Dialect Dialect => PostgresDialect.Instance;

    /// <inheritdoc/>
    public override async Task MigrateAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        if (await connection.ScalarAsync("SHOW server_encoding", cancellationToken) is not "UTF8")
        {
            throw new InvalidOperationException(
                $"The PostgreSQL database '{connection.Database}' does not store UTF-8. Make one with: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
            );
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync("SELECT pg_advisory_xact_lock(@key)", cancellationToken, ("key", AdvisoryLock.KeyOf(schema, "schema")));
        await connection.ExecuteAsync($"CREATE SCHEMA IF NOT EXISTS \"{schema}\"", cancellationToken);
        await Migrator.MigrateAsync(connection, Migrator.Scripts("Postgres"), Dialect.Time(now), "timestamptz", cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
    }

    /// <inheritdoc/>
    public override async Task<DbConnection> OpenAsync(CancellationToken cancellationToken) => await source.OpenConnectionAsync(cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancellationToken) =>
        connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<DbTransaction> BeginSnapshotAsync(DbConnection connection, CancellationToken cancellationToken) =>
        connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);

    /// <inheritdoc/>
    public override async Task<T> InterruptiblyAsync<T>(DbConnection connection, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        // Commands hear the wish themselves. The end of a COPY does not: it waits, whatever it takes, for the server to be done with the rows.
        var backend = ((NpgsqlConnection)connection).ProcessID;
        var cancelling = Task.CompletedTask;
        var registration = cancellationToken.Register(() => cancelling = Task.Run(() => CancelAsync(backend), CancellationToken.None));
        try
        {
            return await work();
        }
        catch (Exception exception) when (exception is DbException or InvalidOperationException && cancellationToken.IsCancellationRequested)
        {
            // What an interrupted statement says depends on what it was at: that it was cancelled, that its COPY has ended, that its transaction has failed.
            throw new OperationCanceledException("The statement was interrupted.", exception, cancellationToken);
        }
        finally
        {
            // So that it can't hit what the connection is used for next.
            await registration.DisposeAsync();
            await cancelling;
        }
    }

    /// <inheritdoc/>
    public override async Task<IAsyncDisposable?> TryLockAsync(string name, CancellationToken cancellationToken) =>
        await AdvisoryLock.TryTakeAsync(connectionString, AdvisoryLock.KeyOf(schema, name), cancellationToken);

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => source.DisposeAsync();

    private async Task CancelAsync(int backend)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(CancellationToken.None);
            await connection.ExecuteAsync("SELECT pg_cancel_backend(@backend)", CancellationToken.None, ("backend", backend));
        }
        catch (NpgsqlException)
        {
            // A server that can't be reached has no statement to interrupt either.
            return;
        }
    }
}
