using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Compare;
using Rollbook.Sync.Map;
using Rollbook.Sync.Read;
using Rollbook.Sync.Rules;

namespace Rollbook.Sync.Derive;

/// <summary>A collection whose records become records of the roster.</summary>
internal class RecordStage : CollectionStage
{
    private readonly Family family;
    private readonly Candidates candidates;
    private readonly HashSet<RollbookId> concerned;
    private readonly HashSet<RollbookId> derived = [];
    private readonly List<(RollbookId Target, bool Required)> unresolved = [];
    private readonly RecordMapper mapper;
    private readonly PartMapper partMapper;

    protected RecordStage(Derivation derivation, Collection collection, KeptUpload kept, HashSet<RollbookId> concerned)
        : base(derivation, collection, kept)
    {
        family = Collections.FamilyOf(collection);
        mapper = new RecordMapper(collection, derivation.App, derivation.Ids, derivation.Mapping, derivation.Rules);
        partMapper = new PartMapper(derivation.Mapping.Zone);
        candidates = new Candidates(Path.Combine(derivation.Folder, Collections.NameOf(collection)));
        this.concerned = concerned;
        derivation.SetIndex(family, kept.Index);
    }

    /// <summary>What the roster has; null where it is asked record by record.</summary>
    private PublishedHashes? Published { get; init; }

    /// <summary>Begins a collection, once those before it have ended.</summary>
    internal static async Task<RecordStage> BeginAsync(
        Derivation derivation,
        Collection collection,
        KeptUpload kept,
        CancellationToken cancellationToken
    )
    {
        await derivation.Issues.OpenAsync(collection, cancellationToken);
        var keys = derivation.Rederives(collection) ? [] : await Concerned.ByEarlierAsync(derivation, collection, cancellationToken);
        if (collection == Collection.Users)
        {
            keys.UnionWith(derivation.PartChanged);
        }

        if (derivation.IsUnmappedMoved && !derivation.Rederives(collection))
        {
            keys.UnionWith(
                kept.Index.Slots()
                    .Where(slot => kept.Index.OutcomeAt(slot).State is OutcomeState.Unmapped or OutcomeState.Withheld)
                    .Select(kept.Index.KeyAt)
            );
        }

        if (derivation.Rules.Census is not null && !derivation.Rederives(collection))
        {
            // For the count of what goes along: whether a record can't stand for the sake of such as rules leave out is known only from deriving it.
            keys.UnionWith(kept.Index.Slots().Where(slot => kept.Index.OutcomeAt(slot).State is OutcomeState.Withheld).Select(kept.Index.KeyAt));
        }

        return collection == Collection.Orgs
            ? await Schools.OrgStage.BeginAsync(derivation, kept, keys, cancellationToken)
            : new RecordStage(derivation, collection, kept, keys)
            {
                Published = await PublishedHashes.ReadAsync(derivation, collection, kept.Index, cancellationToken),
            };
    }

    protected override bool IsConcerned(RollbookId key) => concerned.Count > 0 && concerned.Contains(key);

    protected override async Task PrepareAsync(RawBatch batch, CancellationToken cancellationToken)
    {
        if (Collection == Collection.Users)
        {
            await FetchPartsAsync(
                batch.Records.Where(record => MustDerive(record, Index.Find(record.Key))).Select(record => record.Key),
                cancellationToken
            );
        }
    }

    protected override Outcome Derive(RollbookId key, ReadOnlyMemory<byte> json, Outcome? before, bool consequence, bool isAgain)
    {
        var part = Collection == Collection.Users ? Derivation.Parts.GetValueOrDefault(key) : null;
        var mapped = Judge(key, json, mapper.Map(json, part, Derivation, unresolved));
        Derivation.Tally.Invalid(mapped.Kind, mapped.Invalid);
        Forget(key, before);
        foreach (var (target, required) in unresolved)
        {
            Derivation.Unresolved.Add(new UnresolvedReference(Collection, key, target, required));
        }

        Derivation.Issues.Add(Collection, key, mapped.Row, mapped.Findings);
        if (mapped.Lack is { } lack && Derivation.Purpose != StagingPurpose.WhatIf)
        {
            Derivation.Issues.Add(Collection, key, mapped.Kind, lack);
        }

        var isWatching = mapped.State is OutcomeState.Skipped or OutcomeState.Filtered or OutcomeState.Withheld && Watch(key, mapped.Row);
        if (mapped is { State: OutcomeState.Withheld, IsUnnamed: false } && Derivation.Rules.Census is not null)
        {
            Derivation.TakenAlong.Judge(key, mapped.Kind, unresolved, Derivation);
        }

        var outcome = new Outcome(mapped.State, mapped.Kind, unresolved.Count > 0 || isWatching);
        Stage(key, before, outcome, mapped.Row, consequence && IsConsequence(key, outcome), isAgain);
        return outcome;
    }

    /// <summary>Derives what else the collection has left for its end.</summary>
    protected virtual Task DeriveLeftAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Says otherwise than the mapper what a record becomes.</summary>
    protected virtual Mapped Judge(RollbookId key, ReadOnlyMemory<byte> json, Mapped mapped) => mapped;

    /// <summary>Notes what became of a record for the sake of those that refer to it.</summary>
    protected virtual void Note(RollbookId key, Outcome? before, Outcome? after) => NoteBase(key, before, after);

    private void NoteBase(RollbookId key, Outcome? before, Outcome? after)
    {
        Derivation.Note(family, key, before?.Published, after?.Published);
        if (Derivation.AbsenceOf(before) != Derivation.AbsenceOf(after) || before?.Kind != after?.Kind)
        {
            Derivation.NoteAbsent(family, key);
        }
    }

    protected override void Removed(RollbookId key, Outcome before, bool isAgain)
    {
        Forget(key, before);
        Stage(key, before, after: null, default, concerned.Contains(key), isAgain);
    }

    /// <summary>
    /// Whether what becomes of a record that is the same in the source is owed to other records. When everything is derived with another configuration, that is
    /// so for whatever goes with its school; the schools themselves go because of the configuration.
    /// </summary>
    private bool IsConsequence(RollbookId key, Outcome outcome) =>
        Derivation.Everything
            ? Collection != Collection.Orgs && outcome.State is OutcomeState.Withheld or OutcomeState.Unmapped
            : !Derivation.PartChanged.Contains(key);

    protected override async Task FinishAsync(CancellationToken cancellationToken)
    {
        await DeriveUnmetAsync(cancellationToken);
        await DeriveLeftAsync(cancellationToken);
        await DeriveConcernedAsync(concerned, cancellationToken);
        await UniteAsync(cancellationToken);
        if (!Derivation.Rederives(Collection))
        {
            await DeriveConcernedAsync(await Concerned.ByOwnFamilyAsync(Derivation, Collection, cancellationToken), cancellationToken);
        }

        await JudgeContactsAsync(cancellationToken);
        await new Comparison(Derivation, Collection, Kept, Published).CompareAsync(candidates, cancellationToken);
        candidates.Dispose();
        Count();
        await WriteOutAsync(cancellationToken);
        if (Collection == Collection.Users)
        {
            Derivation.Parts.Clear();
            if (Derivation.Demographics is { } demographics)
            {
                await demographics.DisposeAsync();
                Derivation.Demographics = null;
            }
        }
    }

    /// <summary>
    /// Remembers what a record refers to that is not in the roster: when that goes, it is another's consequence, or lacks something else. The roster, in which such
    /// are found else, does not have it.
    /// </summary>
    private bool Watch(RollbookId key, Row row)
    {
        var any = false;
        var reader = row.Read();
        foreach (var attribute in Kinds.Of(row.Kind).Attributes)
        {
            var bytes = reader.Next(out _);
            if (attribute.IsReference && attribute.Target != family)
            {
                foreach (var target in RowReader.Ids(bytes))
                {
                    any |= Derivation.Unresolved.Add(new UnresolvedReference(Collection, key, target, Required: false));
                }
            }
        }

        return any;
    }

    /// <summary>
    /// Takes out the contacts that are nobody's contact, where that is asked for: only now is it known which students there are. Then those who referred to them
    /// are derived again.
    /// </summary>
    private async Task JudgeContactsAsync(CancellationToken cancellationToken)
    {
        if (Collection != Collection.Users || !Derivation.Rules.JudgesContacts)
        {
            return;
        }

        var left = new List<(Candidate Candidate, ContactVerdict Verdict)>();
        foreach (var candidate in candidates.Read().Where(candidate => candidate.After == Kind.Contact))
        {
            if (Derivation.Rules.JudgeContact(candidate.Row, Derivation) is { } verdict)
            {
                left.Add((candidate with { Row = candidate.Row.Copy() }, verdict));
            }
        }

        foreach (var (candidate, verdict) in left)
        {
            foreach (var student in verdict.Students)
            {
                Derivation.Unresolved.Add(new UnresolvedReference(Collection, candidate.Id, student, Required: true));
            }

            var isWatching = Watch(candidate.Id, candidate.Row);
            Derivation.Issues.Forget(Collection, candidate.Id, isLacking: false);
            Derivation.Issues.Add(Collection, candidate.Id, candidate.Row, verdict.Findings);
            Index.SetOutcome(Index.Find(candidate.Id), new Outcome(verdict.State, Kind.Contact, verdict.Students.Count > 0 || isWatching));
            Kept.Touch(candidate.Id);
            Derivation.Note(family, candidate.Id, Kind.Contact, null);
            candidates.Replace(candidate.Id);
            candidates.Add(new Candidate(candidate.Id, candidate.Before, null, default, candidate.Consequence));
        }

        if (!Derivation.Rederives(Collection) && left.Count > 0)
        {
            // A contact that named one of these named no student by that, and has been judged.
            var concernedNow = await Concerned.ByOwnFamilyAsync(Derivation, Collection, cancellationToken);
            concernedNow.RemoveWhere(key => Index.Find(key) is >= 0 and var slot && Index.OutcomeAt(slot).Kind == Kind.Contact);
            await DeriveConcernedAsync(concernedNow, cancellationToken);
        }
    }

    private async Task DeriveConcernedAsync(IReadOnlyCollection<RollbookId> keys, CancellationToken cancellationToken)
    {
        var left = keys.Where(key => !derived.Contains(key) && Index.Find(key) >= 0).ToList();
        if (left.Count == 0)
        {
            return;
        }

        if (Collection == Collection.Users)
        {
            await FetchPartsAsync(left, cancellationToken);
        }

        await DeriveAgainAsync(left, cancellationToken);
    }

    /// <summary>Finds out whose people the source's people are, and derives again those of whom that has changed.</summary>
    private async Task UniteAsync(CancellationToken cancellationToken)
    {
        if (Collection != Collection.Users || Derivation.Uniting is not { } uniting)
        {
            return;
        }

        var moved = await uniting.MatchAsync(cancellationToken);
        foreach (var (key, before) in moved)
        {
            Derivation.Moved(family, key, before);
        }

        if (!Derivation.Rederives(Collection))
        {
            await DeriveConcernedAsync([.. moved.Select(person => person.Key).Union(uniting.Decided)], cancellationToken);
        }
    }

    private async Task FetchPartsAsync(IEnumerable<RollbookId> keys, CancellationToken cancellationToken)
    {
        if (Derivation.Demographics is not { } demographics)
        {
            return;
        }

        var missing = keys.Where(key => !Derivation.Parts.ContainsKey(key) && demographics.Index.Find(key) >= 0).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        await foreach (var (key, json) in demographics.FetchAsync(missing, cancellationToken))
        {
            Derivation.Parts[key] = partMapper.Map(json);
        }
    }

    private void Stage(RollbookId key, Outcome? before, Outcome? after, Row row, bool consequence, bool isAgain)
    {
        // Where everything is derived, only what is concerned for another reason could be derived once more.
        if (!Derivation.Rederives(Collection) || concerned.Contains(key))
        {
            derived.Add(key);
        }

        Note(key, before, after);
        if (Collection == Collection.Users)
        {
            Derivation.Uniting?.Take(key, after?.Published is null ? null : row);
        }

        if (isAgain)
        {
            candidates.Replace(key);
        }
        else if (after?.Published is { } kind && kind == before?.Published && !OwnFamily.Concerns(kind) && Published?.Have(key, row) == true)
        {
            // As it was, and nothing that comes later makes another record of it.
            return;
        }

        if (Derivation.Purpose == StagingPurpose.WhatIf && !isAgain)
        {
            NoteSoFar(key, before?.Published, after?.Published, row);
        }

        if (isAgain || before?.Published is not null || after?.Published is not null)
        {
            candidates.Add(new Candidate(key, before?.Published, after?.Published, row, consequence));
        }
    }

    private void NoteSoFar(RollbookId key, Kind? before, Kind? after, Row row)
    {
        if (before != after || (after is not null && Published?.Have(key, row) == false))
        {
            Derivation.SoFar.Note(before, after);
        }
    }

    private void Forget(RollbookId key, Outcome? before)
    {
        Derivation.Issues.Forget(Collection, key, before?.State is OutcomeState.Withheld or OutcomeState.Rejected);
        if (before is { Unresolved: true } && !Derivation.Everything)
        {
            Derivation.Cleared.Add((Collection, key));
        }
    }

    private void Count()
    {
        // Its records were not read for being derived, and are those of the upload all the same.
        var isSkipped = Derivation is { Everything: true, IsWhole: false } && !Derivation.Rederives(Collection);
        var published = new long[Kinds.All.Count];
        foreach (var slot in Index.Slots())
        {
            var outcome = Index.OutcomeAt(slot);
            if (isSkipped)
            {
                Derivation.Tally.Read(outcome.Kind);
            }

            if (outcome.Published is { } kind)
            {
                published[(int)kind]++;
            }
            else if (outcome.State == OutcomeState.Filtered)
            {
                Derivation.Tally.Filtered(outcome.Kind);
            }
            else if (outcome.State != OutcomeState.Part)
            {
                Derivation.Tally.Skipped(outcome.Kind, isMapped: Derivation.AbsenceOf(outcome) != Absence.NotMapped);
            }
        }

        foreach (var definition in Kinds.Of(family))
        {
            var counts = Derivation.Changes.Counts.GetValueOrDefault(definition.Kind) ?? new ChangeCounts();
            var changed =
                counts.Create + counts.Update + counts.Rekey - (Derivation.Uniting?.ChangedForOthers.GetValueOrDefault(definition.Kind) ?? 0);
            var absorbed = Derivation.Uniting?.Absorbed.GetValueOrDefault(definition.Kind) ?? 0;
            Derivation.Tally.Imported(definition.Kind, published[(int)definition.Kind]);
            Derivation.Changes.SetUnchanged(definition.Kind, published[(int)definition.Kind] - absorbed - changed);
        }
    }
}
