using Rollbook.Simulator.Districts;
using Rollbook.Simulator.Rest;

namespace Rollbook.Simulator;

/// <summary>
/// What exists in the SIS, whatever the server says: active records only. The counts are those of the moment it was asked for; ids and
/// records are read when asked for.
/// </summary>
public sealed class Truth
{
    private readonly District district;
    private readonly HrefBase hrefs;

    internal Truth(District district, HrefBase hrefs)
    {
        (this.district, this.hrefs) = (district, hrefs);
        Counts = Kinds.All.ToDictionary(kind => kind.CollectionName(), kind => district.Table(kind).ActiveCount, StringComparer.Ordinal);
        OrgsByType = Count(district.Orgs, row => district.Orgs[row].Type == OrgType.School ? "school" : "district");
        SessionsByType = Count(district.Sessions, row => Word(district.Sessions[row].Type.ToString()));
        UsersByRole = Count(district.Users, row => Word(district.Users[row].Role.ToString()));
        EnrollmentsByRole = Count(district.Enrollments, row => Word(district.Enrollments[row].Role.ToString()));
        Orphans = Enumerable.Range(0, district.Enrollments.Count).Count(row => district.Enrollments.IsActive(row) && IsOrphan(row));
    }

    /// <summary>Active records by whole collection: orgs, academicSessions, courses, classes, users, enrollments, demographics.</summary>
    public IReadOnlyDictionary<string, int> Counts { get; }

    /// <summary>Orgs by type.</summary>
    public IReadOnlyDictionary<string, int> OrgsByType { get; }

    /// <summary>Academic sessions by type.</summary>
    public IReadOnlyDictionary<string, int> SessionsByType { get; }

    /// <summary>Users by role.</summary>
    public IReadOnlyDictionary<string, int> UsersByRole { get; }

    /// <summary>Enrollments by role.</summary>
    public IReadOnlyDictionary<string, int> EnrollmentsByRole { get; }

    /// <summary>Active enrollments whose user or class is gone; part of the count of enrollments, because they are served.</summary>
    public int Orphans { get; }

    /// <summary>Users with role student.</summary>
    public int Students => UsersByRole.GetValueOrDefault("student");

    /// <summary>Users with role teacher.</summary>
    public int Teachers => UsersByRole.GetValueOrDefault("teacher");

    /// <summary>Users with role aide.</summary>
    public int Aides => UsersByRole.GetValueOrDefault("aide");

    /// <summary>Users with role proctor.</summary>
    public int Proctors => UsersByRole.GetValueOrDefault("proctor");

    /// <summary>Users with role administrator.</summary>
    public int Administrators => UsersByRole.GetValueOrDefault("administrator");

    /// <summary>Users with role guardian, parent or relative.</summary>
    public int Contacts =>
        UsersByRole.GetValueOrDefault("guardian") + UsersByRole.GetValueOrDefault("parent") + UsersByRole.GetValueOrDefault("relative");

    /// <summary>Orgs with type school.</summary>
    public int Schools => OrgsByType.GetValueOrDefault("school");

    /// <summary>Academic sessions of every type.</summary>
    public int AcademicSessions => Counts["academicSessions"];

    /// <summary>Courses of the district and of schools.</summary>
    public int Courses => Counts["courses"];

    /// <summary>Sections.</summary>
    public int Classes => Counts["classes"];

    /// <summary>Enrollments, orphans among them.</summary>
    public int Enrollments => Counts["enrollments"];

    /// <summary>Demographics records.</summary>
    public int Demographics => Counts["demographics"];

    /// <summary>The sourcedIds of the active records of a kind, in row order.</summary>
    public IReadOnlyList<string> Ids(Kind kind) => district.Read(d => Active(d, kind).Select(row => d.SourcedId(kind, row)).ToList());

    /// <summary>The sourcedIds of the active users with a role, in row order.</summary>
    public IReadOnlyList<string> UserIds(string role) =>
        district.Read(d =>
            Active(d, Kind.Users)
                .Where(row => Word(d.Users[row].Role.ToString()).Equals(role, StringComparison.Ordinal))
                .Select(row => d.SourcedId(Kind.Users, row))
                .ToList()
        );

    /// <summary>The active records of a kind by sourcedId, each as specified JSON. For small districts: it holds them all.</summary>
    public IReadOnlyDictionary<string, string> Records(Kind kind) =>
        district.Read(d =>
            Active(d, kind)
                .ToDictionary(
                    row => d.SourcedId(kind, row),
                    row => Rendering.Record(d, Schema.Of(d.Traits.Version, kind), row, Dialect.Plain, hrefs),
                    StringComparer.Ordinal
                )
        );

    private static IEnumerable<int> Active(District d, Kind kind) => Enumerable.Range(0, d.Table(kind).Count).Where(d.Table(kind).IsActive);

    private static Dictionary<string, int> Count(Table table, Func<int, string> word)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var row = 0; row < table.Count; row++)
        {
            if (table.IsActive(row))
            {
                System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(counts, word(row), out _)++;
            }
        }

        return counts;
    }

    private static string Word(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private bool IsOrphan(int enrollment) =>
        !district.Users.IsActive(district.Enrollments[enrollment].User) || !district.Classes.IsActive(district.Enrollments[enrollment].Class);
}
