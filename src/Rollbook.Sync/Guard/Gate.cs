using System.Globalization;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Derive;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Unite;

namespace Rollbook.Sync.Guard;

/// <summary>
/// Holds a run's changes against the limits of its app, and against the guards that no percentage switches off (sync-safety.md sections 2 and 3). What a percentage is of:
/// the records of the kind, in the scope, that the source has in the published roster.
/// </summary>
internal sealed class Gate(IDistrictStore store, string app, AppConfiguration settings, Derivation derivation, DateOnly today)
{
    /// <summary>More sentences than anybody reads.</summary>
    private const int MostHolds = 100;

    private const int RowsAtOnce = 1_000;

    private readonly IReadOnlyList<SyncLimit> limits = SyncLimits.Of(settings.Advanced.On(today));
    private readonly List<RunHold> holds = [];

    /// <summary>Every limit and guard that the run breaks, those of the whole source first; none for the first import of an app.</summary>
    internal async Task<IReadOnlyList<RunHold>> EvaluateAsync(CancellationToken cancellationToken)
    {
        if (await store.Uploads.AcceptedAsync(app, cancellationToken) is null)
        {
            return [];
        }

        await GuardSchoolsAsync(cancellationToken);
        await GuardLeftOutAsync(cancellationToken);
        foreach (var kind in Kinds.All)
        {
            if (derivation.Changes.Counts.GetValueOrDefault(kind.Kind) is not { Any: true } counts)
            {
                continue;
            }

            var leaving = Removals.Leaving(derivation, kind.Kind);
            var rekeyed =
                leaving.Count == 0
                    ? 0
                    : derivation.Changes.Read(kind.Kind).Count(change => change.Operation == Operation.Rekey && leaving.Contains(change.Id));
            counts = counts with
            {
                Update = counts.Update - leaving.Count + rekeyed,
                Rekey = counts.Rekey - rekeyed,
                Delete = counts.Delete + leaving.Count,
            };
            Guard(kind, counts);
            await EvaluateAsync(kind, counts, leaving, cancellationToken);
        }

        var inOrder = holds.OrderBy(hold => hold.Rank).ThenByDescending(hold => hold.Percent).ToList();
        if (inOrder.Count <= MostHolds)
        {
            return inOrder;
        }

        var last = inOrder[MostHolds];
        var rest = inOrder.Count - MostHolds;
        return
        [
            .. inOrder.Take(MostHolds),
            last with
            {
                Message = $"{last.Message} {Number(rest)} {(rest == 1 ? "limit was" : "limits were")} reached like this, of which this is one.",
            },
        ];
    }

    private static long BaseOf(ChangeCounts counts) => counts.Unchanged + counts.Update + counts.Delete + counts.Rekey;

    private void Guard(KindDefinition kind, ChangeCounts counts)
    {
        if (counts.Delete == 0)
        {
            return;
        }

        if (counts.Delete == BaseOf(counts) && counts.Create == 0)
        {
            Hold(
                "empty",
                kind,
                RunHold.SourceScope,
                counts.Delete,
                counts.Delete,
                $"No {Words(kind)} would be left of the {Number(counts.Delete)} that this source has in the roster."
            );
        }
        else if (kind.Kind == Kind.Admin)
        {
            Hold(
                "protected",
                kind,
                RunHold.SourceScope,
                counts.Delete,
                BaseOf(counts),
                $"{Number(counts.Delete)} of the {Number(BaseOf(counts))} {Words(kind)} of this source would be deleted. Administrators are protected: a person decides."
            );
        }
    }

    private async Task GuardSchoolsAsync(CancellationToken cancellationToken)
    {
        var vanished = derivation.VanishedSchools;
        if (vanished.Count > 0)
        {
            var which = await NamesAsync(vanished, cancellationToken);
            Hold(
                "school",
                Kinds.Of(Kind.School),
                RunHold.SourceScope,
                vanished.Count,
                vanished.Count,
                $"{Number(vanished.Count)} mapped {(vanished.Count == 1 ? "school is" : "schools are")} no longer in the source{which}."
            );
        }

        // A school that went while nothing of it did, or by a run that no person accepted, is still gone when the rest goes.
        var gone = derivation.GoneSchools.Where(school => !vanished.Contains(school) && !derivation.GoneSchoolsAccepted.Contains(school)).ToHashSet();
        if (gone.Count == 0)
        {
            return;
        }

        var (records, schools) = (0L, new HashSet<RollbookId>());
        foreach (var kind in Kinds.All.Where(kind => kind.SchoolAttribute is not null))
        {
            var removed = derivation.Changes.Read(kind.Kind).Where(change => Removals.Is(change, app)).Select(change => change.Id).ToList();
            await foreach (var (_, row) in OldAsync(kind, removed, cancellationToken))
            {
                var at = SchoolsOf(row, kind.SchoolAttribute!).Where(gone.Contains).ToList();
                records += at.Count > 0 ? 1 : 0;
                schools.UnionWith(at);
            }
        }

        if (records > 0)
        {
            var which = await NamesAsync(schools, cancellationToken);
            Hold(
                "school",
                Kinds.Of(Kind.School),
                RunHold.SourceScope,
                schools.Count,
                schools.Count,
                $"{Number(records)} {(records == 1 ? "record" : "records")} would be deleted at {(schools.Count == 1 ? "a mapped school that is" : "mapped schools that are")} no longer in the source{which}."
            );
        }
    }

    private async Task<string> NamesAsync(HashSet<RollbookId> schools, CancellationToken cancellationToken)
    {
        var named = await store.Roster.GetManyAsync(Family.Org, [.. schools.Take(3)], asOf: null, cancellationToken);
        var names = named.Values.Select(school => school.Row["name"] as string).OfType<string>().Order(StringComparer.Ordinal).ToList();
        return names.Count == 0 ? "" : $": {string.Join(", ", names)}{(schools.Count > names.Count ? " …" : "")}";
    }

    /// <summary>What a person left out of the app's last run is there again: too little, most often, for any limit.</summary>
    private async Task GuardLeftOutAsync(CancellationToken cancellationToken)
    {
        var left = new HashSet<(Kind Kind, RollbookId Id)>();
        await foreach (var change in store.Staged.LeftBeforeAsync(app, cancellationToken))
        {
            left.Add((change.Kind, change.Id));
        }

        foreach (var kind in left.Select(change => change.Kind).Distinct().Order().Select(Kinds.Of))
        {
            var again = derivation
                .Changes.Read(kind.Kind)
                .Where(change => left.Contains((change.Kind, change.Id)))
                .CountBy(change => Removals.Is(change, app))
                .ToDictionary();
            foreach (var (isRemoval, count) in again)
            {
                var what = isRemoval ? "deleted" : "created or changed";
                Hold(
                    isRemoval ? RunHold.LeftRemovals : RunHold.LeftOthers,
                    kind,
                    RunHold.SourceScope,
                    count,
                    BaseOf(derivation.Changes.Counts[kind.Kind]),
                    $"{Number(count)} {(count == 1 ? kind.Name : Words(kind))} would be {what} that a person left out when the last changes were accepted: accept {(count == 1 ? "it" : "them")} now, or leave {(count == 1 ? "it" : "them")} out again."
                );
            }
        }
    }

    private async Task EvaluateAsync(KindDefinition kind, ChangeCounts counts, HashSet<RollbookId> leaving, CancellationToken cancellationToken)
    {
        var ofKind = limits.Where(limit => limit.IsFor(limits, kind) && (limit.Percent ?? limit.Count) is not null).ToList();
        var rekeys = ofKind.Exists(limit => limit.Operation == Operation.Rekey) ? await RekeysAsync(kind, counts, leaving, cancellationToken) : [];
        long Of(Operation operation) =>
            operation switch
            {
                Operation.Create => counts.Create,
                Operation.Update => counts.Update,
                Operation.Delete => counts.Delete,
                _ => counts.Rekey + rekeys.Count,
            };
        foreach (var limit in ofKind.Where(limit => limit.Scope == LimitScope.Source))
        {
            if (IsBroken(limit, Of(limit.Operation), BaseOf(counts)))
            {
                Hold(
                    limit,
                    kind,
                    school: null,
                    Of(limit.Operation),
                    BaseOf(counts),
                    limit.Operation == Operation.Delete && leaving.Count > 0
                        ? $" {Number(leaving.Count)} of them stay in the roster for another source, as changed records."
                        : ""
                );
            }
        }

        var bySchool = ofKind.Where(limit => limit.Scope == LimitScope.School && CanBreak(limit, Of(limit.Operation))).ToList();
        if (bySchool.Count > 0 && kind.SchoolAttribute is not null)
        {
            await EvaluateSchoolsAsync(kind, bySchool, leaving, rekeys, cancellationToken);
        }
    }

    private async Task EvaluateSchoolsAsync(
        KindDefinition kind,
        IReadOnlyList<SyncLimit> bySchool,
        HashSet<RollbookId> leaving,
        HashSet<RollbookId> rekeys,
        CancellationToken cancellationToken
    )
    {
        var attribute = kind.SchoolAttribute!;
        var counted = new Dictionary<(Operation Operation, RollbookId School), long>();
        void Count(Operation operation, Row row)
        {
            foreach (var school in SchoolsOf(row, attribute))
            {
                counted[(operation, school)] = counted.GetValueOrDefault((operation, school)) + 1;
            }
        }

        var named = bySchool.Select(limit => limit.Operation).ToHashSet();
        var deleted = new List<RollbookId>();
        foreach (var change in derivation.Changes.Read(kind.Kind))
        {
            if (change.Operation == Operation.Delete || leaving.Contains(change.Id))
            {
                deleted.Add(change.Id);
                continue;
            }

            if (named.Contains(change.Operation))
            {
                Count(change.Operation, change.Row);
            }

            if (rekeys.Contains(change.Id))
            {
                Count(Operation.Rekey, change.Row);
            }
        }

        await foreach (var (_, row) in OldAsync(kind, deleted, cancellationToken))
        {
            Count(Operation.Delete, row);
        }

        if (!bySchool.Any(limit => counted.Any(count => count.Key.Operation == limit.Operation && CanBreak(limit, count.Value))))
        {
            // As on most nights: nobody needs to know how many each school has.
            return;
        }

        var bases = new Dictionary<RollbookId, long>();
        foreach (var group in await store.Roster.CountBySchoolsAsync(kind.Kind, cancellationToken))
        {
            foreach (var school in group.Sources.Contains(app, StringComparer.Ordinal) ? group.Schools : [])
            {
                bases[school] = bases.GetValueOrDefault(school) + group.Count;
            }
        }

        var broken = (
            from limit in bySchool
            from count in counted
            where count.Key.Operation == limit.Operation && IsBroken(limit, count.Value, bases.GetValueOrDefault(count.Key.School))
            select (Limit: limit, count.Key.School, Count: count.Value)
        ).ToList();
        var names = await store.Roster.GetManyAsync(Family.Org, [.. broken.Select(each => each.School).Distinct()], asOf: null, cancellationToken);
        foreach (var (limit, school, count) in broken)
        {
            Hold(limit, kind, (school, names.GetValueOrDefault(school)?.Row["name"] as string), count, bases.GetValueOrDefault(school));
        }
    }

    /// <summary>
    /// People that come under a new ID while one with the same values in a domain of uniqueness goes, and those that keep their ID and have another name and another birth
    /// date: under one ID, somebody else.
    /// </summary>
    private async Task<HashSet<RollbookId>> RekeysAsync(
        KindDefinition kind,
        ChangeCounts counts,
        HashSet<RollbookId> leaving,
        CancellationToken cancellationToken
    )
    {
        var found = new HashSet<RollbookId>();
        if (kind.Family != Family.Person)
        {
            return found;
        }

        var least = limits.Where(limit => limit.Operation == Operation.Rekey && limit.IsFor(limits, kind)).Min(FloorOf);
        if (Math.Min(counts.Create, counts.Delete) > 0 && counts.Create + counts.Update >= least)
        {
            await FindSuccessorsAsync(kind, found, cancellationToken);
        }

        if (counts.Update > 0 && counts.Create + counts.Update >= least && kind.Find("birthDate") is { } birthDate)
        {
            var person = new Domain(kind.Kind, ["givenName", "familyName"]);
            var updated = derivation
                .Changes.Read(kind.Kind)
                .Where(change => change.Operation == Operation.Update && !leaving.Contains(change.Id))
                .ToDictionary(change => change.Id, change => (Person: person.Of(change.Row), Born: change.Row[birthDate]));
            await foreach (var (id, row) in OldAsync(kind, updated.Keys, cancellationToken))
            {
                var (name, born) = updated[id];
                if (
                    name is not null
                    && born is not null
                    && row[birthDate] is { } before
                    && !before.Equals(born)
                    && person.Of(row) is { } old
                    && old != name
                )
                {
                    found.Add(id);
                }
            }
        }

        return found;
    }

    private async Task FindSuccessorsAsync(KindDefinition kind, HashSet<RollbookId> found, CancellationToken cancellationToken)
    {
        var domains = DomainsOfUniqueness
            .Of(settings, kind.Kind)
            .Where(names => names is not ["sisId"])
            .Select(names => new Domain(kind.Kind, names))
            .ToList();
        var gone = new HashSet<(int Domain, UInt128 Value)>();
        var deleted = derivation.Changes.Read(kind.Kind).Where(change => change.Operation == Operation.Delete).Select(change => change.Id).ToList();
        await foreach (var (_, row) in OldAsync(kind, deleted, cancellationToken))
        {
            for (var at = 0; at < domains.Count; at++)
            {
                if (domains[at].Of(row) is { } value)
                {
                    gone.Add((at, value));
                }
            }
        }

        foreach (var change in derivation.Changes.Read(kind.Kind).Where(change => change.Operation == Operation.Create))
        {
            if (domains.Index().Any(domain => domain.Item.Of(change.Row) is { } value && gone.Contains((domain.Index, value))))
            {
                found.Add(change.Id);
            }
        }
    }

    private async IAsyncEnumerable<(RollbookId Id, Row Row)> OldAsync(
        KindDefinition kind,
        IReadOnlyCollection<RollbookId> ids,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        foreach (var chunk in ids.Chunk(RowsAtOnce))
        {
            foreach (var (id, record) in await store.Roster.GetManyAsync(kind.Family, chunk, asOf: null, cancellationToken))
            {
                if (record.Row.Kind == kind.Kind)
                {
                    yield return (id, record.Row);
                }
            }
        }
    }

    private static IEnumerable<RollbookId> SchoolsOf(Row row, Model.Attribute attribute) =>
        row[attribute] switch
        {
            RollbookId one => [one],
            RollbookId[] many => many,
            _ => [],
        };

    private static bool CanBreak(SyncLimit limit, long count) => count > 0 && count >= FloorOf(limit);

    /// <summary>Fewer records than these break no limit, whatever the percentage.</summary>
    private static long FloorOf(SyncLimit limit) =>
        limit.Percent is null ? limit.Count ?? long.MaxValue : Math.Min(limit.Count ?? long.MaxValue, limit.LeastRecords);

    private static bool IsBroken(SyncLimit limit, long count, long @base) =>
        (limit.Count is { } most && count >= most)
        || (
            limit.Percent is { } percent
            && @base > 0
            && count > 0
            && count >= limit.LeastRecords
            && @base >= limit.LeastPopulation
            && count * 100m >= percent * @base
        );

    private void Hold(SyncLimit limit, KindDefinition kind, (RollbookId Id, string? Name)? school, long count, long @base, string more = "")
    {
        var where = school is { } at ? $"{at.Name ?? "A school"}: " : "";
        var what = limit.Operation switch
        {
            Operation.Create => "would be created",
            Operation.Update => "would be changed",
            Operation.Delete => "would be deleted",
            _ => "would be the same people under other SIS IDs, or others under the same IDs",
        };
        var of =
            limit.Operation == Operation.Create
                ? $"{Number(count)} {Words(kind)} {what}, and this source has {Number(@base)}"
                : $"{Number(count)} of the {Number(@base)} {Words(kind)} that this source has in the roster {what}";
        Hold(
            LimitsSection.Word(limit.Operation),
            kind,
            school is null ? RunHold.SourceScope : RunHold.SchoolScope,
            count,
            @base,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{where}{of} ({Percentage(count, @base):0.#} %). The limit{(school is null ? "" : " in one school")} is {LimitChanges.Allowed(limit)}.{more}"
            ),
            school?.Id
        );
    }

    private void Hold(string limit, KindDefinition kind, string scope, long count, long @base, string message, RollbookId? school = null) =>
        holds.Add(new RunHold(limit, kind.Kind, scope, count, @base, Percentage(count, @base), message) { School = school?.ToString() });

    private static double Percentage(long count, long @base) => @base == 0 ? 0 : Math.Round(count * 100d / @base, 2);

    private static string Words(KindDefinition kind) => kind.Plural.ToLowerInvariant();

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
