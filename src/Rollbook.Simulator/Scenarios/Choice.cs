using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Scenarios;

/// <summary>Finds the record a scenario is to be about: the one named, or the first that fits.</summary>
internal static class Choice
{
    public static int Of(District d, Kind kind, string? sourcedId, Func<int, bool> fits, string what)
    {
        if (sourcedId is null)
        {
            for (var row = 0; row < d.Table(kind).Count; row++)
            {
                if (d.Table(kind).IsActive(row) && fits(row))
                {
                    return row;
                }
            }

            throw new InvalidOperationException($"The district has no {what}.");
        }

        var named = d.Find(kind, sourcedId);
        return named >= 0 && d.Table(kind).IsActive(named) && fits(named)
            ? named
            : throw new ArgumentException($"'{sourcedId}' is no {what}.", nameof(sourcedId));
    }

    public static int Student(District d, string? sourcedId) =>
        Of(d, Kind.Users, sourcedId, row => d.Users[row].Role == Role.Student, "active student");

    /// <summary>A student of a level with more than one school, so that there is somewhere to go.</summary>
    public static int MobileStudent(District d, string? sourcedId) =>
        Of(
            d,
            Kind.Users,
            sourcedId,
            row => d.Users[row].Role == Role.Student && Arrivals.SisterSchool(d, d.Users[row].School) > 0,
            "active student with another school of the same level"
        );

    public static int Teacher(District d, string? sourcedId) =>
        Of(
            d,
            Kind.Users,
            sourcedId,
            row => d.Users[row].Role == Role.Teacher && (sourcedId is not null || d.EnrollmentsOfUser(row).Any()),
            "active teacher"
        );

    public static int Guardian(District d, string? sourcedId) =>
        Of(d, Kind.Users, sourcedId, row => d.Users[row].Role >= Role.Guardian, "active guardian, parent or relative");

    public static int Section(District d, string? sourcedId) => Of(d, Kind.Classes, sourcedId, _ => true, "active class");

    public static int CoTaughtSection(District d, string? sourcedId) =>
        Of(
            d,
            Kind.Classes,
            sourcedId,
            row => Teachers(d, row).Any(enrollment => !d.Enrollments[enrollment].Primary),
            "active class with a co-teacher"
        );

    public static int School(District d, string? sourcedId) =>
        Of(d, Kind.Orgs, sourcedId, row => d.Orgs[row].Type == OrgType.School, "active school");

    /// <summary>An enrollment of the student and another section of the same school and period, of the same grade if there is one; null if there is none.</summary>
    public static (int Enrollment, int Section)? Exchange(District d, int student)
    {
        foreach (var enrollment in d.EnrollmentsOfUser(student))
        {
            var old = d.Enrollments[enrollment].Class;
            var others = Enumerable
                .Range(0, d.Classes.Count)
                .Where(section => section != old && d.Classes.IsActive(section) && IsBeside(d.Classes[old], d.Classes[section]))
                .OrderBy(section => d.Classes[section].Grade == d.Classes[old].Grade ? 0 : 1)
                .ToList();
            if (others.Count > 0)
            {
                return (enrollment, others[0]);
            }
        }

        return null;
    }

    /// <summary>Refuses what is no share.</summary>
    public static void CheckShare(double share)
    {
        if (share is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "A share is from 0 to 1.");
        }
    }

    private static bool IsBeside(ClassRow one, ClassRow other) => one.School == other.School && one.Period == other.Period;

    /// <summary>The section's active teacher enrollments.</summary>
    public static IEnumerable<int> Teachers(District d, int section) =>
        d.EnrollmentsOfClass(section).Where(enrollment => d.Enrollments[enrollment].Role == Role.Teacher);
}
