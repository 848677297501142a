using System.Collections.Concurrent;
using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Derive;
using Rollbook.Sync.Map;
using Rollbook.Sync.Read;
using Rollbook.Sync.Rollbacks;
using Rollbook.Sync.Runs;

namespace Rollbook.Sync.Setup.Schools;

/// <summary>Puts together what Schools Mapping shows. Counts of people are kept for as long as the roster's version stays the same.</summary>
public sealed class SchoolBooks(Surveys surveys)
{
    private static readonly Kind[] Counted = [Kind.Student, Kind.Teacher, Kind.Admin];

    private readonly ConcurrentDictionary<string, (int Version, IReadOnlyDictionary<Kind, IReadOnlyList<SchoolGroup>> Groups)> counts = new(
        StringComparer.Ordinal
    );

    /// <summary>Opens the book of an app.</summary>
    public async Task<SchoolBook> OpenAsync(IDistrictStore store, AppSetup setup, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(setup);
        var survey = await surveys.ReadAsync(store, setup.App, cancellationToken);
        var accepted = await store.Uploads.AcceptedAsync(setup.App, cancellationToken);
        var run = accepted is null ? null : await store.Runs.GetAsync(accepted.Run, cancellationToken);
        var known = await KnownAsync(store, setup, survey, run, cancellationToken);
        var published = new List<RosterRecord>();
        var derived = await DerivedDistrict.OfAsync(store, cancellationToken);
        await foreach (var school in derived.Roster.ReadAsync(Kind.School, asOf: null, cancellationToken))
        {
            published.Add(school);
        }

        var groups = await GroupsAsync(store, cancellationToken);
        var entries = new SchoolEntries(setup, known, published, groups) { District = store.District.Id }.Make();
        return new SchoolBook(setup.App, setup.Configuration.Schools, entries, ExistingOf(entries, published), groups, survey, run is not null)
        {
            RefreshTaken = AcceptedDerivation.Parse(accepted?.Derivation).RefreshTaken,
        };
    }

    /// <summary>How many records of a kind the roster has at each school; for the consequences of a change.</summary>
    public static async Task<IReadOnlyDictionary<Kind, IReadOnlyList<SchoolGroup>>> CountAsync(
        IDistrictStore store,
        IEnumerable<Kind> kinds,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(kinds);
        var groups = new Dictionary<Kind, IReadOnlyList<SchoolGroup>>();
        foreach (var kind in kinds)
        {
            groups[kind] = await store.Roster.CountBySchoolsAsync(kind, cancellationToken);
        }

        return groups;
    }

    private async Task<IReadOnlyDictionary<Kind, IReadOnlyList<SchoolGroup>>> GroupsAsync(IDistrictStore store, CancellationToken cancellationToken)
    {
        var version = (await store.Roster.LatestAsync(cancellationToken))?.Number ?? 0;
        if (counts.TryGetValue(store.District.Id, out var kept) && kept.Version == version)
        {
            return kept.Groups;
        }

        var groups = await CountAsync(store, Counted, cancellationToken);
        counts[store.District.Id] = (version, groups);
        return groups;
    }

    /// <summary>The source's organisations: as they are kept, and as a survey found them since.</summary>
    private static async Task<IReadOnlyList<KnownOrg>> KnownAsync(
        IDistrictStore store,
        AppSetup setup,
        SurveyState survey,
        RunRecord? run,
        CancellationToken cancellationToken
    )
    {
        var ids = new IdScopes(store.District.Id, setup.App, setup.Configuration.Advanced.SisIdPrefix);
        var known = new Dictionary<string, KnownOrg>(StringComparer.Ordinal);
        if (run is not null)
        {
            var differing = RunReport.FromJson(run.Report).DifferingSchools.ToDictionary(school => school.Source, StringComparer.Ordinal);
            await using var kept = await KeptUpload.LoadAsync(store.Uploads, setup.App, run: 0, Collection.Orgs, cancellationToken);
            var keys = kept.Index.Slots().Select(kept.Index.KeyAt).ToList();
            await foreach (var (key, json) in kept.FetchAsync(keys, cancellationToken))
            {
                if (RawOrg.Read(json) is { } org)
                {
                    var isGone = kept.Index.OutcomeAt(kept.Index.Find(key)).State == OutcomeState.Retained;
                    var now = differing.GetValueOrDefault(org.SourcedId)?.Name;
                    known[org.SourcedId] = new KnownOrg(org, Students: null, Staff: null, isGone, now);
                }
            }
        }

        if (survey.Found is { } found)
        {
            var isNewer = run is null || survey.Job!.StartedAt > run.StartedAt;
            foreach (var org in found.Orgs)
            {
                var before = known.GetValueOrDefault(org.Org.SourcedId);
                if (before is null && !isNewer)
                {
                    continue;
                }

                var now =
                    isNewer && before is not null && !string.Equals(before.Org.Name, org.Org.Name, StringComparison.Ordinal) ? org.Org.Name : null;
                known[org.Org.SourcedId] = new KnownOrg(
                    before?.Org ?? org.Org,
                    org.Students,
                    org.Staff,
                    IsGone: !isNewer && before!.IsGone,
                    isNewer ? now : before?.NameNow
                );
            }

            if (isNewer)
            {
                var there = found.Orgs.Select(org => org.Org.SourcedId).ToHashSet(StringComparer.Ordinal);
                foreach (var (source, org) in known.Where(org => !there.Contains(org.Key)).ToList())
                {
                    known[source] = org with { IsGone = true };
                }
            }
        }

        return [.. known.Values.Select(org => org with { Id = RollbookId.Derive(ids[Family.Org], org.Org.SourcedId) })];
    }

    private static List<ExistingSchool> ExistingOf(IReadOnlyList<SchoolEntry> entries, List<RosterRecord> published)
    {
        var own = entries.ToDictionary(entry => entry.Id);
        var schools = published
            .Where(school => !own.ContainsKey(school.Id))
            .Select(school => (school.Id, Name: school.Row["name"] as string ?? school.Row.SisId, Code: school.Row["identifier"] as string))
            .Concat(entries.Where(entry => entry.IsMapped && entry.Row?.School is null).Select(entry => (entry.Id, Name: entry.NewName, entry.Code)))
            .ToList();
        var names = schools.CountBy(school => school.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. schools
                .Select(school => new ExistingSchool(
                    school.Id,
                    school.Name,
                    names[school.Name] == 1 ? school.Name : $"{school.Name} ({school.Code ?? school.Id.ToString()})"
                )
                {
                    Code = school.Code,
                })
                .OrderBy(school => school.Label, StringComparer.OrdinalIgnoreCase),
        ];
    }
}

/// <summary>An organisation of the source as far as it is known.</summary>
internal sealed record KnownOrg(RawOrg Org, long? Students, long? Staff, bool IsGone, string? NameNow)
{
    internal RollbookId Id { get; init; }
}
