using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Nodes;
using Rollbook.Host.Output;
using Rollbook.Storage;
using Rollbook.Sync.Rollbacks;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Rollbook.Host.Commands;

/// <summary><c>rollbook purge</c>: free old versions, after a question.</summary>
internal sealed class PurgeCommand : DistrictCommand<PurgeCommand.Settings>
{
    /// <inheritdoc/>
    protected override async Task<int> RunAsync(
        IServiceProvider services,
        IDistrictStore store,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        var purges = services.GetRequiredService<Purges>();
        switch (await purges.PlanAsync(store, settings.Before, cancellationToken))
        {
            case PurgePlan.Nothing(var message):
                Messages.WriteLine(message);
                return Print(settings, 0, 0, 0);

            case PurgePlan.Purges plan:
                Ask(settings, plan);
                return await purges.PurgeAsync(store, plan, Environment.UserName, AuditChannel.Command, cancellationToken) switch
                {
                    PurgeResult.Done(var freed, var told) => Print(settings, plan.Count, freed, told),
                    PurgeResult.Refused(var message) => throw new CommandFailure(ExitStatus.Failed, message),
                    _ => throw new InvalidOperationException("Unknown result."),
                };

            case PurgePlan.Refused(var message):
                throw CommandFailure.Usage(message);

            default:
                throw new InvalidOperationException("Unknown plan.");
        }
    }

    private static void Ask(Settings settings, PurgePlan.Purges plan)
    {
        var what = string.Create(
            CultureInfo.InvariantCulture,
            $"{plan.Count:N0} {(plan.Count == 1 ? "version" : "versions")} ({plan.First} to {plan.Oldest - 1}) can't be looked at or rolled back to any more; what was published stays in the history. Version {plan.Oldest} becomes the oldest. Notifications from before it go as well, but none of the last {Purges.News.Days} days."
        );
        Messages.WriteLine(what);
        if (settings.Yes)
        {
            return;
        }

        if (!Messages.Profile.Capabilities.Interactive || Console.IsInputRedirected)
        {
            throw CommandFailure.Usage("Nothing was purged: nobody can be asked here. Say --yes to purge.");
        }

        if (!Messages.Confirm("Purge them?", defaultValue: false))
        {
            throw new CommandFailure(ExitStatus.Failed, "Nothing was purged.");
        }
    }

    private static int Print(Settings settings, int versions, long freed, int notifications)
    {
        if (settings.Json)
        {
            JsonOutput.Document(
                new JsonObject
                {
                    ["versions"] = versions,
                    ["freed"] = freed,
                    ["notifications"] = notifications,
                }
            );
        }
        else if (versions > 0)
        {
            Console.Out.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{versions:N0} {(versions == 1 ? "version" : "versions")} purged, {freed:N0} old values freed{(notifications > 0 ? $", with {notifications:N0} {(notifications == 1 ? "notification" : "notifications")}" : "")}."
                )
            );
        }

        return ExitStatus.Done;
    }

    /// <summary>Options.</summary>
    public sealed class Settings : GlobalSettings
    {
        /// <summary>Up to where.</summary>
        [CommandOption("--before <VERSION|DATE>")]
        [Description(
            "Purge the versions before this one, or those that were replaced before this day (2026-06-30). Without it: all that the district's retention does not ask to keep."
        )]
        public string? Before { get; init; }

        /// <summary>Without a question.</summary>
        [CommandOption("--yes")]
        [Description("Purge without asking.")]
        public bool Yes { get; init; }
    }
}
