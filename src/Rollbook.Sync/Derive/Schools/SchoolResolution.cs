using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Map;

namespace Rollbook.Sync.Derive.Schools;

/// <summary>
/// Finds the schools that mappings name, by Rollbook ID or by name, in the published roster and among the schools that the mapping itself creates. One that
/// is not there, or a name that several have, stops the run: guessing, or leaving out the school's people, would be worse.
/// </summary>
internal sealed class SchoolResolution(IRosterStore roster, string district, IReadOnlyDictionary<string, AppConfiguration> apps)
{
    private const int MostOfOneName = 20;

    /// <summary>What the organisations of an app's source become.</summary>
    /// <exception cref="SchoolsMappingException">A mapping names a school that is not there or not the only one.</exception>
    internal async Task<SchoolDestinations> ResolveAsync(string app, CancellationToken cancellationToken)
    {
        var schools = apps[app].Schools;
        var joins = await JoinsAsync(app, schools, isStrict: true, cancellationToken);
        var targets = await roster.GetManyAsync(Family.Org, joins.Values, asOf: null, cancellationToken);
        var foreign = targets.Where(school => !IsOf(school.Value.Row, app)).Select(school => school.Key).ToHashSet();
        return new SchoolDestinations(schools, IdsOf(app), joins, foreign, await FeedersAsync(app, cancellationToken));
    }

    /// <summary>The schools of an app onto which other apps map theirs.</summary>
    private async Task<Dictionary<RollbookId, IReadOnlyList<string>>> FeedersAsync(string app, CancellationToken cancellationToken)
    {
        var feeders = new Dictionary<RollbookId, SortedSet<string>>();
        foreach (var (other, configuration) in apps.Where(other => !string.Equals(other.Key, app, StringComparison.Ordinal)))
        {
            var joins = await JoinsAsync(other, configuration.Schools, isStrict: false, cancellationToken);
            foreach (var id in joins.Values)
            {
                (feeders.TryGetValue(id, out var list) ? list : feeders[id] = new SortedSet<string>(StringComparer.Ordinal)).Add(other);
            }
        }

        if (feeders.Count == 0)
        {
            return [];
        }

        var published = await roster.GetManyAsync(Family.Org, feeders.Keys, asOf: null, cancellationToken);
        return feeders
            .Where(school => published.TryGetValue(school.Key, out var record) && IsOf(record.Row, app))
            .ToDictionary(school => school.Key, school => (IReadOnlyList<string>)[.. school.Value]);
    }

    private async Task<Dictionary<string, RollbookId>> JoinsAsync(
        string app,
        SchoolsMapping schools,
        bool isStrict,
        CancellationToken cancellationToken
    )
    {
        var joins = new Dictionary<string, RollbookId>(StringComparer.Ordinal);
        var wanted = schools.Mapped.Where(school => school.School is not null).ToList();
        if (wanted.Count == 0)
        {
            return joins;
        }

        var own = OwnSchools.Of(schools, IdsOf(app));
        var named = wanted.Select(school => RollbookId.TryParse(school.School, out var id) ? id : (RollbookId?)null).OfType<RollbookId>().ToList();
        var published = await roster.GetManyAsync(Family.Org, named, asOf: null, cancellationToken);
        var byName = new Dictionary<string, List<RollbookId>>(StringComparer.OrdinalIgnoreCase);
        foreach (var school in wanted)
        {
            var name = school.School!;
            List<RollbookId> found;
            if (RollbookId.TryParse(name, out var id))
            {
                found =
                    own.Joins.Contains(id) ? []
                    : published.ContainsKey(id) || own.MayCreate(id) ? [id]
                    : [];
            }
            else if (!byName.TryGetValue(name, out found!))
            {
                found = byName[name] = await FindAsync(app, name, own, cancellationToken);
            }

            if (found.Count == 1)
            {
                joins[school.Source] = found[0];
            }
            else if (isStrict)
            {
                throw new SchoolsMappingException(
                    found.Count == 0
                        ? $"Schools Mapping makes the source's school {school.Source} part of {name}, and there is no such school in the roster or among those that the mapping creates. Nothing was changed. Choose another school for it in Schools Mapping; or import first what creates that school."
                        : $"Schools Mapping makes the source's school {school.Source} part of {name}, and {found.Count} schools have that name. Nothing was changed. Choose the school in Schools Mapping, or write its Rollbook ID into the file."
                );
            }
        }

        return joins;
    }

    private async Task<List<RollbookId>> FindAsync(string app, string name, OwnSchools own, CancellationToken cancellationToken)
    {
        var query = new RecordQuery(Kind.School, Filters: [new RecordFilter("name", FilterCondition.Equal, name)], Limit: MostOfOneName);
        var page = await roster.PageAsync(query, cancellationToken);
        return
        [
            .. page
                .Records.Where(school => IsOf(school.Row, app) ? own.KeepsName(school.Id) : true)
                .Select(school => school.Id)
                .Union(own.Named(name)),
        ];
    }

    private IdScopes IdsOf(string app) => new(district, app, apps[app].Advanced.SisIdPrefix);

    /// <summary>Whether a school of the roster comes from an app: the first of its sources is the one that created it.</summary>
    private static bool IsOf(Row school, string app) =>
        school["sources"] is string[] { Length: > 0 } sources && string.Equals(sources[0], app, StringComparison.Ordinal);

    /// <summary>What a mapping says of the schools of its own source, by key.</summary>
    private sealed record OwnSchools(
        bool Auto,
        IReadOnlyDictionary<RollbookId, string?> Creates,
        IReadOnlySet<RollbookId> Joins,
        IReadOnlySet<RollbookId> LeftOut
    )
    {
        internal static OwnSchools Of(SchoolsMapping schools, IdScopes ids)
        {
            return new OwnSchools(
                schools.Auto,
                schools.Mapped.Where(school => school.School is null).ToDictionary(school => Key(school.Source), school => school.Create),
                schools.Mapped.Where(school => school.School is not null).Select(school => Key(school.Source)).ToHashSet(),
                schools.LeftOut.Select(Key).ToHashSet()
            );

            RollbookId Key(string source) => RollbookId.Derive(ids[Family.Org], source);
        }

        /// <summary>Whether the mapping creates this school, as far as one can tell before reading.</summary>
        internal bool MayCreate(RollbookId id) => Creates.ContainsKey(id) || (Auto && !LeftOut.Contains(id));

        /// <summary>Whether a published school of this source will have the name that it has now.</summary>
        internal bool KeepsName(RollbookId id) =>
            Creates.TryGetValue(id, out var name) ? string.IsNullOrEmpty(name) : Auto && !LeftOut.Contains(id) && !Joins.Contains(id);

        internal IEnumerable<RollbookId> Named(string name) =>
            Creates.Where(school => string.Equals(school.Value, name, StringComparison.OrdinalIgnoreCase)).Select(school => school.Key);
    }
}
