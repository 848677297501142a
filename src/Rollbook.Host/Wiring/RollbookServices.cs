using Microsoft.AspNetCore.DataProtection;
using Rollbook.Sources;
using Rollbook.Sources.Synergy;
using Rollbook.Storage;
using Rollbook.Storage.Installation;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;

namespace Rollbook.Host.Wiring;

/// <summary>Puts the rooms together; the same for the server and for every command.</summary>
internal static class RollbookServices
{
    /// <summary>The environment variable with PostgreSQL's connection string.</summary>
    private const string DatabaseVariable = "ROLLBOOK_DATABASE";

    internal static IServiceCollection AddRollbook(this IServiceCollection services, string dataFolder)
    {
        var data = Path.GetFullPath(dataFolder);
        PrivateFolder.Ensure(data);
        services.AddSingleton(TimeProvider.System);
        services.AddRollbookStorage(data, Environment.GetEnvironmentVariable(DatabaseVariable));
        services.AddDataProtection().SetApplicationName("Rollbook").PersistKeysToDbContext<InstallationContext>().WrapKeys();
        services.AddSingleton<ISecrets, ProtectedSecrets>();
        services.AddSingleton<IConnector, SynergyConnector>();
        services.AddSingleton(new ImportOptions(Path.Combine(data, "work")));
        services.AddSingleton<Imports>();
        services.AddSingleton<IImports>(provider => provider.GetRequiredService<Imports>());
        services.AddSingleton<Configurations>();
        services.AddSingleton(provider => new ConfigurationFile(provider.GetServices<IConnector>(), Environment.GetEnvironmentVariable));
        return services;
    }

    /// <summary>
    /// Warnings and worse on standard error, since standard output carries answers alone. That keys are not wrapped by a certificate is said in the
    /// operator's guide, not at every start; a failed SQL command of EF Core is told by its exception, and the search for a migration table that is not there yet is none.
    /// </summary>
    internal static ILoggingBuilder Quiet(this ILoggingBuilder logging) => logging
        .AddSimpleConsole(console => console.SingleLine = true)
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
        .SetMinimumLevel(LogLevel.Warning)
        .AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error)
        .AddFilter("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.None);

    /// <summary>The services of a command that runs without the server.</summary>
    internal static ServiceProvider Build(string dataFolder)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.Quiet());
        services.AddRollbook(dataFolder);
        return services.BuildServiceProvider();
    }
}
