using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Sync.Read;

namespace Rollbook.Sync.Derive;

/// <summary>
/// One collection's way through a run: each raw record is looked up by key and hash, and only one that is new, changed or concerned by another's
/// change is derived; what a complete upload no longer has, is gone.
/// </summary>
internal abstract class CollectionStage(Derivation derivation, Collection collection, KeptUpload kept)
{
    internal Collection Collection { get; } = collection;

    /// <summary>Records of the kept upload when the run began, as far as the source had them.</summary>
    internal int KeptBefore { get; } =
        collection == Collection.Orgs ? kept.Index.Slots().Count(slot => kept.Index.OutcomeAt(slot).State != OutcomeState.Retained) : kept.Index.Live;

    protected Derivation Derivation { get; } = derivation;

    protected KeptUpload Kept { get; } = kept;

    protected UploadIndex Index => Kept.Index;

    /// <summary>Takes raw records as they come.</summary>
    internal async Task TakeAsync(RawBatch batch, CancellationToken cancellationToken)
    {
        await PrepareAsync(batch, cancellationToken);
        foreach (var record in batch.Records)
        {
            if (Derivation.LeavesOut(Collections.FamilyOf(Collection), record.Key))
            {
                continue;
            }

            var slot = Index.Find(record.Key);
            var isAgain = slot >= 0 ? !Index.MarkSeen(slot) : Index.WasMet(record.Key);
            if (isAgain && slot >= 0 && Index.HashAt(slot) == record.Hash && !IsConcerned(record.Key))
            {
                continue;
            }

            if (Derivation.Ids.IsKept(record.Key) && await IsFormerAsync(record, batch.Json(record), isAgain && slot >= 0, cancellationToken))
            {
                continue;
            }

            if (record.Deleted)
            {
                if (slot >= 0)
                {
                    Remove(slot, isAgain);
                }
                else if (Derivation.Rederives(Collection))
                {
                    // Under another prefix it may still be there: what the source says of it now must be known then.
                    Index.MarkSeen(Index.Set(record.Key, default, Place.Gone, default));
                }

                continue;
            }

            if (!MustDerive(record, slot) || (slot >= 0 && KeepsOld(record, batch.Json(record), slot)))
            {
                Tally(Index.OutcomeAt(slot));
                continue;
            }

            // A key that comes again, as it does when a collection is read once more, counts once, and its later record holds.
            var outcome = await TakeChangedAsync(record, batch.Json(record), slot, isAgain, cancellationToken);
            if (!isAgain || slot < 0)
            {
                Tally(outcome);
            }
        }
    }

    /// <summary>Known records that the run has not met.</summary>
    internal int CountUnmet() => Index.CountUnseen();

    /// <summary>Ends a collection that was read whole: in Bulk Upload Mode what was not in it is gone, unless it is to stay.</summary>
    internal async Task CompleteAsync(bool unmetStays, CancellationToken cancellationToken)
    {
        if (Derivation.Bulk && !unmetStays)
        {
            foreach (var slot in Index.Slots())
            {
                if (!Index.SeenAt(slot) && !Derivation.LeavesOut(Collections.FamilyOf(Collection), Index.KeyAt(slot)))
                {
                    Remove(slot, isAgain: false);
                }
            }
        }

        await FinishAsync(cancellationToken);
    }

    /// <summary>Ends a collection that the source does not give: what is known of it stays.</summary>
    internal Task UnavailableAsync(CancellationToken cancellationToken) => FinishAsync(cancellationToken);

    /// <summary>Gets ready what deriving this batch needs from elsewhere.</summary>
    protected virtual Task PrepareAsync(RawBatch batch, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Whether a record must be derived though its raw form is unchanged.</summary>
    protected virtual bool IsConcerned(RollbookId key) => false;

    /// <summary>Whether a record that is known keeps the raw form that it was first taken with, whatever the source says of it now.</summary>
    protected virtual bool KeepsOld(RawRecord record, ReadOnlyMemory<byte> json, int slot) => false;

    /// <summary>Derives a record and says what became of it.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="json">Its raw form.</param>
    /// <param name="before">What became of it last time; null when it is new.</param>
    /// <param name="consequence">Whether it is derived although its raw form is as before: because another record changed, or everything is derived.</param>
    /// <param name="isAgain">Whether the run has met the key before.</param>
    protected abstract Outcome Derive(RollbookId key, ReadOnlyMemory<byte> json, Outcome? before, bool consequence, bool isAgain);

    /// <summary>Draws the consequences of a record that is gone.</summary>
    protected abstract void Removed(RollbookId key, Outcome before, bool isAgain);

    /// <summary>Derives whoever else is concerned, compares, and writes the upload out.</summary>
    protected abstract Task FinishAsync(CancellationToken cancellationToken);

    /// <summary>Whether the raw record has to be derived.</summary>
    protected bool MustDerive(RawRecord record, int slot) =>
        slot < 0 || Derivation.Rederives(Collection) || Index.HashAt(slot) != record.Hash || IsConcerned(record.Key);

    /// <summary>Derives kept records again because of other records' changes.</summary>
    protected async Task DeriveAgainAsync(IEnumerable<RollbookId> keys, CancellationToken cancellationToken)
    {
        await foreach (var (key, json) in Kept.FetchAsync(keys, cancellationToken))
        {
            var slot = Index.Find(key);
            var before = Index.OutcomeAt(slot);
            var outcome = Derive(key, json, before, consequence: true, isAgain: false);
            Index.SetOutcome(slot, outcome);
            TouchIfOther(key, before, outcome);
        }
    }

    /// <summary>
    /// Where everything is derived anew, does so with what the run has not met and what stays all the same (no Bulk Upload Mode, or a collection that the
    /// source does not give). With another prefix such a record is another one: the old goes, and it comes under its new ID.
    /// </summary>
    protected async Task DeriveUnmetAsync(CancellationToken cancellationToken)
    {
        if (!Derivation.Rederives(Collection))
        {
            return;
        }

        var unmet = Index.Slots().Where(slot => !Index.SeenAt(slot)).Select(Index.KeyAt).ToList();
        var scope = Derivation.Ids[Collections.FamilyOf(Collection)];
        await foreach (var (key, json) in Kept.FetchAsync(unmet, cancellationToken))
        {
            var slot = Index.Find(key);
            var (hash, place, before) = (Index.HashAt(slot), Index.PlaceAt(slot), Index.OutcomeAt(slot));
            var now = RollbookId.Derive(scope, SourcedId.Of(json.Span));
            if (now == key)
            {
                var outcome = Derive(key, json, before, consequence: true, isAgain: false);
                Index.SetOutcome(slot, outcome);
                TouchIfOther(key, before, outcome);
                continue;
            }

            Remove(slot, isAgain: false);
            if (!Index.WasMet(now))
            {
                Index.MarkSeen(Index.Set(now, hash, place, Derive(now, json, before: null, consequence: false, isAgain: false)));
                Kept.Touch(now);
            }
        }
    }

    /// <summary>Writes the kept upload out, anew when most of it is of the past; after a removal, so that nothing is left of what is gone.</summary>
    protected async Task WriteOutAsync(CancellationToken cancellationToken)
    {
        if (Derivation.Purpose == StagingPurpose.WhatIf)
        {
            return;
        }

        await Kept.FlushAsync(cancellationToken);
        if (await Kept.RewriteAsync(Derivation.Purpose == StagingPurpose.Removal, cancellationToken) is { } below)
        {
            Derivation.Rewritten.Add((Collection, below));
        }
    }

    private async ValueTask<Outcome> TakeChangedAsync(
        RawRecord record,
        ReadOnlyMemory<byte> json,
        int slot,
        bool isAgain,
        CancellationToken cancellationToken
    )
    {
        Outcome? before = slot >= 0 ? Index.OutcomeAt(slot) : null;
        var isSame = slot >= 0 && Index.HashAt(slot) == record.Hash;
        var place = isSame ? Index.PlaceAt(slot) : await Kept.KeepAsync(record.Key, json, cancellationToken);
        var outcome = Derive(record.Key, json, before, consequence: isSame, isAgain);
        Index.MarkSeen(Index.Set(record.Key, record.Hash, place, outcome));
        if (isSame)
        {
            TouchIfOther(record.Key, before, outcome);
        }

        return outcome;
    }

    /// <summary>
    /// Whether a record is the former one of a Rollbook ID under which another goes on since a SIS Migration, and is to be passed over: that the source deletes it is nothing
    /// new, and where the source has both, the later SIS ID holds.
    /// </summary>
    private async Task<bool> IsFormerAsync(RawRecord record, ReadOnlyMemory<byte> json, bool isAgain, CancellationToken cancellationToken)
    {
        var sisId = SourcedId.Of(json.Span);
        var isFormer = Derivation.Ids[Collections.FamilyOf(Collection)].IsOwn(record.Key, sisId);
        if (record.Deleted || !isAgain)
        {
            return record.Deleted && isFormer;
        }

        await foreach (var (_, before) in Kept.FetchAsync([record.Key], cancellationToken))
        {
            if (!string.Equals(SourcedId.Of(before.Span), sisId, StringComparison.Ordinal))
            {
                Derivation.Former++;
                return isFormer;
            }
        }

        return false;
    }

    private void Tally(Outcome outcome)
    {
        if (Collection != Collection.Demographics)
        {
            Derivation.Tally.Read(outcome.Kind);
        }
    }

    private void TouchIfOther(RollbookId key, Outcome? before, Outcome outcome)
    {
        if (before != outcome)
        {
            Kept.Touch(key);
        }
    }

    /// <summary>Takes out a record that the source has no longer.</summary>
    protected virtual void Remove(int slot, bool isAgain)
    {
        var key = Index.KeyAt(slot);
        var before = Index.OutcomeAt(slot);
        Index.MarkSeen(Index.Set(key, default, Place.Gone, default));
        Kept.Touch(key);
        Removed(key, before, isAgain);
    }
}
