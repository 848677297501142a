using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Quality;
using Rollbook.Sync.Runs;
using Rollbook.Web.Features.History;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Apps;

/// <summary>The state of an activated app, from its newest runs.</summary>
/// <param name="Id">Its ID in the district.</param>
/// <param name="Configuration">What is configured.</param>
/// <param name="Runs">Its last 30 runs, newest first.</param>
/// <param name="Accepted">Those whose data it has, however long ago; null before the first import.</param>
/// <param name="Undecided">Those that wait for a person, newest first.</param>
public sealed record AppSummary(
    string Id,
    AppConfiguration Configuration,
    IReadOnlyList<RunRecord> Runs,
    AcceptedRuns? Accepted,
    IReadOnlyList<RunRecord> Undecided
)
{
    /// <summary>How many runs the dashboard looks back.</summary>
    internal const int Back = 30;

    internal string Name => Configuration.Name;

    internal RunRecord? Latest => Runs.Count == 0 ? null : Runs[0];

    /// <summary>The run that is at work, or null.</summary>
    internal RunRecord? AtWork => Runs.FirstOrDefault(RunStates.IsActive);

    /// <summary>The last import that was accepted, with or without changes.</summary>
    internal RunRecord? LastImport => Accepted?.Import;

    /// <summary>Records that have an issue since; null where that is not counted.</summary>
    internal long? OpenIssues => Accepted?.Report.Quality is { Count: > 0 } counts ? counts.Values.Sum(count => count.Error + count.Skipped) : null;

    internal (string Text, Tone Tone) State =>
        this switch
        {
            { AtWork: { } run } => (RunWords.IsRemoval(run) ? "Removing" : "Importing", Tone.Information),
            { Needs: [var need, ..] } => (RunWords.Name(RunWords.StateOf(need.Run)), need.Tone),
            { Latest: null } => ("Ready", Tone.Neutral),
            _ => ("Ready", Tone.Good),
        };

    /// <summary>What needs a person: a failure that nothing has followed, and whatever waits for a decision, however long.</summary>
    internal IReadOnlyList<AppNeed> Needs =>
        [
            .. Latest is { } latest && RunWords.StateOf(latest) is RunState.Failed ? [AppNeed.Of(latest)] : Array.Empty<AppNeed>(),
            .. Undecided.Select(AppNeed.Of),
        ];
}

/// <summary>Something that needs a person.</summary>
/// <param name="Run">The run that failed or waits.</param>
/// <param name="Title">What happened.</param>
/// <param name="Text">The same with its reason.</param>
/// <param name="Tone">What it means.</param>
public sealed record AppNeed(RunRecord Run, string Title, string Text, Tone Tone)
{
    /// <summary>Whether it is to be accepted or declined, which a Primary District Admin does.</summary>
    internal bool IsDecision => RunStates.IsUndecided(Run);

    /// <summary>What the link to the run says.</summary>
    internal string LinkText => IsDecision ? $"Review run {Run.Number}" : $"Open run {Run.Number}";

    internal static AppNeed Of(RunRecord run)
    {
        var report = RunReport.FromJson(run.Report);
        var (title, text) = RunWords.StateOf(run) switch
        {
            RunState.Failed => ("The last import failed", report.Failure?.Message ?? "The last import failed."),
            RunState.Waiting => (
                "A preview waits for a person",
                $"A preview waits for a person: {RunWords.Summary(report)}. {report.WaitsAgain}".TrimEnd()
            ),
            _ => ("An import is held until a person decides", Held(report)),
        };
        return new AppNeed(run, title, text, RunWords.ToneOf(RunWords.StateOf(run)));
    }

    private static string Held(RunReport report) =>
        report.Holds switch
        {
            [] => report.WaitsAgain ?? RunWords.MovedOn,
            [var hold] => hold.Message,
            [var hold, ..] => $"{hold.Message} {Wording.Count(report.Holds.Count - 1, "other limit was", "other limits were")} reached as well.",
        };
}

/// <summary>Reads the state of a district's apps.</summary>
internal static class AppSummaries
{
    /// <summary>Every activated app, in the order of their names.</summary>
    internal static async Task<IReadOnlyList<AppSummary>> AllAsync(IDistrictStore store, CancellationToken cancellationToken)
    {
        var configuration = await ConfigurationAsync(store, cancellationToken);
        var undecided = (await store.Runs.UndecidedAsync(app: null, cancellationToken)).ToLookup(run => run.App, StringComparer.Ordinal);
        var list = new List<AppSummary>();
        foreach (var (id, app) in configuration?.Apps ?? new Dictionary<string, AppConfiguration>(StringComparer.Ordinal))
        {
            list.Add(await ReadAsync(store, id, app, [.. undecided[id]], cancellationToken));
        }

        return [.. list.OrderBy(app => app.Name, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>One app; null when it is not activated.</summary>
    internal static async Task<AppSummary?> OneAsync(IDistrictStore store, string id, CancellationToken cancellationToken) =>
        await ConfigurationAsync(store, cancellationToken) is { } configuration && configuration.Apps.TryGetValue(id, out var app)
            ? await ReadAsync(store, id, app, await store.Runs.UndecidedAsync(id, cancellationToken), cancellationToken)
            : null;

    /// <summary>The apps' names, by ID; a run of an app that is gone keeps the ID.</summary>
    internal static async Task<IReadOnlyDictionary<string, string>> NamesAsync(IDistrictStore store, CancellationToken cancellationToken) =>
        (await ConfigurationAsync(store, cancellationToken))?.Apps.ToDictionary(app => app.Key, app => app.Value.Name, StringComparer.Ordinal)
        ?? new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The names of import and export apps together, by ID.</summary>
    internal static async Task<IReadOnlyDictionary<string, string>> AllNamesAsync(IDistrictStore store, CancellationToken cancellationToken) =>
        (await ConfigurationAsync(store, cancellationToken))?.AllApps.ToDictionary(app => app.Key, app => app.Value.Name, StringComparer.Ordinal)
        ?? new Dictionary<string, string>(StringComparer.Ordinal);

    private static async Task<AppSummary> ReadAsync(
        IDistrictStore store,
        string id,
        AppConfiguration app,
        IReadOnlyList<RunRecord> undecided,
        CancellationToken cancellationToken
    ) =>
        new(
            id,
            app,
            await store.Runs.ListAsync(id, before: null, AppSummary.Back, cancellationToken),
            await AcceptedRuns.ReadAsync(store, id, cancellationToken),
            undecided
        );

    /// <summary>The configuration in force; null before the first.</summary>
    internal static async Task<DistrictConfiguration?> ConfigurationAsync(IDistrictStore store, CancellationToken cancellationToken) =>
        await store.Configuration.LatestAsync(cancellationToken) is { } version ? DistrictConfiguration.FromDocument(version.Document) : null;
}
