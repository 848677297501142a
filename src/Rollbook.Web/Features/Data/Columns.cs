namespace Rollbook.Web.Features.Data;

/// <summary>Which attributes a list shows unless the person chose others.</summary>
internal static class Columns
{
    /// <summary>The kinds in the order of the tabs (product.md section 5).</summary>
    internal static readonly IReadOnlyList<KindDefinition> Tabs =
    [
        Kinds.Of(Kind.School), Kinds.Of(Kind.Student), Kinds.Of(Kind.Contact), Kinds.Of(Kind.Teacher), Kinds.Of(Kind.Admin),
        Kinds.Of(Kind.Course), Kinds.Of(Kind.Class), Kinds.Of(Kind.Calendar), Kinds.Of(Kind.Enrollment),
    ];

    internal static IReadOnlyList<Attribute> Default(KindDefinition kind) => [.. Names(kind.Kind).Select(name => kind[name])];

    /// <summary>Every attribute in the order of columns: those shown by default, then the others.</summary>
    internal static IEnumerable<Attribute> InOrder(KindDefinition kind) => Default(kind).Union(kind.Attributes);

    /// <summary>Whether the store sorts by it: references have no order that means anything to a person.</summary>
    internal static bool Sorts(Attribute attribute) => attribute.Type is AttributeType.Text or AttributeType.TextList or AttributeType.Date or AttributeType.Boolean;

    /// <summary>Whether a person can filter by it in a form; references come through links.</summary>
    internal static bool Filters(Attribute attribute) => Sorts(attribute);

    private static string[] Names(Kind kind) => kind switch
    {
        Kind.School => ["name", "sisId", "type", "identifier", "parent"],
        Kind.Calendar => ["title", "sisId", "type", "startDate", "endDate", "schoolYear"],
        Kind.Course => ["title", "sisId", "courseCode", "grades", "subjects", "school"],
        Kind.Class => ["title", "sisId", "classCode", "classType", "course", "school", "periods"],
        Kind.Student => ["familyName", "givenName", "sisId", "studentNumber", "grades", "email", "primarySchool", "enabled"],
        Kind.Teacher or Kind.Admin => ["familyName", "givenName", "sisId", "email", "title", "role", "primarySchool", "enabled"],
        Kind.Contact => ["familyName", "givenName", "sisId", "email", "phone", "role", "students"],
        _ => ["person", "class", "role", "school", "sisId", "beginDate", "endDate"],
    };
}
