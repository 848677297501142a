using Rollbook.Host.Commands;
using Rollbook.Host.Wiring;
using Spectre.Console.Cli;

namespace Rollbook.Host;

/// <summary>The program: the commands of command-line.md.</summary>
internal static class Program
{
    internal static async Task<int> Main(string[] arguments)
    {
        using var interrupt = new Interrupt();
        var app = new CommandApp();
        app.Configure(configuration =>
        {
            configuration.SetApplicationName("rollbook");
            configuration.SetExceptionHandler((exception, _) => Failures.Report(exception));
            configuration
                .AddCommand<DemoCommand>("demo")
                .WithDescription("A simulated Synergy district, set up and imported end to end.")
                .WithExample("demo", "--exit", "--students", "500");
            configuration
                .AddCommand<ServeCommand>("serve")
                .WithDescription("The console and everything that runs by itself.")
                .WithExample("serve", "--urls", "http://127.0.0.1:8080");
            configuration
                .AddCommand<SimulateCommand>("simulate")
                .WithDescription("The simulated Synergy SIS alone.")
                .WithExample("simulate", "--students", "5000", "--seed", "7");
            configuration
                .AddCommand<ApplyCommand>("apply")
                .WithDescription("Make the configuration be what a file says.")
                .WithExample("apply", "-f", "district.yaml");
            configuration
                .AddCommand<DiffCommand>("diff")
                .WithDescription("Show what a file would change, in the configuration and in the roster.")
                .WithExample("diff", "-f", "district.yaml");
            configuration
                .AddCommand<RehearseCommand>("rehearse")
                .WithDescription("Read a source, and tell what its import would do against the roster as it is. Changes nothing.")
                .WithExample("rehearse", "synergy", "-f", "next-year.yaml");
            configuration
                .AddCommand<ConfigCommand>("config")
                .WithDescription("Write the configuration out as the file that makes it.")
                .WithExample("config", "--output", "district.yaml");
            configuration.AddCommand<CheckCommand>("check").WithDescription("Test Connection, step by step.").WithExample("check", "synergy");
            configuration
                .AddCommand<ImportCommand>("import")
                .WithDescription("Run Import and wait for its end.")
                .WithExample("import", "synergy", "--json");
            configuration
                .AddCommand<ScheduleCommand>("schedule")
                .WithDescription("When apps are imported by themselves, and the next times.")
                .WithExample("schedule", "synergy", "--json");
            configuration.AddCommand<RunsCommand>("runs").WithDescription("The history of imports.").WithExample("runs", "synergy");
            configuration.AddCommand<RunCommand>("run").WithDescription("One run.").WithExample("run", "12", "--json");
            configuration
                .AddCommand<ChangesCommand>("changes")
                .WithDescription("The records that a run changed, or in which two versions differ, old and new values.")
                .WithExample("changes", "12", "--kind", "student", "--operation", "update")
                .WithExample("changes", "--from", "3", "--to", "7", "--json");
            configuration
                .AddCommand<AcceptCommand>("accept")
                .WithDescription("Publish a run that is held or waits for a preview, and wait for its end.")
                .WithExample("accept", "12", "--reason", "Lincoln High moved to the new building");
            configuration
                .AddCommand<DeclineCommand>("decline")
                .WithDescription("Decline a run that is held or waits for a preview: the roster stays as it is.")
                .WithExample("decline", "12", "--reason", "The SIS export was half done");
            configuration
                .AddCommand<MigrateCommand>("migrate")
                .WithDescription("SIS Migration of a run that waits: records that come under new SIS IDs keep their Rollbook IDs.")
                .WithExample("migrate", "12");
            configuration
                .AddCommand<IssuesCommand>("issues")
                .WithDescription("What is wrong in the data of the sources, issue by issue or by root cause.")
                .WithExample("issues", "synergy", "--type", "skipped", "--json")
                .WithExample("issues", "--causes");
            configuration
                .AddCommand<VersionsCommand>("versions")
                .WithDescription("Published versions of the roster.")
                .WithExample("versions", "--json");
            configuration
                .AddCommand<RollbackCommand>("rollback")
                .WithDescription("Stage the content of an old version. It waits for: rollbook accept RUN")
                .WithExample("rollback", "12", "--reason", "The night's export was half done");
            configuration
                .AddCommand<PurgeCommand>("purge")
                .WithDescription("Free old versions, after a question.")
                .WithExample("purge", "--before", "2026-06-30")
                .WithExample("purge", "--yes");
            configuration
                .AddCommand<RecordsCommand>("records")
                .WithDescription("The published roster, one record a line.")
                .WithExample("records", "student", "--as-of", "3", "--json")
                .WithExample("records", "--explain", "0198c5a2-7c1e-8f3a-9d55-2b6f0c4e7a11");
            configuration
                .AddCommand<ExportCommand>("export")
                .WithDescription("The published roster as a OneRoster CSV package.")
                .WithExample("export", "--format", "oneroster-1.1", "--output", "roster.zip");
            configuration
                .AddCommand<DeliverCommand>("deliver")
                .WithDescription("Run Export and wait for its end.")
                .WithExample("deliver", "oneroster-csv-export", "--json");
            configuration
                .AddCommand<DeliveriesCommand>("deliveries")
                .WithDescription("What was delivered to an export app.")
                .WithExample("deliveries", "oneroster-csv-export", "--json");
            configuration
                .AddCommand<InviteCommand>("invite")
                .WithDescription("A link by which one person takes a role, once.")
                .WithExample("invite", "--district", "riverside", "--email", "ada@riverside.example", "--role", "primary-district-admin");
            configuration
                .AddCommand<ResetPasswordCommand>("reset-password")
                .WithDescription("A link with which one person chooses a new password, once.")
                .WithExample("reset-password", "--email", "ada@riverside.example", "--url", "https://rollbook.riverside.example");
            configuration
                .AddCommand<ResetSecondFactorCommand>("reset-second-factor")
                .WithDescription("Take a person's authenticator app, recovery codes and passkeys away.")
                .WithExample("reset-second-factor", "--email", "ada@riverside.example");
        });
        return await app.RunAsync(arguments, interrupt.Token);
    }
}
