using System.Globalization;
using Rollbook.Model;
using Rollbook.Storage;

namespace Rollbook.Sharing.Csv;

/// <summary>The files of OneRoster CSV that carry a roster, columns in order (synergy-oneroster.md section 4.3).</summary>
internal static class CsvFiles
{
    private static readonly string[] NamesOf11 =
    [
        "academicSessions",
        "categories",
        "classes",
        "classResources",
        "courses",
        "courseResources",
        "demographics",
        "enrollments",
        "lineItems",
        "orgs",
        "resources",
        "results",
        "users",
    ];

    private static readonly string[] NamesOf12 =
    [
        .. NamesOf11,
        "lineItemLearningObjectiveIds",
        "lineItemScoreScales",
        "resultLearningObjectiveIds",
        "resultScoreScales",
        "roles",
        "scoreScales",
        "userProfiles",
        "userResources",
    ];

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

    /// <summary>The roles that OneRoster 1.2 has for users.</summary>
    private static readonly HashSet<string> RolesOf12 = new(StringComparer.Ordinal)
    {
        "administrator",
        "aide",
        "counselor",
        "districtAdministrator",
        "guardian",
        "parent",
        "principal",
        "proctor",
        "relative",
        "siteAdministrator",
        "systemAdministrator",
        "teacher",
    };

    /// <summary>Those of 1.1.</summary>
    private static readonly HashSet<string> RolesOf11 = new(StringComparer.Ordinal)
    {
        "administrator",
        "aide",
        "guardian",
        "parent",
        "proctor",
        "relative",
        "teacher",
    };

    private static readonly Kind[] People = [Kind.Student, Kind.Teacher, Kind.Admin, Kind.Contact];

    private static readonly CsvFile[] WithoutUsers =
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
            Lines = (id, row) => Array.Exists(DemographicColumns, name => row[name] is not null) ? [new CsvLine(id.ToString(), row)] : [],
        },
    ];

    private static readonly CsvFile[] Of11 = [.. WithoutUsers, Users(CsvFormat.OneRoster11)];

    private static readonly CsvFile[] Of12 = [.. WithoutUsers, Users(CsvFormat.OneRoster12), Roles()];

    /// <summary>The data files of a version of OneRoster, as its manifest names them.</summary>
    internal static IReadOnlyList<string> NamesOf(CsvFormat format) => format == CsvFormat.OneRoster11 ? NamesOf11 : NamesOf12;

    /// <summary>The files that Rollbook writes.</summary>
    internal static IReadOnlyList<CsvFile> Of(CsvFormat format) => format == CsvFormat.OneRoster11 ? Of11 : Of12;

    private static CsvFile Users(CsvFormat format)
    {
        var is11 = format == CsvFormat.OneRoster11;
        IEnumerable<CsvColumn> columns =
        [
            .. Head(),
            new("enabledUser", line => Text(line.Row["enabled"] ?? true)),
            .. is11 ? [Plain("orgSourcedIds", "schools"), new("role", line => RoleOf(line.Row, RolesOf11))] : Array.Empty<CsvColumn>(),
            new("username", UserName),
            new("userIds", line => Find(line.Row, "stateId") is string id ? $"{{stateID:{id}}}" : ""),
            Plain("givenName"),
            Plain("familyName"),
            Plain("middleName"),
            new("identifier", line => Text(Find(line.Row, "studentNumber") ?? Find(line.Row, "staffNumber") ?? Find(line.Row, "identifier"))),
            Plain("email"),
            Plain("sms"),
            Plain("phone"),
            new("agentSourcedIds", line => Text(Find(line.Row, "contacts") ?? Find(line.Row, "students"))),
            Plain("grades"),
            Blank("password"),
            .. is11
                ? Array.Empty<CsvColumn>()
                :
                [
                    Blank("userMasterIdentifier"),
                    Plain("preferredGivenName"),
                    Plain("preferredMiddleName"),
                    Plain("preferredFamilyName"),
                    Plain("primaryOrgSourcedId", "primarySchool"),
                    Plain("pronouns"),
                ],
            SisId(),
        ];
        return new CsvFile("users", People, [.. columns], OneLine);
    }

    /// <summary>OneRoster 1.2's roles: a row for each organisation that a person is at. Its ID is made of both, so that it stays the same.</summary>
    private static CsvFile Roles() =>
        new(
            "roles",
            People,
            [
                .. Head(),
                new("userSourcedId", line => line.User.ToString()),
                new("roleType", line => line.IsPrimary ? "primary" : "secondary"),
                new("role", line => RoleOf(line.Row, RolesOf12)),
                Blank("beginDate"),
                Blank("endDate"),
                new("orgSourcedId", line => line.Org.ToString()),
                Blank("userProfileSourcedId"),
            ],
            RoleLines
        );

    private static IEnumerable<CsvLine> RoleLines(RollbookId id, Row row)
    {
        var schools = (row["schools"] as IEnumerable<RollbookId> ?? []).Distinct().ToList();
        var primary = Find(row, "primarySchool") is RollbookId school && schools.Contains(school) ? school : schools.FirstOrDefault();
        return schools.Select(org => new CsvLine($"{id}.{org}", row)
        {
            User = id,
            Org = org,
            IsPrimary = org == primary,
        });
    }

    private static CsvFile File(string name, IReadOnlyList<Kind> kinds, params string[] columns) =>
        new(name, kinds, [.. Head(), .. columns.Select(column => column.Split('=')).Select(parts => Plain(parts[0], parts[^1])), SisId()], OneLine);

    private static IEnumerable<CsvLine> OneLine(RollbookId id, Row row) => [new CsvLine(id.ToString(), row)];

    private static IEnumerable<CsvColumn> Head() =>
        [new("sourcedId", line => line.Id), new("status", line => line.Status), new("dateLastModified", line => line.Modified)];

    private static CsvColumn Blank(string name) => new(name, _ => "");

    private static CsvColumn SisId() => new("metadata.sisId", line => Text(line.Row.SisId));

    private static CsvColumn Plain(string name, string? attribute = null) => new(name, line => Text(Find(line.Row, attribute ?? name)));

    /// <summary>OneRoster knows fewer roles than the roster may hold; each is written as the nearest of its own.</summary>
    private static string RoleOf(Row row, HashSet<string> known) =>
        row.Kind == Kind.Student ? "student"
        : row["role"] is string role && known.Contains(role) ? role
        : row.Kind switch
        {
            Kind.Admin => "administrator",
            Kind.Contact => "guardian",
            _ => "teacher",
        };

    /// <summary>The column must not be empty; a person without a user name is known by e-mail, else by SIS ID.</summary>
    private static string UserName(CsvLine line) => Text(line.Row["username"] ?? line.Row["email"] ?? line.Row.SisId);

    private static object? Find(Row row, string attribute) => Kinds.Of(row.Kind).Find(attribute) is { } found ? row[found] : null;

    private static string Text(object? value) =>
        value switch
        {
            null => "",
            string text => OnOneLine(text),
            bool flag => flag ? "true" : "false",
            DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            IEnumerable<string> texts => OnOneLine(string.Join(",", texts)),
            IEnumerable<RollbookId> ids => string.Join(",", ids),
            _ => value.ToString() ?? "",
        };

    /// <summary>OneRoster CSV has no line breaks in a field, nor other characters that can't be seen.</summary>
    private static string OnOneLine(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)) : text;
}
