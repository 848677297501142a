using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Derive;
using Rollbook.Sync.Quality;

namespace Rollbook.Sync.Runs;

/// <summary>
/// One import, from the source to the published roster. Reads as the architecture draws it: read and derive collection by collection, compare,
/// publish. Throws for whatever stops it; whoever calls turns that into the run's end.
/// </summary>
internal sealed class Import(
    IDistrictStore store,
    RunRecord run,
    DistrictConfiguration configuration,
    RunPurpose purpose,
    IAsyncEnumerable<SourceMessage> source,
    string folder,
    ProgressBoard board,
    TimeProvider time
)
{
    private const int MostSchoolsTold = 1_000;

    private readonly Dictionary<string, double> seconds = new(StringComparer.Ordinal);

    /// <summary>Apps whose people belong to other records than their own last runs said, once this one is published.</summary>
    internal IReadOnlyCollection<string> Followers { get; private set; } = [];

    /// <summary>Does it. The answer is what the store said about the publication.</summary>
    internal async Task<PublishResult> RunAsync(CancellationToken cancellationToken)
    {
        var latest = await store.Roster.LatestAsync(cancellationToken);
        var stagedFor = purpose == RunPurpose.Removal ? StagingPurpose.Removal : StagingPurpose.Import;
        using var staging = await Staging.PrepareAsync(store, configuration, run.App, run.Number, stagedFor, folder, board, time, cancellationToken);

        await MoveAsync(RunState.Queued, RunState.Reading, cancellationToken);
        var reading = time.GetTimestamp();
        await staging.ReadAsync(source, cancellationToken);
        Note("reading", reading);
        await MoveAsync(RunState.Reading, RunState.Deriving, cancellationToken);
        await MoveAsync(RunState.Deriving, RunState.Publishing, cancellationToken);
        board.Step("Publishing");
        var result = await PublishAsync(staging, latest, cancellationToken);
        Followers = staging.Derivation.Uniting?.Followers ?? Followers;
        return result;
    }

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
                run.ConfigurationVersion,
                staging.Accepts,
                run.StartedBy,
                time.GetUtcNow,
                purpose == RunPurpose.Removal ? $"The data of {configuration.Apps[run.App].Name} was removed." : null,
                derivation.Changes,
                unresolved,
                derivation.Rewritten,
                (_, targets) => Report(staging, start, targets).ToJson()
            )
            {
                Issues = derivation.Issues.Changes,
                Members = derivation.Uniting?.Members ?? MemberChanges.None,
            },
            cancellationToken
        );
    }

    // Asked for at the end of the publication and committed with it, so the commit alone is not in its seconds.
    private RunReport Report(Staging staging, long publishing, IssueTargets targets)
    {
        var derivation = staging.Derivation;
        Note("publishing", publishing);
        return new RunReport
        {
            Purpose = purpose,
            Read = derivation.Tally.ReadByKind,
            Skipped = derivation.Tally.SkippedByKind,
            Filtered = derivation.Tally.FilteredByKind,
            Reported = derivation.Issues.Reported,
            NotMapped = derivation.Tally.NotMappedByKind,
            Quality = Quality(derivation, RootCauses.Chosen(targets)),
            Changes = derivation.Changes.Counts,
            Notices = staging.Notices(),
            Findings = staging.Findings,
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
