namespace Rollbook.Model;

/// <summary>What a roster record is. The names are the command line's (<c>school</c>, <c>calendar</c>, …).</summary>
/// <remarks>The numbers are stored (in the index of a kept upload): add at the end, never renumber.</remarks>
public enum Kind
{
    /// <summary>An organisation: a school, or the district and departments above it (OneRoster <c>org</c>).</summary>
    School = 0,

    /// <summary>A school year, semester, term or grading period (OneRoster <c>academicSession</c>).</summary>
    Calendar = 1,

    /// <summary>A course of study, taught in classes.</summary>
    Course = 2,

    /// <summary>A section of a course, taught to a group.</summary>
    Class = 3,

    /// <summary>A person with the role student.</summary>
    Student = 4,

    /// <summary>A person who teaches or helps to (OneRoster roles teacher, aide, proctor, counselor).</summary>
    Teacher = 5,

    /// <summary>A person who administers a school or the district.</summary>
    Admin = 6,

    /// <summary>A parent, guardian or relative of a student.</summary>
    Contact = 7,

    /// <summary>A person's place in a class.</summary>
    Enrollment = 8,
}
