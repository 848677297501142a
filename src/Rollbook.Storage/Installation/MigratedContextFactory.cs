using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;

namespace Rollbook.Storage.Installation;

/// <summary>
/// Hands out contexts of a migrated database: migrates when the program starts, or before the first context where something (a command, Data
/// Protection) asks for one earlier. Programs that start together queue for a lock.
/// </summary>
internal sealed class MigratedContextFactory<TContext>(IDbContextFactory<TContext> pooled, Func<CancellationToken, Task<IAsyncDisposable>> takeLock)
    : IDbContextFactory<InstallationContext>,
        IHostedService,
        IDisposable
    where TContext : InstallationContext
{
    private readonly SemaphoreSlim migrating = new(1);
    private volatile bool migrated;

    /// <inheritdoc/>
    public InstallationContext CreateDbContext()
    {
        if (!migrated)
        {
            // The services ask for a context without awaiting; only the very first one of a program waits here.
            Task.Run(() => MigrateAsync(CancellationToken.None)).GetAwaiter().GetResult();
        }

        return pooled.CreateDbContext();
    }

    /// <inheritdoc/>
    public async Task<InstallationContext> CreateDbContextAsync(CancellationToken cancellationToken = default)
    {
        await MigrateAsync(cancellationToken);
        return await pooled.CreateDbContextAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => MigrateAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => migrating.Dispose();

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        if (migrated)
        {
            return;
        }

        await migrating.WaitAsync(cancellationToken);
        try
        {
            await using var taken = await takeLock(cancellationToken);
            await using var context = await pooled.CreateDbContextAsync(cancellationToken);
            await InstallationMigration.ApplyAsync(context, cancellationToken);
            migrated = true;
        }
        finally
        {
            migrating.Release();
        }
    }
}
