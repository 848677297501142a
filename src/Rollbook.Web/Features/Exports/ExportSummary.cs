using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Deliver;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Setup;
using Rollbook.Web.Features.Apps;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Exports;

/// <summary>The state of an export app, from its newest deliveries and the newest version of the roster.</summary>
/// <param name="Id">Its ID in the district.</param>
/// <param name="Configuration">What is configured.</param>
/// <param name="History">Its newest deliveries, newest first.</param>
/// <param name="Last">The newest one that succeeded, however long ago.</param>
/// <param name="Newest">The newest version of the roster; null before the first.</param>
/// <param name="WaitsFor">The names of the imports that it waits for; null for all of them.</param>
/// <param name="Running">The names of those of them that are running.</param>
/// <param name="Target">Where it delivers now and in which form; null when this version can't deliver to it.</param>
/// <param name="IsStarting">Whether someone pressed Run Export and it has not begun.</param>
public sealed record ExportSummary(
    string Id,
    AppConfiguration Configuration,
    IReadOnlyList<DeliveryRecord> History,
    DeliveryRecord? Last,
    RosterVersion? Newest,
    IReadOnlyList<string>? WaitsFor,
    IReadOnlyList<string> Running,
    string? Target,
    bool IsStarting
)
{
    /// <summary>How many deliveries a page of the dashboard has.</summary>
    internal const int Back = 30;

    internal string Name => Configuration.Name;

    internal bool IsAtWork => IsStarting || History is [{ State: DeliveryState.Working }, ..];

    /// <summary>The newest delivery, when it failed.</summary>
    internal DeliveryRecord? Failed => !IsAtWork && History is [{ State: DeliveryState.Failed } failed, ..] ? failed : null;

    /// <summary>Whether the app has the newest version where it delivers now.</summary>
    internal bool HasNewest =>
        Last is { } last
        && Newest is { } newest
        && last.Start.Version == newest.Number
        && string.Equals(last.Start.Target, Target, StringComparison.Ordinal);

    internal (string Text, Tone Tone) State =>
        this switch
        {
            { IsAtWork: true } => ("Exporting", Tone.Information),
            { Failed: not null } => ("Failed", Tone.Danger),
            { HasNewest: true } => ("Up to date", Tone.Good),
            { Running.Count: > 0 } => ("Waits for imports", Tone.Information),
            { Newest: null } or { Last: null } => ("Ready", Tone.Neutral),
            _ => ("Ready", Tone.Good),
        };

    /// <summary>What becomes of the newest version, in a sentence.</summary>
    internal string Next =>
        this switch
        {
            { Newest: null } => "Nothing is published yet. The first package is delivered after the first import.",
            { IsAtWork: true } => "A package is being delivered.",
            { Failed: not null } => "It is tried again by itself.",
            { HasNewest: true, Newest: { } newest } => $"The app has version {newest.Number}, the newest.",
            { Running: { Count: > 0 } running, Newest: { } newest } =>
                $"Version {newest.Number} is delivered once no import of {string.Join(", ", running)} is running.",
            { Newest: { } newest } => $"Version {newest.Number} is delivered within seconds, if an import that the app waits for published it.",
        };

    internal string Waits => WaitsFor is null ? "All imports" : string.Join(", ", WaitsFor);
}

/// <summary>Reads the state of a district's export apps.</summary>
internal static class ExportSummaries
{
    /// <summary>Every activated export app, in the order of their names.</summary>
    internal static async Task<IReadOnlyList<ExportSummary>> AllAsync(
        IDistrictStore store,
        BackgroundJobs jobs,
        Deliveries deliveries,
        CancellationToken cancellationToken
    )
    {
        if (await AppSummaries.ConfigurationAsync(store, cancellationToken) is not { Exports.Count: > 0 } district)
        {
            return [];
        }

        var list = new List<ExportSummary>();
        foreach (var app in district.Exports.Keys)
        {
            list.Add(await ReadAsync(store, jobs, deliveries, app, district, before: null, cancellationToken));
        }

        return [.. list.OrderBy(app => app.Name, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>One export app; null when there is none of this ID.</summary>
    internal static async Task<ExportSummary?> OneAsync(
        IDistrictStore store,
        BackgroundJobs jobs,
        Deliveries deliveries,
        string app,
        long? before,
        CancellationToken cancellationToken
    ) =>
        await AppSummaries.ConfigurationAsync(store, cancellationToken) is { } district && district.Exports.ContainsKey(app)
            ? await ReadAsync(store, jobs, deliveries, app, district, before, cancellationToken)
            : null;

    private static async Task<ExportSummary> ReadAsync(
        IDistrictStore store,
        BackgroundJobs jobs,
        Deliveries deliveries,
        string app,
        DistrictConfiguration district,
        long? before,
        CancellationToken cancellationToken
    )
    {
        var export = district.Exports[app];
        var waits = WaitFor.Of(export, district);
        var named = WaitFor.Apps(export.Delivery.GetValueOrDefault(WaitFor.Name)).Where(district.Apps.ContainsKey).ToList();
        var running = await store.Runs.UnendedAsync(app: null, cancellationToken);
        return new ExportSummary(
            app,
            export,
            await store.Deliveries.ListAsync(app, before, ExportSummary.Back + 1, cancellationToken),
            await store.Deliveries.SucceededAsync(app, target: null, cancellationToken),
            await store.Roster.LatestAsync(cancellationToken),
            named.Count == 0 ? null : [.. named.Select(other => district.Apps[other].Name)],
            [
                .. running
                    .Where(run => RunStates.IsActive(run) && waits.Includes(run.App))
                    .Select(run => district.Apps.GetValueOrDefault(run.App)?.Name ?? run.App)
                    .Distinct(StringComparer.Ordinal),
            ],
            deliveries.ExporterOf(export)?.TargetOf(new SourceSettings(export.Delivery)),
            jobs.IsAtWork(await store.Jobs.LatestAsync(app, RunExport.Kind, cancellationToken))
        );
    }
}
