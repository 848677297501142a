using Microsoft.Data.Sqlite;
using Npgsql;
using Quartz;
using Rollbook.Storage.Installation;

namespace Rollbook.Host.Schedule;

/// <summary>Puts the scheduler together: Quartz with its store in the installation's database, clustered where that is shared.</summary>
internal static class ScheduleServices
{
    /// <summary>How often a node says that it is alive.</summary>
    private static readonly TimeSpan CheckIn = TimeSpan.FromSeconds(5);

    /// <summary>How long it may be silent beyond that before another one takes its imports over: longer than any pause of a healthy program.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Adds the scheduler to a server. A command that runs alone has none.</summary>
    internal static IServiceCollection AddRollbookSchedule(this IServiceCollection services, SchedulerDatabase database, ScheduleOptions options)
    {
        services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(scheduler =>
            {
                scheduler.InstanceName = "Rollbook";
                scheduler.ShutdownJobInterruption = ShutdownJobInterruption.Always;
            });
            quartz.UseDefaultThreadPool(options.ImportsAtATime);
            quartz.UsePersistentStore(store => Configure(store, database));
        });
        services.AddSingleton(database);
        services.AddSingleton<ScheduleInForce>();
        services.AddHostedService<Scheduling>();
        return services;
    }

    private static void Configure(IPersistentStoreBuilder store, SchedulerDatabase database)
    {
        store.ConfigureStore(settings =>
        {
            settings.TablePrefix = database.TablePrefix;
            settings.StoreJobDataAsStrings = true;
            settings.RecoverFiringsCancelledByShutdown = true;
        });
        store.UseTriggerPersistenceDelegate(provider => new ImportTriggerRows(provider.GetRequiredService<TimeProvider>()));
        if (database.IsShared)
        {
            store.UsePostgres(NpgsqlFactory.Instance, database.ConnectionString);
            store.UseClustering(cluster => (cluster.CheckinInterval, cluster.CheckinMisfireThreshold) = (CheckIn, Patience));
        }
        else
        {
            store.UseSqlite(SqliteFactory.Instance, database.ConnectionString);
        }
    }
}
