using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Compare;
using Rollbook.Sync.Map;
using Rollbook.Sync.Read;
using Rollbook.Sync.Unite;

namespace Rollbook.Sync.Derive;

/// <summary>Compares the candidates of a collection with the published roster and stages what differs. A record without a difference is never written.</summary>
internal sealed class Comparison(Derivation derivation, Collection collection, KeptUpload kept, PublishedHashes? published)
{
    private const int AtOnce = 10_000;

    private readonly OwnFamily ownFamily = new(Collections.FamilyOf(collection), derivation);
    private readonly Uniting? uniting = collection == Collection.Users ? derivation.Uniting : null;
    private readonly List<RollbookId> unresolved = [];
    private readonly List<Candidate> waiting = [];

    internal async Task CompareAsync(Candidates candidates, CancellationToken cancellationToken)
    {
        foreach (var read in candidates.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var candidate = read.After is null ? read : read with { Row = Resolve(read.Id, read.Row) };
            if (uniting?.Concerns(candidate.Id) == true)
            {
                uniting.Add(candidate);
                continue;
            }

            if (candidate.Before is { } kind && kind == candidate.After)
            {
                if (published?.Have(candidate.Id, candidate.Row) == true)
                {
                    continue;
                }

                waiting.Add(candidate with { Row = candidate.Row.Copy() });
                if (waiting.Count == AtOnce)
                {
                    await CompareWaitingAsync(cancellationToken);
                }

                continue;
            }

            if (candidate.Before is { } old)
            {
                Stage(Operation.Delete, old, candidate);
            }

            if (candidate.After is { } now)
            {
                Stage(Operation.Create, now, candidate);
            }
        }

        await CompareWaitingAsync(cancellationToken);
        if (uniting is not null)
        {
            await uniting.SettleAsync(derivation.Changes, cancellationToken);
        }
    }

    private async Task CompareWaitingAsync(CancellationToken cancellationToken)
    {
        foreach (var group in waiting.GroupBy(candidate => candidate.After!.Value))
        {
            var hashes = await derivation.Store.Roster.HashesAsync(group.Key, [.. group.Select(candidate => candidate.Id)], cancellationToken);
            var differing = new List<Candidate>();
            foreach (var candidate in group)
            {
                if (!hashes.TryGetValue(candidate.Id, out var hash))
                {
                    Stage(Operation.Create, group.Key, candidate);
                }
                else if (hash != candidate.Row.Hash)
                {
                    differing.Add(candidate);
                }
            }

            await StageDifferingAsync(group.Key, differing, cancellationToken);
        }

        waiting.Clear();
    }

    /// <summary>Stages records that are there and differ: as re-keyed where the source has them under another SIS ID than before.</summary>
    private async Task StageDifferingAsync(Kind kind, List<Candidate> differing, CancellationToken cancellationToken)
    {
        var before = derivation.Ids.HasSuccessors
            ? await derivation.Store.Roster.GetManyAsync(
                Kinds.Of(kind).Family,
                [.. differing.Select(candidate => candidate.Id)],
                asOf: null,
                cancellationToken
            )
            : null;
        foreach (var candidate in differing)
        {
            var isRekey =
                before?.GetValueOrDefault(candidate.Id) is { } old && !string.Equals(old.Row.SisId, candidate.Row.SisId, StringComparison.Ordinal);
            Stage(isRekey ? Operation.Rekey : Operation.Update, kind, candidate);
        }
    }

    private Row Resolve(RollbookId id, Row row)
    {
        var resolved = ownFamily.Resolve(id, row, unresolved);
        if (unresolved.Count > 0)
        {
            foreach (var target in unresolved)
            {
                derivation.Unresolved.Add(new UnresolvedReference(collection, id, target, Required: false));
            }

            var slot = kept.Index.Find(id);
            var outcome = kept.Index.OutcomeAt(slot);
            if (!outcome.Unresolved)
            {
                kept.Index.SetOutcome(slot, outcome with { Unresolved = true });
                kept.Touch(id);
            }
        }

        // What this app has of a school that is there for another app's sake is not looked at.
        if (
            kept.Index.OutcomeAt(kept.Index.Find(id)).State != OutcomeState.Lent
            && derivation.Rules.JudgeOwnFamily(resolved, unresolved.Count > 0) is { Count: > 0 } findings
        )
        {
            derivation.Issues.Add(collection, id, resolved, findings);
        }

        return resolved;
    }

    private void Stage(Operation operation, Kind kind, Candidate candidate) =>
        derivation.Changes.Add(new StagedChange(operation, kind, candidate.Id, candidate.Row, candidate.Consequence));
}
