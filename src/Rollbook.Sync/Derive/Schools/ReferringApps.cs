using Rollbook.Model;
using Rollbook.Storage;

namespace Rollbook.Sync.Derive.Schools;

/// <summary>
/// Which other apps have records in the roster at schools of an app. Such a school stays though no mapping leads to it any more: until those apps are imported with
/// their new mapping, or their data is removed, their records would refer to nothing.
/// </summary>
internal sealed class ReferringApps(IRosterStore roster, string app)
{
    private const int AtOnce = 5_000;

    private static readonly KindDefinition[] AtSchools =
    [
        .. Kinds.All.Where(kind => kind.Family != Family.Org && (kind.Find("schools") ?? kind.Find("school")) is not null),
    ];

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

        var hasOthers = false;
        foreach (var kind in AtSchools)
        {
            foreach (var group in await roster.CountBySchoolsAsync(kind.Kind, cancellationToken))
            {
                var others = OthersOf(group.Sources);
                hasOthers |= others.Count > 0;
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
                        Note(OthersOf(record.Row["sources"] as string[] ?? []), record.Row[attribute] is RollbookId school ? [school] : []);
                    }
                }
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

    private List<string> OthersOf(IReadOnlyList<string> sources) =>
        [.. sources.Where(source => !string.Equals(source, app, StringComparison.Ordinal))];
}
