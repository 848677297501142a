using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Rest;

/// <summary>What belongs to a parent record in the path. Removed relations do not count; an unknown parent gives null.</summary>
internal static class Nesting
{
    public static IEnumerable<int>? CoursesOfSchool(District d, string[] ids) =>
        Of(d, Kind.Orgs, ids[0], school => Rows(d.Courses).Where(course => d.Courses[course].Org == school));

    public static IEnumerable<int>? ClassesOfSchool(District d, string[] ids) =>
        Of(d, Kind.Orgs, ids[0], school => Rows(d.Classes).Where(section => d.Classes[section].School == school));

    public static IEnumerable<int>? EnrollmentsOfSchool(District d, string[] ids) =>
        Of(d, Kind.Orgs, ids[0], school => Rows(d.Enrollments).Where(enrollment => d.Classes[d.Enrollments[enrollment].Class].School == school));

    public static IEnumerable<int>? TermsOfSchool(District d, string[] ids) =>
        Of(d, Kind.Orgs, ids[0], school => Rows(d.Sessions).Where(session => d.Sessions[session].School == school && Operations.IsTerm(d, session)));

    public static RelatedRows UsersOfSchool(Role role) =>
        (d, ids) =>
            Of(
                d,
                Kind.Orgs,
                ids[0],
                school =>
                    Rows(d.Users).Where(user => d.Users[user].Role == role && (d.Users[user].School == school || d.Users[user].OtherSchool == school))
            );

    public static IEnumerable<int>? EnrollmentsOfClassInSchool(District d, string[] ids) =>
        ClassInSchool(d, ids) is var section && section < 0 ? null : d.EnrollmentsOfClass(section);

    public static RelatedRows UsersOfClassInSchool(Role role) =>
        (d, ids) => ClassInSchool(d, ids) is var section && section < 0 ? null : UsersOf(d, section, role);

    public static RelatedRows UsersOfClass(Role role) => (d, ids) => Of(d, Kind.Classes, ids[0], section => UsersOf(d, section, role));

    public static IEnumerable<int>? ClassesOfTerm(District d, string[] ids) =>
        Of(
            d,
            Kind.AcademicSessions,
            ids[0],
            term =>
                Rows(d.Classes)
                    .Where(section => term >= d.Classes[section].FirstTerm && term < d.Classes[section].FirstTerm + d.Classes[section].TermCount)
        );

    public static IEnumerable<int>? GradingPeriodsOfTerm(District d, string[] ids) =>
        Of(d, Kind.AcademicSessions, ids[0], term => d.ChildSessions(term).Where(child => Operations.IsGradingPeriod(d, child)));

    public static IEnumerable<int>? ClassesOfCourse(District d, string[] ids) =>
        Of(d, Kind.Courses, ids[0], course => Rows(d.Classes).Where(section => d.Classes[section].Course == course));

    public static RelatedRows ClassesOfUser(Func<District, int, bool> isOne) =>
        (d, ids) =>
            d.Find(Kind.Users, ids[0]) is var user && (user < 0 || !isOne(d, user))
                ? null
                : d.EnrollmentsOfUser(user).Select(enrollment => d.Enrollments[enrollment].Class).Distinct();

    private static IEnumerable<int> UsersOf(District d, int section, Role role) =>
        d.EnrollmentsOfClass(section)
            .Where(enrollment => d.Enrollments[enrollment].Role == role)
            .Select(enrollment => d.Enrollments[enrollment].User)
            .Distinct();

    private static IEnumerable<int>? Of(District d, Kind parent, string id, Func<int, IEnumerable<int>> children) =>
        d.Find(parent, id) is var row && row < 0 ? null : children(row);

    private static int ClassInSchool(District d, string[] ids)
    {
        var school = d.Find(Kind.Orgs, ids[0]);
        var section = d.Find(Kind.Classes, ids[1]);
        return school >= 0 && section >= 0 && d.Classes[section].School == school ? section : -1;
    }

    private static IEnumerable<int> Rows(Table table) => Enumerable.Range(0, table.Count);
}
