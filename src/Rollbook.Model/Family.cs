namespace Rollbook.Model;

/// <summary>
/// A group of kinds that share one space of SIS IDs. All people are one family, so that someone whose role changes from
/// student to teacher keeps the Rollbook ID, and a reference to a person needs no knowledge of the role.
/// </summary>
/// <remarks>The numbers are part of every Rollbook ID: add at the end, never renumber.</remarks>
public enum Family
{
    /// <summary>Schools and the organisations above them.</summary>
    Org = 0,

    /// <summary>Calendars.</summary>
    AcademicSession = 1,

    /// <summary>Courses.</summary>
    Course = 2,

    /// <summary>Classes.</summary>
    Class = 3,

    /// <summary>Students, teachers, administrators and contacts.</summary>
    Person = 4,

    /// <summary>Enrollments.</summary>
    Enrollment = 5,
}
