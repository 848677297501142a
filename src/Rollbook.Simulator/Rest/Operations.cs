using Rollbook.Simulator.Districts;

namespace Rollbook.Simulator.Rest;

/// <summary>The 41 rostering reads of OneRoster 1.1.</summary>
internal static class Operations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        .. Collection("academicSessions", Kind.AcademicSessions, "academicSession"),
        .. Collection("classes", Kind.Classes, "class"),
        .. Collection("courses", Kind.Courses, "course"),
        .. Collection("demographics", Kind.Demographics, "demographics"),
        .. Collection("enrollments", Kind.Enrollments, "enrollment"),
        .. Collection("gradingPeriods", Kind.AcademicSessions, "academicSession", IsGradingPeriod),
        .. Collection("orgs", Kind.Orgs, "org"),
        .. Collection("schools", Kind.Orgs, "org", IsSchool),
        .. Collection("students", Kind.Users, "user", IsStudent),
        .. Collection("teachers", Kind.Users, "user", IsTeacher),
        .. Collection("terms", Kind.AcademicSessions, "academicSession", IsTerm),
        .. Collection("users", Kind.Users, "user"),
        Nested("schools/{id}/courses", Kind.Courses, Nesting.CoursesOfSchool),
        Nested("schools/{id}/classes", Kind.Classes, Nesting.ClassesOfSchool),
        Nested("schools/{id}/enrollments", Kind.Enrollments, Nesting.EnrollmentsOfSchool),
        Nested("schools/{id}/students", Kind.Users, Nesting.UsersOfSchool(Role.Student)),
        Nested("schools/{id}/teachers", Kind.Users, Nesting.UsersOfSchool(Role.Teacher)),
        Nested("schools/{id}/terms", Kind.AcademicSessions, Nesting.TermsOfSchool),
        Nested("schools/{id}/classes/{id}/enrollments", Kind.Enrollments, Nesting.EnrollmentsOfClassInSchool),
        Nested("schools/{id}/classes/{id}/students", Kind.Users, Nesting.UsersOfClassInSchool(Role.Student)),
        Nested("schools/{id}/classes/{id}/teachers", Kind.Users, Nesting.UsersOfClassInSchool(Role.Teacher)),
        Nested("terms/{id}/classes", Kind.Classes, Nesting.ClassesOfTerm),
        Nested("terms/{id}/gradingPeriods", Kind.AcademicSessions, Nesting.GradingPeriodsOfTerm),
        Nested("courses/{id}/classes", Kind.Classes, Nesting.ClassesOfCourse),
        Nested("students/{id}/classes", Kind.Classes, Nesting.ClassesOfUser(IsStudent)),
        Nested("teachers/{id}/classes", Kind.Classes, Nesting.ClassesOfUser(IsTeacher)),
        Nested("users/{id}/classes", Kind.Classes, Nesting.ClassesOfUser((_, _) => true)),
        Nested("classes/{id}/students", Kind.Users, Nesting.UsersOfClass(Role.Student)),
        Nested("classes/{id}/teachers", Kind.Users, Nesting.UsersOfClass(Role.Teacher)),
    ];

    public static bool IsSchool(District district, int org) => district.Orgs[org].Type == OrgType.School;

    public static bool IsStudent(District district, int user) => district.Users[user].Role == Role.Student;

    public static bool IsTeacher(District district, int user) => district.Users[user].Role == Role.Teacher;

    public static bool IsGradingPeriod(District district, int session) => district.Sessions[session].Type == SessionType.GradingPeriod;

    /// <summary>
    /// Terms are the sessions a class may meet in, terms and semesters: the vocabulary has a word for each, the operation only one for both.
    /// </summary>
    public static bool IsTerm(District district, int session) => district.Sessions[session].Type is SessionType.Term or SessionType.Semester;

    private static Operation[] Collection(string name, Kind kind, string singleKey, Func<District, int, bool>? subset = null) =>
        [
            new(name, kind, kind.CollectionName()) { AlternateKey = name, Subset = subset },
            new(name + "/{id}", kind, singleKey)
            {
                AlternateKey = name[..^1],
                Single = true,
                Subset = subset,
            },
        ];

    private static Operation Nested(string path, Kind kind, RelatedRows related) =>
        new(path, kind, kind.CollectionName()) { AlternateKey = path[(path.LastIndexOf('/') + 1)..], Related = related };
}
