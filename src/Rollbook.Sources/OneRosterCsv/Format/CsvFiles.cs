using Rollbook.Model;

namespace Rollbook.Sources.OneRosterCsv.Format;

/// <summary>A data file of OneRoster CSV that Rollbook reads.</summary>
/// <param name="Name">Its name without <c>.csv</c>.</param>
/// <param name="Collection">The collection it holds, or that it completes.</param>
/// <param name="Columns">Its columns in order, those of 1.1 and 1.2 together.</param>
internal sealed record CsvFile(string Name, Collection Collection, IReadOnlyList<CsvColumn> Columns)
{
    /// <summary>As a message names it.</summary>
    public string FileName => Name + ".csv";
}

/// <summary>The files of OneRoster CSV 1.1 and 1.2 with their columns (synergy-oneroster.md section 4.3).</summary>
internal static class CsvFiles
{
    private static readonly string[] Flags =
    [
        "americanIndianOrAlaskaNative",
        "asian",
        "blackOrAfricanAmerican",
        "nativeHawaiianOrOtherPacificIslander",
        "white",
        "demographicRaceTwoOrMoreRaces",
        "hispanicOrLatinoEthnicity",
    ];

    private static readonly string[] UserRoles =
    [
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
        "student",
        "systemAdministrator",
        "teacher",
    ];

    internal static CsvFile Orgs { get; } =
        new(
            "orgs",
            Collection.Orgs,
            [
                .. Head(),
                Text("name") with
                {
                    Required = true,
                },
                Word("type", "department", "school", "district", "local", "state", "national") with
                {
                    Required = true,
                },
                Text("identifier"),
                To("parentSourcedId", "parent", Collection.Orgs),
            ]
        );

    internal static CsvFile AcademicSessions { get; } =
        new(
            "academicSessions",
            Collection.AcademicSessions,
            [
                .. Head(),
                Text("title") with
                {
                    Required = true,
                },
                Word("type", "gradingPeriod", "semester", "schoolYear", "term") with
                {
                    Required = true,
                },
                Date("startDate") with
                {
                    Required = true,
                },
                Date("endDate") with
                {
                    Required = true,
                },
                To("parentSourcedId", "parent", Collection.AcademicSessions),
                new CsvColumn("schoolYear", "schoolYear", ColumnType.Year) { Required = true },
            ]
        );

    internal static CsvFile Courses { get; } =
        new(
            "courses",
            Collection.Courses,
            [
                .. Head(),
                To("schoolYearSourcedId", "schoolYear", Collection.AcademicSessions),
                Text("title") with
                {
                    Required = true,
                },
                Text("courseCode"),
                List("grades"),
                To("orgSourcedId", "org", Collection.Orgs) with
                {
                    Required = true,
                },
                List("subjects"),
                List("subjectCodes"),
            ]
        );

    internal static CsvFile Classes { get; } =
        new(
            "classes",
            Collection.Classes,
            [
                .. Head(),
                Text("title") with
                {
                    Required = true,
                },
                List("grades"),
                To("courseSourcedId", "course", Collection.Courses) with
                {
                    Required = true,
                },
                Text("classCode"),
                Word("classType", "homeroom", "scheduled") with
                {
                    Required = true,
                },
                Text("location"),
                To("schoolSourcedId", "school", Collection.Orgs) with
                {
                    Required = true,
                },
                ToMany("termSourcedIds", "terms", Collection.AcademicSessions) with
                {
                    Required = true,
                    Aliases = ["termSourcedId"],
                },
                List("subjects"),
                List("subjectCodes"),
                List("periods"),
            ]
        );

    internal static CsvFile Demographics { get; } =
        new(
            "demographics",
            Collection.Demographics,
            [
                .. Head(),
                Date("birthDate") with
                {
                    IsPersonal = true,
                    Aliases = ["birthdate"],
                },
                Word("sex", "female", "male", "other", "unspecified") with
                {
                    IsPersonal = true,
                },
                .. Flags.Select(flag => Flag(flag) with { IsPersonal = true }),
                Personal("countryOfBirthCode"),
                Personal("stateOfBirthAbbreviation"),
                Personal("cityOfBirth"),
                Personal("publicSchoolResidenceStatus"),
            ]
        );

    internal static CsvFile Users { get; } =
        new(
            "users",
            Collection.Users,
            [
                .. Head(),
                Flag("enabledUser") with
                {
                    Required = true,
                },
                ToMany("orgSourcedIds", "orgs", Collection.Orgs) with
                {
                    Required = true,
                    OnlyInSomeVersions = true,
                    Aliases = ["orgSourcedId"],
                },
                Word("role", UserRoles) with
                {
                    Required = true,
                    OnlyInSomeVersions = true,
                },
                Personal("username") with
                {
                    Required = true,
                },
                new CsvColumn("userIds", "userIds", ColumnType.UserIds) { IsPersonal = true },
                Personal("givenName") with
                {
                    Required = true,
                },
                Personal("familyName") with
                {
                    Required = true,
                },
                Personal("middleName"),
                Personal("identifier"),
                Personal("email"),
                Personal("sms"),
                Personal("phone"),
                ToMany("agentSourcedIds", "agents", Collection.Users) with
                {
                    Aliases = ["agents"],
                },
                List("grades"),
                new CsvColumn("password", "password", ColumnType.Unread) { IsPersonal = true },
                Personal("userMasterIdentifier") with
                {
                    OnlyInSomeVersions = true,
                },
                Preferred("preferredGivenName", "preferredFirstName", "prefferedGivenName"),
                Preferred("preferredMiddleName", "preferredMiddleName", "prefferedMiddleName"),
                Preferred("preferredFamilyName", "preferredLastName", "prefferedFamilyName"),
                To("primaryOrgSourcedId", "primaryOrg", Collection.Orgs) with
                {
                    OnlyInSomeVersions = true,
                },
                Personal("pronouns") with
                {
                    OnlyInSomeVersions = true,
                },
            ]
        );

    internal static CsvFile Roles { get; } =
        new(
            "roles",
            Collection.Users,
            [
                .. Head(),
                To("userSourcedId", "user", Collection.Users) with
                {
                    Required = true,
                },
                Word("roleType", "primary", "secondary") with
                {
                    Required = true,
                },
                Word("role", UserRoles) with
                {
                    Required = true,
                },
                Date("beginDate"),
                Date("endDate"),
                To("orgSourcedId", "org", Collection.Orgs) with
                {
                    Required = true,
                },
                Text("userProfileSourcedId") with
                {
                    IsPersonal = true,
                },
            ]
        );

    internal static CsvFile UserProfiles { get; } =
        new(
            "userProfiles",
            Collection.Users,
            [
                .. Head(),
                To("userSourcedId", "user", Collection.Users) with
                {
                    Required = true,
                },
                Text("profileType") with
                {
                    Required = true,
                },
                Text("vendorId") with
                {
                    Required = true,
                },
                Text("applicationId"),
                Text("description"),
                Text("credentialType") with
                {
                    Required = true,
                },
                Personal("username") with
                {
                    Required = true,
                },
                new CsvColumn("password", "password", ColumnType.Unread) { IsPersonal = true },
            ]
        );

    internal static CsvFile Enrollments { get; } =
        new(
            "enrollments",
            Collection.Enrollments,
            [
                .. Head(),
                To("classSourcedId", "class", Collection.Classes) with
                {
                    Required = true,
                },
                To("schoolSourcedId", "school", Collection.Orgs) with
                {
                    Required = true,
                },
                To("userSourcedId", "user", Collection.Users) with
                {
                    Required = true,
                },
                Word("role", "administrator", "proctor", "student", "teacher") with
                {
                    Required = true,
                },
                Flag("primary"),
                Date("beginDate"),
                Date("endDate"),
            ]
        );

    /// <summary>Those that are read, in the order in which a package is best looked at.</summary>
    internal static IReadOnlyList<CsvFile> Read { get; } =
    [Orgs, AcademicSessions, Courses, Classes, Demographics, Users, Roles, UserProfiles, Enrollments];

    /// <summary>Those that OneRoster has besides, with grades and resources: not the roster.</summary>
    internal static IReadOnlyList<string> Others { get; } =
    [
        "categories",
        "classResources",
        "courseResources",
        "lineItems",
        "lineItemLearningObjectiveIds",
        "lineItemScoreScales",
        "resources",
        "results",
        "resultLearningObjectiveIds",
        "resultScoreScales",
        "scoreScales",
        "userResources",
    ];

    /// <summary>The file of a name, however it is written; null when Rollbook reads none of this name.</summary>
    internal static CsvFile? Find(string name) => Read.FirstOrDefault(file => string.Equals(file.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The file that holds a collection.</summary>
    internal static CsvFile Of(Collection collection) => Read.First(file => file.Collection == collection);

    private static IEnumerable<CsvColumn> Head() =>
        [
            new CsvColumn("sourcedId", "sourcedId", ColumnType.Id) { Required = true },
            new CsvColumn("status", "status", ColumnType.Status) { Words = ["active", "tobedeleted", "inactive"] },
            new CsvColumn("dateLastModified", "dateLastModified", ColumnType.Modified),
        ];

    private static CsvColumn Text(string name) => new(name, name, ColumnType.Text);

    private static CsvColumn Personal(string name) => Text(name) with { IsPersonal = true };

    private static CsvColumn Preferred(string name, string property, string alias) =>
        new(name, property, ColumnType.Text)
        {
            IsPersonal = true,
            OnlyInSomeVersions = true,
            Aliases = string.Equals(name, property, StringComparison.Ordinal) ? [alias] : [alias, property],
        };

    private static CsvColumn List(string name) => new(name, name, ColumnType.TextList);

    private static CsvColumn Date(string name) => new(name, name, ColumnType.Date);

    private static CsvColumn Flag(string name) => new(name, name, ColumnType.Boolean);

    private static CsvColumn Word(string name, params string[] words) => new(name, name, ColumnType.Word) { Words = words };

    private static CsvColumn To(string name, string property, Collection target) => new(name, property, ColumnType.Reference) { Target = target };

    private static CsvColumn ToMany(string name, string property, Collection target) =>
        new(name, property, ColumnType.ReferenceList) { Target = target };
}
