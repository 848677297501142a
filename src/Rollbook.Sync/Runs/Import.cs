using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Derive;
using Rollbook.Sync.Guard;
using Rollbook.Sync.Map;
using Rollbook.Sync.Read;

namespace Rollbook.Sync.Runs;

/// <summary>
/// One import, from the source to the published roster. Reads as the architecture draws it: read and derive collection by collection, compare,
/// publish. Throws for whatever stops it; whoever calls turns that into the run's end.
/// </summary>
internal sealed class Import(
    IDistrictStore store,
    RunRecord run,
    AppConfiguration app,
    IAsyncEnumerable<SourceMessage> source,
    IdScopes ids,
    AttributesMapping mapping,
    string folder,
    ProgressBoard board,
    TimeProvider time
)
{
    private readonly Dictionary<string, double> seconds = new(StringComparer.Ordinal);
    private readonly List<string> notices = [];
    private long rejected;
    private long rejectedBefore;

    /// <summary>Does it. The answer is what the store said about the publication.</summary>
    internal async Task<PublishResult> RunAsync(CancellationToken cancellationToken)
    {
        var latest = await store.Roster.LatestAsync(cancellationToken);
        var fingerprint = DerivationFingerprint.Of(app, mapping.Zone);
        var accepted = await store.Uploads.AcceptedAsync(run.App, cancellationToken);
        var everything = !string.Equals(accepted?.Derivation, fingerprint, StringComparison.Ordinal);
        using var derivation = new Derivation(store, run.App, run.Number, ids, mapping, app.Advanced.BulkUploadMode, everything, folder);

        await MoveAsync(RunState.Queued, RunState.Reading, cancellationToken);
        var reading = time.GetTimestamp();
        await ReadAsync(derivation, cancellationToken);
        Note("reading", reading);
        await MoveAsync(RunState.Reading, RunState.Deriving, cancellationToken);
        await MoveAsync(RunState.Deriving, RunState.Publishing, cancellationToken);
        board.Step("Publishing");
        return await PublishAsync(derivation, latest, fingerprint, cancellationToken);
    }

    private async Task ReadAsync(Derivation derivation, CancellationToken cancellationToken)
    {
        await using var stages = new StageSequence(derivation);
        await foreach (var message in source.WithCancellation(cancellationToken))
        {
            board.Take(message);
            switch (message)
            {
                case SourceMessage.Batch batch:
                    using (batch.Records)
                    {
                        await (await stages.EnterAsync(batch.Collection, cancellationToken)).TakeAsync(batch.Records, cancellationToken);
                    }

                    break;
                case SourceMessage.Rejected:
                    rejected++;
                    break;
                case SourceMessage.Notice notice:
                    notices.Add(notice.Text);
                    break;
                case SourceMessage.Complete complete:
                    await EndAsync(await stages.EnterAsync(complete.Collection, cancellationToken), complete, cancellationToken);
                    stages.Leave();
                    break;
                case SourceMessage.Unavailable unavailable:
                    notices.Add(unavailable.Reason);
                    await (await stages.EnterAsync(unavailable.Collection, cancellationToken)).UnavailableAsync(cancellationToken);
                    stages.Leave();
                    break;
            }
        }

        await stages.EndAsync(cancellationToken);
    }

    private async Task EndAsync(CollectionStage stage, SourceMessage.Complete complete, CancellationToken cancellationToken)
    {
        if (Guards.Refuse(complete, stage.KeptBefore, app.Advanced.BulkUploadMode) is { } reason)
        {
            throw new GuardException(reason);
        }

        if (Guards.Remark(complete) is { } remark)
        {
            notices.Add(remark);
        }

        // A record without an ID may be any of those that seem to be missing.
        var nameless = rejected - rejectedBefore;
        rejectedBefore = rejected;
        if (nameless > 0 && app.Advanced.BulkUploadMode && Guards.Remark(complete.Collection, nameless, stage.CountUnmet()) is { } doubt)
        {
            notices.Add(doubt);
        }

        board.Step($"Comparing {Collections.NameOf(complete.Collection)}");
        await stage.CompleteAsync(unmetStays: nameless > 0, cancellationToken);
        board.Step(null);
    }

    private Task<PublishResult> PublishAsync(Derivation derivation, RosterVersion? latest, string fingerprint, CancellationToken cancellationToken)
    {
        if (rejected > 0)
        {
            notices.Add(FormattableString.Invariant($"{rejected:N0} records were passed over because they have no sourcedId."));
        }

        foreach (var (kind, count) in derivation.Tally.InvalidByKind)
        {
            notices.Add(
                FormattableString.Invariant(
                    $"{count:N0} of the {Kinds.Of(kind).Plural.ToLowerInvariant()} read had a value that is not valid; the value was left out."
                )
            );
        }

        notices.AddRange(mapping.Notices());
        var unresolved = new UnresolvedChanges(derivation.Everything, derivation.Cleared, derivation.Unresolved);
        var start = time.GetTimestamp();
        return store.Roster.PublishAsync(
            new Publication(
                run.Number,
                run.App,
                latest?.Number ?? 0,
                run.ConfigurationVersion,
                fingerprint,
                run.StartedBy,
                time.GetUtcNow,
                Reason: null,
                derivation.Changes,
                unresolved,
                derivation.Rewritten,
                _ => Report(derivation, start).ToJson()
            ),
            cancellationToken
        );
    }

    // Asked for at the end of the publication and committed with it, so the commit alone is not in its seconds.
    private RunReport Report(Derivation derivation, long publishing)
    {
        Note("publishing", publishing);
        return new RunReport
        {
            Read = derivation.Tally.ReadByKind,
            Skipped = derivation.Tally.SkippedByKind,
            Changes = derivation.Changes.Counts,
            Notices = notices,
            Seconds = seconds,
        };
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
