namespace Rollbook.Web.Features.Data;

/// <summary>Which attributes a list shows unless the person chose others.</summary>
internal static class Columns
{
    /// <summary>The kinds in the order of the tabs (product.md section 5).</summary>
    internal static readonly IReadOnlyList<KindDefinition> Tabs =
    [
        Kinds.Of(Kind.School),
        Kinds.Of(Kind.Student),
        Kinds.Of(Kind.Contact),
        Kinds.Of(Kind.Teacher),
        Kinds.Of(Kind.Admin),
        Kinds.Of(Kind.Course),
        Kinds.Of(Kind.Class),
        Kinds.Of(Kind.Calendar),
        Kinds.Of(Kind.Enrollment),
    ];

    internal static IReadOnlyList<Attribute> Default(KindDefinition kind) => [.. Names(kind.Kind).Select(name => kind[name])];

    /// <summary>Every attribute in the order of columns: those shown by default, then the others.</summary>
    internal static IEnumerable<Attribute> InOrder(KindDefinition kind) => Default(kind).Union(kind.Attributes);

    /// <summary>Whether the store sorts by it: references have no order that means anything to a person.</summary>
    internal static bool Sorts(Attribute attribute) =>
        attribute.Type is AttributeType.Text or AttributeType.TextList or AttributeType.Date or AttributeType.Boolean;

    /// <summary>Whether a person can filter by it in a form; references come through links.</summary>
    internal static bool Filters(Attribute attribute) => Sorts(attribute);

    // What a person tells records apart by comes first, and all of it fits a window of 1,280 pixels. SIS IDs are often 36 characters long and say
    // nothing to the eye: they are searched for, stand on the record's page and can be chosen.
    private static string[] Names(Kind kind) =>
        kind switch
        {
            Kind.School => ["name", "type", "identifier", "parent"],
            Kind.Calendar => ["title", "type", "startDate", "endDate", "schoolYear"],
            Kind.Course => ["title", "courseCode", "grades", "subjects", "school"],
            Kind.Class => ["title", "classCode", "grades", "periods", "school"],
            Kind.Student => ["familyName", "givenName", "grades", "primarySchool", "studentNumber", "email"],
            Kind.Teacher or Kind.Admin => ["familyName", "givenName", "primarySchool", "role", "title", "email"],
            Kind.Contact => ["familyName", "givenName", "role", "students", "email", "phone"],
            _ => ["person", "class", "role", "school", "beginDate", "endDate"],
        };
}
