namespace Rollbook.Web.Features.Data;

/// <summary>Records that refer to a record and belong on its page: a class's people, a student's enrollments.</summary>
/// <param name="Tab">The tab's words and, in lower case, its name in the address.</param>
/// <param name="Kind">The kind of those records.</param>
/// <param name="By">The attribute by which they refer.</param>
/// <param name="Columns">What is shown of each.</param>
public sealed record Related(string Tab, KindDefinition Kind, string By, IReadOnlyList<Attribute> Columns)
{
    internal string Word => Tab.ToLowerInvariant();

    internal static IReadOnlyList<Related> Of(Kind kind) =>
        kind switch
        {
            Model.Kind.Student or Model.Kind.Teacher =>
            [
                Make("Enrollments", Model.Kind.Enrollment, "person", "class", "role", "school", "primary", "beginDate", "endDate"),
            ],
            Model.Kind.Class => [Make("People", Model.Kind.Enrollment, "class", "person", "role", "primary", "beginDate", "endDate")],
            Model.Kind.Course => [Make("Classes", Model.Kind.Class, "course")],
            Model.Kind.Calendar => [Make("Classes", Model.Kind.Class, "calendars"), Make("Courses", Model.Kind.Course, "calendar")],
            Model.Kind.School =>
            [
                Make("Students", Model.Kind.Student, "schools"),
                Make("Teachers", Model.Kind.Teacher, "schools"),
                Make("Admins", Model.Kind.Admin, "schools"),
                Make("Courses", Model.Kind.Course, "school"),
                Make("Classes", Model.Kind.Class, "school"),
            ],
            _ => [],
        };

    private static Related Make(string tab, Kind kind, string by, params string[] columns)
    {
        var definition = Kinds.Of(kind);
        return new Related(
            tab,
            definition,
            by,
            columns.Length == 0 ? Data.Columns.Default(definition) : [.. columns.Select(name => definition[name])]
        );
    }
}
