using System.ComponentModel;
using System.Text.Json.Nodes;
using Rollbook.Host.Output;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Schedule;
using Spectre.Console.Cli;

namespace Rollbook.Host.Commands;

/// <summary><c>rollbook schedule [APP]</c>: when apps are imported by themselves, and the next three times.</summary>
internal sealed class ScheduleCommand : DistrictCommand<ScheduleCommand.Settings>
{
    private const int Shown = 3;

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(
        IServiceProvider services,
        IDistrictStore store,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        var latest = await store.Configuration.LatestAsync(cancellationToken);
        var configuration = latest is null ? null : DistrictConfiguration.FromDocument(latest.Document);
        var apps = (configuration?.Apps ?? new Dictionary<string, AppConfiguration>(StringComparer.Ordinal))
            .Where(app => settings.App is null || string.Equals(app.Key, settings.App, StringComparison.Ordinal))
            .ToList();
        if (settings.App is not null && apps.Count == 0)
        {
            throw CommandFailure.Usage($"The district has no app {settings.App}.");
        }

        var zone = TimeZoneInfo.FindSystemTimeZoneById(configuration?.TimeZone ?? "UTC");
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var next = apps.ToDictionary(
            app => app.Key,
            app => app.Value.Schedule is { } schedule ? new ScheduleTimes(schedule, zone).Next(now, Shown) : [],
            StringComparer.Ordinal
        );
        if (settings.Json)
        {
            JsonOutput.Document(new JsonArray([.. apps.Select(app => ScheduleOutput.Json(app.Key, app.Value.Schedule, zone, next[app.Key]))]));
            return ExitStatus.Done;
        }

        foreach (var (app, value) in apps)
        {
            Console.Out.WriteLine(value.Schedule is null ? $"{app}: off" : $"{app}: {ScheduleOutput.Words(value.Schedule)}, {zone.Id}");
            foreach (var time in next[app])
            {
                Console.Out.WriteLine("  " + ScheduleOutput.Words(time, zone));
            }

            if (value.Schedule is not null && next[app].Count < Shown)
            {
                Console.Out.WriteLine("  then the schedule has ended");
            }
        }

        return ExitStatus.Done;
    }

    /// <summary>Options.</summary>
    public sealed class Settings : GlobalSettings
    {
        /// <summary>Only this app's.</summary>
        [CommandArgument(0, "[APP]")]
        [Description("Only the schedule of this app.")]
        public string? App { get; init; }
    }
}
