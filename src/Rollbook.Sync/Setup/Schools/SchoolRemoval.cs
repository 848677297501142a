using Rollbook.Model;
using Rollbook.Storage;

namespace Rollbook.Sync.Setup.Schools;

/// <summary>
/// What the roster loses at the next import when mappings are deleted, counted from the published roster. People who have another school besides stay, with one
/// school less.
/// </summary>
/// <param name="Schools">The schools that go or are no longer fed, with their names.</param>
/// <param name="Removed">How many records go, by kind.</param>
/// <param name="Changed">How many people stay with fewer schools.</param>
public sealed record SchoolRemoval(IReadOnlyList<SchoolEntry> Schools, IReadOnlyDictionary<Kind, long> Removed, long Changed)
{
    /// <summary>
    /// Those that are part of another school: the roster does not tell their people from that school's others, so these are not in <see cref="Removed"/>.
    /// </summary>
    public IReadOnlyList<SchoolEntry> Parts => [.. Schools.Where(school => school.Row?.School is not null)];

    private static readonly Kind[] Kinds = [Kind.Student, Kind.Teacher, Kind.Admin, Kind.Contact, Kind.Course, Kind.Class, Kind.Enrollment];

    /// <summary>Counts it.</summary>
    public static async Task<SchoolRemoval> CountAsync(
        IDistrictStore store,
        string app,
        IReadOnlyList<SchoolEntry> schools,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(schools);
        var ids = schools.Where(school => school.Row?.School is null).Select(school => school.Id).ToHashSet();
        var removed = new Dictionary<Kind, long>();
        long changed = 0;
        foreach (var (kind, groups) in await SchoolBooks.CountAsync(store, Kinds, cancellationToken))
        {
            // Records that another app gives stay whatever this one maps.
            foreach (var group in groups.Where(group => group.Sources.Contains(app, StringComparer.Ordinal)))
            {
                var left = group.Schools.Count(school => !ids.Contains(school));
                if (group.Schools.Count > 0 && left == 0)
                {
                    removed[kind] = removed.GetValueOrDefault(kind) + group.Count;
                }
                else if (left < group.Schools.Count)
                {
                    changed += group.Count;
                }
            }
        }

        return new SchoolRemoval(schools, removed, changed);
    }
}
