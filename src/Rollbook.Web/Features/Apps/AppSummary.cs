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
public sealed record AppSummary(string Id, AppConfiguration Configuration, IReadOnlyList<RunRecord> Runs, AcceptedRuns? Accepted)
{
    /// <summary>How many runs the dashboard looks back.</summary>
    internal const int Back = 30;

    internal string Name => Configuration.Name;

    internal RunRecord? Latest => Runs.Count == 0 ? null : Runs[0];

    /// <summary>The run that is at work, or null.</summary>
    internal RunRecord? AtWork => Latest is { } run && RunWords.IsActive(run) ? run : null;

    /// <summary>The last import that was accepted, with or without changes.</summary>
    internal RunRecord? LastImport => Accepted?.Import;

    /// <summary>Records that have an issue since; null where that is not counted.</summary>
    internal long? OpenIssues => Accepted?.Report.Quality is { Count: > 0 } counts ? counts.Values.Sum(count => count.Error + count.Skipped) : null;

    internal (string Text, Tone Tone) State =>
        Latest is null
            ? ("Ready", Tone.Neutral)
            : RunWords.StateOf(Latest) switch
            {
                RunState.Queued or RunState.Reading or RunState.Deriving or RunState.Publishing => (
                    RunWords.IsRemoval(Latest) ? "Removing" : "Importing",
                    Tone.Information
                ),
                RunState.Held => ("Held", Tone.Attention),
                RunState.Waiting => ("Preview waiting", Tone.Attention),
                RunState.Failed => ("Failed", Tone.Danger),
                _ => ("Ready", Tone.Good),
            };

    /// <summary>What needs a person, or null.</summary>
    internal string? Need =>
        Latest is null
            ? null
            : (RunWords.StateOf(Latest), RunReport.FromJson(Latest.Report)) switch
            {
                (RunState.Failed, { Failure: { } failure }) => failure.Message,
                (RunState.Failed, _) => "The last import failed.",
                (RunState.Held, { Holds: [var hold, ..] }) => hold.Message,
                (RunState.Held, _) => "The last import broke a limit and waits for a person.",
                (RunState.Waiting, var report) => $"A preview waits for a person: {RunWords.Summary(report)}.",
                _ => null,
            };
}

/// <summary>Reads the state of a district's apps.</summary>
internal static class AppSummaries
{
    /// <summary>Every activated app, in the order of their names.</summary>
    internal static async Task<IReadOnlyList<AppSummary>> AllAsync(IDistrictStore store, CancellationToken cancellationToken)
    {
        var configuration = await ConfigurationAsync(store, cancellationToken);
        var list = new List<AppSummary>();
        foreach (var (id, app) in configuration?.Apps ?? new Dictionary<string, AppConfiguration>(StringComparer.Ordinal))
        {
            list.Add(await ReadAsync(store, id, app, cancellationToken));
        }

        return [.. list.OrderBy(app => app.Name, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>One app; null when it is not activated.</summary>
    internal static async Task<AppSummary?> OneAsync(IDistrictStore store, string id, CancellationToken cancellationToken) =>
        await ConfigurationAsync(store, cancellationToken) is { } configuration && configuration.Apps.TryGetValue(id, out var app)
            ? await ReadAsync(store, id, app, cancellationToken)
            : null;

    /// <summary>The apps' names, by ID; a run of an app that is gone keeps the ID.</summary>
    internal static async Task<IReadOnlyDictionary<string, string>> NamesAsync(IDistrictStore store, CancellationToken cancellationToken) =>
        (await ConfigurationAsync(store, cancellationToken))?.Apps.ToDictionary(app => app.Key, app => app.Value.Name, StringComparer.Ordinal)
        ?? new Dictionary<string, string>(StringComparer.Ordinal);

    private static async Task<AppSummary> ReadAsync(IDistrictStore store, string id, AppConfiguration app, CancellationToken cancellationToken) =>
        new(
            id,
            app,
            await store.Runs.ListAsync(id, before: null, AppSummary.Back, cancellationToken),
            await AcceptedRuns.ReadAsync(store, id, cancellationToken)
        );

    private static async Task<DistrictConfiguration?> ConfigurationAsync(IDistrictStore store, CancellationToken cancellationToken) =>
        await store.Configuration.LatestAsync(cancellationToken) is { } version ? DistrictConfiguration.FromDocument(version.Document) : null;
}
