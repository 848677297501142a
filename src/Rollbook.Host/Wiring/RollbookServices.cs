using Microsoft.AspNetCore.DataProtection;
using Npgsql;
using Rollbook.Host.Schedule;
using Rollbook.Sharing.Exports;
using Rollbook.Sources;
using Rollbook.Sources.ActiveDirectory;
using Rollbook.Sources.OneRoster;
using Rollbook.Sources.OneRosterCsv;
using Rollbook.Sources.Synergy;
using Rollbook.Storage;
using Rollbook.Storage.Installation;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Deliver;
using Rollbook.Sync.Duplicates;
using Rollbook.Sync.Lineage;
using Rollbook.Sync.Rollbacks;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Samples;
using Rollbook.Sync.Setup;
using Rollbook.Sync.Setup.Schools;
using Rollbook.Sync.WhatIf;
using Rollbook.Telling;
using Rollbook.Web;

namespace Rollbook.Host.Wiring;

/// <summary>Puts the rooms together; the same for the server and for every command.</summary>
internal static class RollbookServices
{
    /// <summary>The environment variable with PostgreSQL's connection string.</summary>
    internal const string DatabaseVariable = "ROLLBOOK_DATABASE";

    /// <summary>The environment variable with the folders below which packages of files may lie, separated as in PATH.</summary>
    internal const string PackageFoldersVariable = "ROLLBOOK_PACKAGE_FOLDERS";

    /// <summary>The environment variable with the folders below which packages may be delivered, separated as in PATH.</summary>
    internal const string ExportFoldersVariable = "ROLLBOOK_EXPORT_FOLDERS";

    internal static IServiceCollection AddRollbook(this IServiceCollection services, string dataFolder)
    {
        var data = Path.GetFullPath(dataFolder);
        PrivateFolder.Ensure(data);
        services.AddSingleton(TimeProvider.System);
        services.AddRollbookStorage(data, ConnectionString());
        services.AddDataProtection().SetApplicationName("Rollbook").PersistKeysToDbContext<InstallationContext>().WrapKeys();
        services.AddSingleton<ISecrets, ProtectedSecrets>();
        services.AddSingleton<IConnector, SynergyConnector>();
        services.AddSingleton<IConnector, OneRosterConnector>();
        services.AddSingleton<IConnector>(new OneRosterCsvConnector(CsvOptions(data)));
        services.AddSingleton<IConnector>(new DirectoryConnector());
        services.AddSingleton<IExporter>(new OneRosterCsvExporter(ExportFolders(data)));
        services.AddSingleton<Deliveries>();
        services.AddSingleton(new ImportOptions(Path.Combine(data, "work")));
        services.AddSingleton<Imports>();
        services.AddSingleton<IImports>(provider => provider.GetRequiredService<Imports>());
        services.AddSingleton<Configurations>();
        services.AddSingleton<Setups>();
        services.AddSingleton<KeptUploadSamples>();
        services.AddSingleton<KeptRecords>();
        services.AddSingleton<Explanations>();
        services.AddSingleton<ISampleRecords, KnownRecords>();
        services.AddSingleton<BackgroundJobs>();
        services.AddSingleton<DuplicateSearches>();
        services.AddSingleton<DuplicateDecisions>();
        services.AddSingleton<WhatIfs>();
        services.AddSingleton<WhatIfJob>();
        services.AddSingleton<RuleEffects>();
        services.AddSingleton<SaveReviews>();
        services.AddSingleton<Rehearsals>();
        services.AddSingleton<ConfigurationDiffs>();
        services.AddSingleton<Deactivations>();
        services.AddSingleton<Purges>();
        services.AddSingleton<Surveys>();
        services.AddSingleton<SchoolBooks>();
        services.AddSingleton(new ScheduleRules(ScheduleOptions.FromEnvironment().ShortestInterval));
        services.AddSingleton(provider => new ConfigurationFile(
            provider.GetServices<IConnector>(),
            Environment.GetEnvironmentVariable,
            provider.GetRequiredService<ScheduleRules>(),
            provider.GetServices<IExporter>()
        ));
        services.AddRollbookTelling(Telling());
        return services;
    }

    /// <summary>What only a server has: the schedule, the watch for packages, what is delivered by itself, and telling people.</summary>
    internal static IServiceCollection AddRollbookServer(this IServiceCollection services, string dataFolder) =>
        services
            .AddRollbookSchedule(SchedulerDatabase.Of(Path.GetFullPath(dataFolder), ConnectionString()), ScheduleOptions.FromEnvironment())
            .AddHostedService<PackageWatch>()
            .AddHostedService<DeliveryWatch>()
            .AddRollbookTellingService();

    /// <summary>Where districts may have packages of files: where the operator says, and nowhere else, since whoever sets an app up is not the server's own user.</summary>
    private static OneRosterCsvOptions CsvOptions(string data)
    {
        var uploads = Path.Combine(data, "packages");
        PrivateFolder.Ensure(uploads);
        return new OneRosterCsvOptions { UploadFolder = uploads, Folders = FoldersOf(PackageFoldersVariable) };
    }

    private static TellingOptions Telling()
    {
        try
        {
            return TellingServices.Options(new ConfigurationBuilder().AddEnvironmentVariables().Build());
        }
        catch (FormatException exception)
        {
            throw Commands.CommandFailure.Usage(exception.Message);
        }
    }

    /// <summary>Where districts may have packages put: in their own folders below those that the operator says.</summary>
    private static ExportOptions ExportFolders(string data)
    {
        var work = Path.Combine(data, "exports");
        PrivateFolder.Ensure(work);
        return new ExportOptions { WorkFolder = work, Folders = FoldersOf(ExportFoldersVariable) };
    }

    private static string[] FoldersOf(string variable) =>
        Environment
            .GetEnvironmentVariable(variable)
            ?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        ?? [];

    private static string? ConnectionString()
    {
        var text = Environment.GetEnvironmentVariable(DatabaseVariable);
        try
        {
            return string.IsNullOrEmpty(text) ? null : new NpgsqlConnectionStringBuilder(text).ToString();
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            // What is wrong is not repeated: it may be the password.
            throw Commands.CommandFailure.Usage(
                $"{DatabaseVariable} is no connection string of PostgreSQL. It looks like this: Host=db.riverside.example;Database=rollbook;Username=rollbook;Password=…"
            );
        }
    }

    /// <summary>
    /// Warnings and worse on standard error, since standard output carries answers alone. That the server could not start is told by the command; a statement that fails
    /// is told by whoever sent it (EF Core asks a new database for its migrations before there is a table of them); that keys are not wrapped by a certificate is said
    /// in the operator's guide, not at every start.
    /// </summary>
    internal static ILoggingBuilder Quiet(this ILoggingBuilder logging) =>
        logging
            .AddSimpleConsole(console => console.SingleLine = true)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
            .SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical)
            .AddFilter("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.Critical)
            .AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error);

    /// <summary>The services of a command that runs without the server.</summary>
    internal static ServiceProvider Build(string dataFolder)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.Quiet());
        services.AddRollbook(dataFolder);
        services.AddRollbookPeople();
        return services.BuildServiceProvider();
    }
}
