using System.Globalization;
using Rollbook.Model;
using Rollbook.Storage;

namespace Rollbook.Sharing.Csv;

/// <summary>A data file of the package.</summary>
/// <param name="Name">Its name without <c>.csv</c>.</param>
/// <param name="Kinds">The kinds whose records it holds.</param>
/// <param name="Columns">Its columns in the specification's order; extensions at the end.</param>
/// <param name="Includes">Which records it holds.</param>
internal sealed record CsvFile(string Name, IReadOnlyList<Kind> Kinds, IReadOnlyList<CsvColumn> Columns, Func<Row, bool> Includes);

/// <summary>A column and how a record fills it.</summary>
internal sealed record CsvColumn(string Name, Func<RosterRecord, string> Value);

/// <summary>The files of OneRoster 1.1 CSV that carry a roster, columns in order.</summary>
internal static class CsvFiles
{
    private static readonly string[] DemographicColumns =
    [
        "birthDate",
        "sex",
        "americanIndianOrAlaskaNative",
        "asian",
        "blackOrAfricanAmerican",
        "nativeHawaiianOrOtherPacificIslander",
        "white",
        "demographicRaceTwoOrMoreRaces",
        "hispanicOrLatinoEthnicity",
        "countryOfBirthCode",
        "stateOfBirthAbbreviation",
        "cityOfBirth",
        "publicSchoolResidenceStatus",
    ];

    internal static IReadOnlyList<CsvFile> All { get; } =
    [
        File("academicSessions", [Kind.Calendar], "title", "type", "startDate", "endDate", "parentSourcedId=parent", "schoolYear"),
        File("orgs", [Kind.School], "name", "type", "identifier", "parentSourcedId=parent"),
        File(
            "courses",
            [Kind.Course],
            "schoolYearSourcedId=calendar",
            "title",
            "courseCode",
            "grades",
            "orgSourcedId=school",
            "subjects",
            "subjectCodes"
        ),
        File(
            "classes",
            [Kind.Class],
            "title",
            "grades",
            "courseSourcedId=course",
            "classCode",
            "classType",
            "location",
            "schoolSourcedId=school",
            "termSourcedIds=calendars",
            "subjects",
            "subjectCodes",
            "periods"
        ),
        Users(),
        File(
            "enrollments",
            [Kind.Enrollment],
            "classSourcedId=class",
            "schoolSourcedId=school",
            "userSourcedId=person",
            "role",
            "primary",
            "beginDate",
            "endDate"
        ),
        File("demographics", [Kind.Student], DemographicColumns) with
        {
            Includes = row => DemographicColumns.Any(name => row[name] is not null),
        },
    ];

    private static CsvFile Users()
    {
        var columns = new List<CsvColumn>
        {
            Id(),
            Blank("status"),
            Blank("dateLastModified"),
            new("enabledUser", record => Text(record.Row["enabled"] ?? true)),
            Plain("orgSourcedIds", "schools"),
            new("role", record => record.Row.Kind == Kind.Student ? "student" : RoleOf(record.Row)),
            new("username", UserName),
            new("userIds", record => Find(record.Row, "stateId") is string id ? $"{{stateID:{id}}}" : ""),
            Plain("givenName"),
            Plain("familyName"),
            Plain("middleName"),
            new("identifier", record => Text(Find(record.Row, "studentNumber") ?? Find(record.Row, "staffNumber") ?? Find(record.Row, "identifier"))),
            Plain("email"),
            Plain("sms"),
            Plain("phone"),
            new("agentSourcedIds", record => Text(Find(record.Row, "contacts") ?? Find(record.Row, "students"))),
            Plain("grades"),
            Blank("password"),
            SisId(),
        };
        return new CsvFile("users", [Kind.Student, Kind.Teacher, Kind.Admin, Kind.Contact], columns, _ => true);
    }

    private static CsvFile File(string name, IReadOnlyList<Kind> kinds, params string[] columns) =>
        new(
            name,
            kinds,
            [
                Id(),
                Blank("status"),
                Blank("dateLastModified"),
                .. columns.Select(column => column.Split('=')).Select(parts => Plain(parts[0], parts[^1])),
                SisId(),
            ],
            _ => true
        );

    private static CsvColumn Id() => new("sourcedId", record => record.Id.ToString());

    private static CsvColumn Blank(string name) => new(name, _ => "");

    private static CsvColumn SisId() => new("metadata.sisId", record => record.Row.SisId);

    private static CsvColumn Plain(string name, string? attribute = null) => new(name, record => Text(Find(record.Row, attribute ?? name)));

    /// <summary>OneRoster 1.1 knows fewer roles than the roster may hold; each is written as the nearest of its own.</summary>
    private static string RoleOf(Row row) =>
        (row["role"] as string) switch
        {
            "aide" or "proctor" or "guardian" or "parent" or "relative" or "teacher" or "administrator" => (string)row["role"]!,
            _ => row.Kind switch
            {
                Kind.Admin => "administrator",
                Kind.Contact => "guardian",
                _ => "teacher",
            },
        };

    /// <summary>The column must not be empty; a person without a user name is known by e-mail, else by SIS ID.</summary>
    private static string UserName(RosterRecord record) => Text(record.Row["username"] ?? record.Row["email"] ?? record.Row.SisId);

    private static object? Find(Row row, string attribute) => Kinds.Of(row.Kind).Find(attribute) is { } found ? row[found] : null;

    private static string Text(object? value) =>
        value switch
        {
            null => "",
            string text => text,
            bool flag => flag ? "true" : "false",
            DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            IEnumerable<string> texts => string.Join(",", texts),
            IEnumerable<RollbookId> ids => string.Join(",", ids),
            _ => value.ToString() ?? "",
        };
}
