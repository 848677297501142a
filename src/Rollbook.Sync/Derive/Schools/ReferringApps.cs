using Rollbook.Model;
using Rollbook.Storage;

namespace Rollbook.Sync.Derive.Schools;

/// <summary>
/// Which other apps have records in the roster at schools of an app. Such a school stays though no mapping leads to it any more: until those apps are imported with
/// their new mapping, or their data is removed, their records would refer to nothing.
/// </summary>
internal sealed class ReferringApps(IDistrictStore store, string app)
{
    private readonly IRosterStore roster = store.Roster;

    private const int AtOnce = 5_000;

    private static readonly KindDefinition[] AtSchools = [.. Kinds.All.Where(kind => kind.Family != Family.Org && kind.SchoolAttribute is not null)];

    /// <summary>Those of the schools at which other apps have records, with these apps in ordinal order.</summary>
    internal async Task<Dictionary<RollbookId, IReadOnlyList<string>>> FindAsync(
        IReadOnlyCollection<RollbookId> schools,
        CancellationToken cancellationToken
    )
    {
        var wanted = schools.ToHashSet();
        var found = new Dictionary<RollbookId, SortedSet<string>>();
        if (wanted.Count == 0)
        {
            return [];
        }

        var (hasOthers, hasShared) = (false, false);
        foreach (var kind in AtSchools)
        {
            foreach (var group in await roster.CountBySchoolsAsync(kind.Kind, cancellationToken))
            {
                var others = OthersOf(kind, group.Sources);
                hasOthers |= others.Count > 0;
                hasShared |= IsShared(kind, group.Sources);
                Note(others, group.Schools);
            }
        }

        // A school above theirs, or somebody's primary school, which need not be among their schools.
        foreach (var kind in Kinds.All.Where(kind => hasOthers && kind.Find("schools") is not null || kind.Family == Family.Org))
        {
            foreach (var attribute in kind.Attributes.Where(attribute => attribute.Target == Family.Org && attribute.Name is not "schools"))
            {
                var referrers = await roster.ReferrersAsync(kind.Kind, attribute, wanted, cancellationToken);
                foreach (var some in referrers.Chunk(AtOnce))
                {
                    foreach (var (_, record) in await roster.GetManyAsync(kind.Family, some, asOf: null, cancellationToken))
                    {
                        Note(OthersOf(kind, record.Row["sources"] as string[] ?? []), record.Row[attribute] is RollbookId school ? [school] : []);
                    }
                }
            }
        }

        if (hasShared)
        {
            // Of what this app and others say together, only what the others say counts.
            await foreach (var member in store.United.ReadAsync(cancellationToken))
            {
                Note(OthersOf(Kinds.Of(member.Row.Kind), [member.App]), SchoolsOf(member.Row));
            }
        }

        return found.ToDictionary(school => school.Key, school => (IReadOnlyList<string>)[.. school.Value]);

        void Note(List<string> others, IReadOnlyList<RollbookId> at)
        {
            foreach (var school in others.Count == 0 ? [] : at.Where(wanted.Contains))
            {
                (found.TryGetValue(school, out var apps) ? apps : found[school] = new SortedSet<string>(StringComparer.Ordinal)).UnionWith(others);
            }
        }
    }

    private List<string> OthersOf(KindDefinition kind, IReadOnlyList<string> sources) =>
        IsShared(kind, sources) ? [] : [.. sources.Where(source => !string.Equals(source, app, StringComparison.Ordinal))];

    private bool IsShared(KindDefinition kind, IReadOnlyList<string> sources) =>
        kind.Family == Family.Person && sources.Count > 1 && sources.Contains(app, StringComparer.Ordinal);

    private static IReadOnlyList<RollbookId> SchoolsOf(Row row) =>
        [
            .. row["schools"] as RollbookId[] ?? [],
            .. Kinds.Of(row.Kind).Find("primarySchool") is { } attribute && row[attribute] is RollbookId primary ? new[] { primary } : [],
        ];
}
