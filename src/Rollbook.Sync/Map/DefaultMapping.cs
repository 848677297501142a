using Rollbook.Model;

namespace Rollbook.Sync.Map;

/// <summary>
/// Which source attribute feeds which Rollbook attribute unless the district says otherwise: every attribute of OneRoster 1.1 (product.md 3.3). An
/// attribute not named here is fed by the source attribute of the same name.
/// </summary>
internal static class DefaultMapping
{
    private static readonly Dictionary<string, string> Persons = new(StringComparer.Ordinal)
    {
        ["stateId"] = "userIds.stateID",
        ["enabled"] = "enabledUser",
        ["preferredGivenName"] = "preferredFirstName",
        ["preferredFamilyName"] = "preferredLastName",
        ["schools"] = "orgs",
        ["primarySchool"] = "orgs",
        ["studentNumber"] = "identifier",
        ["staffNumber"] = "identifier",
        ["contacts"] = "agents",
        ["students"] = "agents",
    };

    /// <summary>The source attribute of a Rollbook attribute; one of demographics is written <c>demographics.sex</c>.</summary>
    internal static string SourceOf(Kind kind, string target) =>
        (kind, target) switch
        {
            (_, "sisId") => "sourcedId",
            (Kind.Course, "school") => "org",
            (Kind.Course, "calendar") => "schoolYear",
            (Kind.Class, "calendars") => "terms",
            (Kind.Enrollment, "person") => "user",
            (Kind.Student, _) when SourceFields.DemographicFields.Contains(target, StringComparer.Ordinal) => "demographics." + target,
            (Kind.Student or Kind.Teacher or Kind.Admin or Kind.Contact, _) => Persons.GetValueOrDefault(target, target),
            _ => target,
        };

    /// <summary>The kind that a user's role makes of it (product.md 3.5); null for a role that OneRoster 1.1 and 1.2 don't have.</summary>
    internal static Kind? KindOfRole(string? role) =>
        role?.ToUpperInvariant() switch
        {
            "STUDENT" => Kind.Student,
            "TEACHER" or "AIDE" or "PROCTOR" or "COUNSELOR" => Kind.Teacher,
            "ADMINISTRATOR" or "DISTRICTADMINISTRATOR" or "SITEADMINISTRATOR" or "SYSTEMADMINISTRATOR" or "PRINCIPAL" => Kind.Admin,
            "GUARDIAN" or "PARENT" or "RELATIVE" or "CONTACT" => Kind.Contact,
            _ => null,
        };
}
