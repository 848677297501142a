using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Derive;
using Rollbook.Sync.Guard;
using Rollbook.Sync.Quality;

namespace Rollbook.Sync.Runs;

/// <summary>
/// One import, from the source to the published roster. Reads as the architecture draws it: read and derive collection by collection, compare,
/// publish. Throws for whatever stops it; whoever calls turns that into the run's end.
/// </summary>
internal sealed class Import(
    IDistrictStore store,
    RunRecord run,
    RunOrder order,
    IAsyncEnumerable<SourceMessage> source,
    string folder,
    ProgressBoard board,
    TimeProvider time
)
{
    private const int MostSchoolsTold = 1_000;

    private const string MovedOn =
        "Since the changes were shown, the roster or the configuration has moved on, and they are others now. Nothing was published: look at them once more.";

    private readonly RunPurpose purpose = order.Purpose;
    private readonly RunApproval? approval = order.Approval;
    private readonly Dictionary<string, double> seconds = new(StringComparer.Ordinal);

    /// <summary>For an approval: the number from which the segments of this reading lie.</summary>
    private int? ownFrom;

    /// <summary>Apps whose people belong to other records than their own last runs said, once this one is published.</summary>
    internal IReadOnlyCollection<string> Followers { get; private set; } = [];

    /// <summary>Does it. The answer is what the store said about the publication; null when the changes wait for a person.</summary>
    internal async Task<PublishResult?> RunAsync(CancellationToken cancellationToken)
    {
        var latest = await store.Roster.LatestAsync(cancellationToken);
        var stagedFor =
            purpose == RunPurpose.Removal ? StagingPurpose.Removal
            : approval is { Shown.Purpose: RunPurpose.Import } ? StagingPurpose.Approval
            : StagingPurpose.Import;
        using var staging = await Staging.PrepareAsync(
            store,
            order.Configuration,
            run.App,
            run.Number,
            stagedFor,
            folder,
            board,
            time,
            cancellationToken
        );

        if (approval is null)
        {
            await MoveAsync(RunState.Queued, RunState.Reading, cancellationToken);
        }
        else
        {
            ownFrom = await store.Uploads.NextSegmentsAsync(1, cancellationToken);
        }

        var reading = time.GetTimestamp();
        await staging.ReadAsync(source, cancellationToken);
        Note("reading", reading);
        if (approval is null)
        {
            await MoveAsync(RunState.Reading, RunState.Deriving, cancellationToken);
        }

        if (await WaitsAsync(staging, cancellationToken))
        {
            return null;
        }

        await MoveAsync(RunState.Deriving, RunState.Publishing, cancellationToken);
        board.Step("Publishing");
        var result = await PublishAsync(staging, latest, cancellationToken);
        Followers = staging.Derivation.Uniting?.Followers ?? Followers;
        return result;
    }

    /// <summary>Holds the changes against Preview of data upload, the limits and the guards, and keeps them where they have to wait for a person.</summary>
    private async Task<bool> WaitsAsync(Staging staging, CancellationToken cancellationToken)
    {
        var changes = staging.Derivation.Changes;
        if (purpose == RunPurpose.Removal || !changes.Counts.Values.Any(counts => counts.Any))
        {
            return false;
        }

        if (purpose == RunPurpose.Uniting && approval is null && await IsConfiguredAsBeforeAsync(cancellationToken))
        {
            // It carries out what a person decided, or what another app's run has brought through its own gates.
            return false;
        }

        var hash = approval is null ? null : ChangeHash.Of(changes);
        if (approval is not null && string.Equals(hash, approval.Shown.ChangeHash, StringComparison.Ordinal))
        {
            return false;
        }

        var settings = order.Configuration.Apps[run.App];
        var isPreview = settings.Advanced.PreviewOfDataUpload;
        board.Step("Comparing with the limits");
        var holds = isPreview ? [] : await new Gate(store, run.App, settings, staging.Derivation).EvaluateAsync(cancellationToken);
        if (!isPreview && holds.Count == 0 && approval is null)
        {
            return false;
        }

        var waitsAs = isPreview ? RunState.Waiting : RunState.Held;
        var report = Report(staging) with
        {
            Holds = holds,
            ChangeHash = hash ?? ChangeHash.Of(changes),
            WaitsAs = waitsAs,
            RefreshTaken = approval?.Shown.RefreshTaken ?? staging.RefreshTaken,
            Decision = null,
            Notices = approval is null ? staging.Notices() : [MovedOn, .. Lasting(approval.Shown.Notices)],
        };
        if (
            !RunStates.CanMove(RunState.Deriving, waitsAs)
            || !await store.Staged.KeepAsync(
                run.Number,
                RunStates.ToWord(RunState.Deriving),
                RunStates.ToWord(waitsAs),
                changes,
                report.ToJson(),
                cancellationToken
            )
        )
        {
            throw new InvalidOperationException($"Run {run.Number} could not wait for a person.");
        }

        if (ownFrom is { } below)
        {
            await store.Uploads.DiscardAsync(run.Number, below, CancellationToken.None);
        }

        return true;
    }

    /// <summary>
    /// Whether records are derived as when the app's upload was last accepted. An app that is there no longer does not matter: a person has taken it out.
    /// </summary>
    private async Task<bool> IsConfiguredAsBeforeAsync(CancellationToken cancellationToken) =>
        await store.Uploads.AcceptedAsync(run.App, cancellationToken) is { } accepted
        && await store.Runs.GetAsync(accepted.Run, cancellationToken) is { } before
        && await store.Configuration.GetAsync(before.ConfigurationVersion, cancellationToken) is { } version
        && DistrictConfiguration.FromDocument(version.Document) is var then
        && then.Apps.ContainsKey(run.App)
        && string.Equals(then.TimeZone, order.Configuration.TimeZone, StringComparison.Ordinal)
        && then.Apps.All(app =>
            !order.Configuration.Apps.TryGetValue(app.Key, out var now)
            || string.Equals(Derived(app.Value).ToDocument(), Derived(now).ToDocument(), StringComparison.Ordinal)
        );

    /// <summary>An app's configuration without what no record depends on.</summary>
    private static AppConfiguration Derived(AppConfiguration app) =>
        app with
        {
            Name = "",
            Schedule = null,
            Delivery = AppConfiguration.NoDelivery,
            Secrets = [],
            Advanced = app.Advanced with { PreviewOfDataUpload = false, SyncHoldThreshold = 0, Limits = null },
        };

    private Task<PublishResult> PublishAsync(Staging staging, RosterVersion? latest, CancellationToken cancellationToken)
    {
        var derivation = staging.Derivation;
        var unresolved = new UnresolvedChanges(derivation.Everything, derivation.Cleared, derivation.Unresolved);
        var start = time.GetTimestamp();
        return store.Roster.PublishAsync(
            new Publication(
                run.Number,
                run.App,
                latest?.Number ?? 0,
                order.ConfigurationVersion,
                staging.AcceptsWith(approval?.Shown.RefreshTaken ?? staging.RefreshTaken),
                approval?.Decision.By ?? run.StartedBy,
                time.GetUtcNow,
                purpose == RunPurpose.Removal ? $"The data of {order.Configuration.Apps[run.App].Name} was removed." : approval?.Decision.Reason,
                derivation.Changes,
                unresolved,
                derivation.Rewritten,
                (_, targets) => Report(staging, start, targets).ToJson()
            )
            {
                OwnSegmentsFrom = ownFrom,
                Issues = derivation.Issues.Changes,
                Members = derivation.Uniting?.Members ?? MemberChanges.None,
            },
            cancellationToken
        );
    }

    // Asked for at the end of the publication and committed with it, so the commit alone is not in its seconds.
    private RunReport Report(Staging staging, long publishing, IssueTargets targets)
    {
        Note("publishing", publishing);
        return Report(staging) with { Quality = Quality(staging.Derivation, RootCauses.Chosen(targets)) };
    }

    private RunReport Report(Staging staging)
    {
        var derivation = staging.Derivation;
        return new RunReport
        {
            Purpose = purpose,
            Read = derivation.Tally.ReadByKind,
            Skipped = derivation.Tally.SkippedByKind,
            Filtered = derivation.Tally.FilteredByKind,
            Reported = derivation.Issues.Reported,
            NotMapped = derivation.Tally.NotMappedByKind,
            Changes = derivation.Changes.Counts,
            Notices = approval is null ? staging.Notices() : Lasting(approval.Shown.Notices),
            Findings = approval?.Shown.Findings ?? staging.Findings,
            Holds = approval?.Shown.Holds ?? [],
            ChangeHash = approval?.Shown.ChangeHash,
            WaitsAs = approval?.Shown.WaitsAs,
            Decision = approval?.Decision,
            DifferingSchools =
            [
                .. derivation.DifferingSchools.Take(MostSchoolsTold).Select(school => new DifferingSchool(school.SourcedId, school.Name)),
            ],
            NotMappedSchools = derivation.NotMappedSchools,
            Seconds = seconds,
        };
    }

    private static Dictionary<Kind, QualityCounts> Quality(Derivation derivation, Dictionary<Kind, long> chosen)
    {
        var tally = derivation.Tally;
        return Kinds
            .All.Select(definition => definition.Kind)
            .ToDictionary(
                kind => kind,
                kind =>
                {
                    var left = tally.NotMappedByKind.GetValueOrDefault(kind) + chosen.GetValueOrDefault(kind);
                    return new QualityCounts(
                        tally.ImportedByKind.GetValueOrDefault(kind),
                        derivation.Issues.Reported.GetValueOrDefault(kind),
                        tally.SkippedByKind.GetValueOrDefault(kind) - left,
                        left + tally.FilteredByKind.GetValueOrDefault(kind)
                    );
                }
            )
            .Where(counts => counts.Value is not { Imported: 0, Skipped: 0, LeftOut: 0 })
            .ToDictionary();
    }

    /// <summary>Notices of what was read; what was told of attempts to publish it is over with the next one.</summary>
    private static IReadOnlyList<string> Lasting(IReadOnlyList<string> notices) =>
        [.. notices.Where(notice => notice is not MovedOn && !notice.StartsWith(RunEnd.NotPublished, StringComparison.Ordinal))];

    private async Task MoveAsync(RunState from, RunState to, CancellationToken cancellationToken)
    {
        if (
            !RunStates.CanMove(from, to)
            || !await store.Runs.MoveAsync(run.Number, RunStates.ToWord(from), RunStates.ToWord(to), report: null, endedAt: null, cancellationToken)
        )
        {
            throw new InvalidOperationException($"Run {run.Number} could not go from {from} to {to}.");
        }
    }

    private void Note(string stage, long start) => seconds[stage] = Math.Round(time.GetElapsedTime(start).TotalSeconds, 3);
}
