using System.IO.Hashing;
using System.Text;
using Npgsql;
using Rollbook.Storage.Sql;

namespace Rollbook.Storage.Postgres;

/// <summary>A lock that a connection of its own holds: the server lets go of it when the connection ends, for whatever reason.</summary>
internal sealed class AdvisoryLock : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;

    private readonly long key;

    private AdvisoryLock(NpgsqlConnection connection, long key) => (this.connection, this.key) = (connection, key);

    /// <summary>The number under which the server knows a lock of a schema.</summary>
    public static long KeyOf(string schema, string name) =>
        unchecked((long)XxHash64.HashToUInt64(Encoding.UTF8.GetBytes($"rollbook\n{schema}\n{name}")));

    /// <summary>Takes it, or returns null at once.</summary>
    public static Task<AdvisoryLock?> TryTakeAsync(string connectionString, long key, CancellationToken cancellationToken) =>
        ConnectAsync(connectionString, "SELECT pg_try_advisory_lock(@key)", key, cancellationToken);

    /// <summary>Takes it as soon as it is free.</summary>
    public static async Task<AdvisoryLock> TakeAsync(string connectionString, long key, CancellationToken cancellationToken) =>
        (await ConnectAsync(connectionString, "SELECT true FROM pg_advisory_lock(@key)", key, cancellationToken))!;

    private static async Task<AdvisoryLock?> ConnectAsync(string connectionString, string question, long key, CancellationToken cancellationToken)
    {
        // Not from the pool: a pooled connection would outlive its holder, and a firewall cuts connections that stay silent.
        var candidate = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connectionString)
            {
                Pooling = false,
                KeepAlive = 15,
                CommandTimeout = 0,
            }.ToString()
        );
        try
        {
            await candidate.OpenAsync(cancellationToken);
            if (await candidate.ScalarAsync(question, cancellationToken, ("key", key)) is true)
            {
                return new AdvisoryLock(candidate, key);
            }
        }
        catch
        {
            await candidate.DisposeAsync();
            throw;
        }

        await candidate.DisposeAsync();
        return null;
    }

    /// <summary>Gives it back. Without asking, the server would let go only when it has noticed that the connection was closed.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await connection.ScalarAsync("SELECT pg_advisory_unlock(@key)", CancellationToken.None, ("key", key));
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            // The connection is lost, and the lock with it.
        }

        await connection.DisposeAsync();
    }
}
