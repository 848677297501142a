using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Rollbook.Storage.Installation;
using Rollbook.Storage.Postgres;
using Rollbook.Storage.Sqlite;

namespace Rollbook.Storage;

/// <summary>Registers this room.</summary>
public static class RollbookStorage
{
    /// <summary>
    /// Registers <see cref="IInstallationStore"/>, and <see cref="InstallationContext"/> both scoped and behind an
    /// <see cref="IDbContextFactory{TContext}"/>: on PostgreSQL where there is a connection string, else on SQLite in the data folder.
    /// </summary>
    public static IServiceCollection AddRollbookStorage(this IServiceCollection services, string dataFolder, string? postgresConnectionString)
    {
        ArgumentException.ThrowIfNullOrEmpty(dataFolder);
        var folder = Directory.CreateDirectory(dataFolder).FullName;
        services.TryAddSingleton(TimeProvider.System);
        // Version 3 has passkeys. It decides what the tables are, so it is set here and not where sign-in is configured.
        services.Configure<IdentityOptions>(options => options.Stores.SchemaVersion = IdentitySchemaVersions.Version3);
        if (string.IsNullOrEmpty(postgresConnectionString))
        {
            services.AddSingleton<IInstallationStore>(provider => SqliteInstallationStore.Open(folder, provider.GetRequiredService<TimeProvider>()));
            services.AddPooledDbContextFactory<SqliteInstallationContext>(options => InstallationOptions.UseFile(options, folder));
            services.AddContexts<SqliteInstallationContext>(async token =>
                await FileLock.TakeAsync(Path.Combine(folder, "locks"), "installation-schema", token)
            );
        }
        else
        {
            services.AddSingleton<IInstallationStore>(provider =>
                PostgresInstallationStore.Open(postgresConnectionString, provider.GetRequiredService<TimeProvider>())
            );
            services.AddPooledDbContextFactory<PostgresInstallationContext>(options =>
                InstallationOptions.UseSchema(options, postgresConnectionString)
            );
            services.AddContexts<PostgresInstallationContext>(async token =>
                await AdvisoryLock.TakeAsync(postgresConnectionString, AdvisoryLock.KeyOf(PostgresInstallationContext.Schema, "schema"), token)
            );
        }

        return services;
    }

    private static void AddContexts<TContext>(this IServiceCollection services, Func<CancellationToken, Task<IAsyncDisposable>> takeLock)
        where TContext : InstallationContext
    {
        services.AddSingleton(provider => new MigratedContextFactory<TContext>(provider.GetRequiredService<IDbContextFactory<TContext>>(), takeLock));
        services.AddSingleton<IDbContextFactory<InstallationContext>>(provider => provider.GetRequiredService<MigratedContextFactory<TContext>>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<MigratedContextFactory<TContext>>());
        services.AddSingleton<IAuditLog, AuditLog>();
        services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<InstallationContext>>().CreateDbContext());
    }
}
