namespace Rollbook.Model;

/// <summary>
/// A collection that a source delivers, named as OneRoster names its endpoints, in the order in which a run reads them:
/// whatever a record refers to comes earlier (product.md section 4).
/// </summary>
/// <remarks>The numbers are stored: add at the end, never renumber.</remarks>
public enum Collection
{
    /// <summary>Organisations.</summary>
    Orgs = 0,

    /// <summary>Academic sessions.</summary>
    AcademicSessions = 1,

    /// <summary>Courses.</summary>
    Courses = 2,

    /// <summary>Classes.</summary>
    Classes = 3,

    /// <summary>Demographics, which complete the user of the same sourcedId.</summary>
    Demographics = 4,

    /// <summary>Users of every role.</summary>
    Users = 5,

    /// <summary>Enrollments.</summary>
    Enrollments = 6,
}

/// <summary>Facts about the collections.</summary>
public static class Collections
{
    /// <summary>Every collection in reading order.</summary>
    public static IReadOnlyList<Collection> InOrder { get; } = Enum.GetValues<Collection>();

    /// <summary>The family whose ID space the collection's sourcedIds live in; demographics share that of the people they complete.</summary>
    public static Family FamilyOf(Collection collection) =>
        collection switch
        {
            Collection.Orgs => Family.Org,
            Collection.AcademicSessions => Family.AcademicSession,
            Collection.Courses => Family.Course,
            Collection.Classes => Family.Class,
            Collection.Demographics or Collection.Users => Family.Person,
            Collection.Enrollments => Family.Enrollment,
            _ => throw new ArgumentOutOfRangeException(nameof(collection), collection, "Not a collection."),
        };

    /// <summary>The OneRoster name: <c>orgs</c>, <c>academicSessions</c>, …</summary>
    public static string NameOf(Collection collection) =>
        collection switch
        {
            Collection.Orgs => "orgs",
            Collection.AcademicSessions => "academicSessions",
            Collection.Courses => "courses",
            Collection.Classes => "classes",
            Collection.Demographics => "demographics",
            Collection.Users => "users",
            Collection.Enrollments => "enrollments",
            _ => throw new ArgumentOutOfRangeException(nameof(collection), collection, "Not a collection."),
        };
}
