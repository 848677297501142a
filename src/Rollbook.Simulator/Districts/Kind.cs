namespace Rollbook.Simulator;

/// <summary>The seven kinds of record a OneRoster 1.1 roster is made of; every collection serves rows of one of them.</summary>
public enum Kind
{
    /// <summary>The district and its schools.</summary>
    Orgs,

    /// <summary>School years, terms, semesters and grading periods.</summary>
    AcademicSessions,

    /// <summary>Courses of the catalogue.</summary>
    Courses,

    /// <summary>Sections of courses.</summary>
    Classes,

    /// <summary>Students, staff and guardians.</summary>
    Users,

    /// <summary>People in sections.</summary>
    Enrollments,

    /// <summary>Demographics of students, under the students' sourcedIds.</summary>
    Demographics,
}

/// <summary>The collection names of OneRoster 1.1 for each <see cref="Kind"/>.</summary>
public static class Kinds
{
    private static readonly string[] Names = ["orgs", "academicSessions", "courses", "classes", "users", "enrollments", "demographics"];

    /// <summary>Every kind, in the order in which a client should read them: a record's references come before it.</summary>
    public static IReadOnlyList<Kind> All { get; } = Enum.GetValues<Kind>();

    /// <summary>The name of the kind's whole collection, for example <c>academicSessions</c>.</summary>
    public static string CollectionName(this Kind kind) => Names[(int)kind];

    /// <summary>Finds the kind whose whole collection has this name; false when there is none.</summary>
    public static bool TryParse(string collection, out Kind kind)
    {
        var at = Array.FindIndex(Names, name => name.Equals(collection, StringComparison.OrdinalIgnoreCase));
        kind = (Kind)Math.Max(at, 0);
        return at >= 0;
    }
}
