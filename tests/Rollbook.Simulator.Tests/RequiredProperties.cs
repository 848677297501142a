using System.Globalization;
using System.Text.Json;

namespace Rollbook.Simulator.Tests;

/// <summary>Checks a record against what OneRoster 1.1 (chapter 4), or 1.2 (its OpenAPI file), requires of its kind.</summary>
internal static class RequiredProperties
{
    private static readonly Dictionary<Kind, string[]> ByKind = new()
    {
        [Kind.Orgs] = ["name", "type", "identifier"],
        [Kind.AcademicSessions] = ["title", "startDate", "endDate", "type", "schoolYear"],
        [Kind.Courses] = ["title", "courseCode", "org"],
        [Kind.Classes] = ["title", "classType", "course", "school", "terms"],
        [Kind.Users] = ["username", "enabledUser", "givenName", "familyName", "role", "orgs", "identifier"],
        [Kind.Enrollments] = ["user", "class", "school", "role"],
        [Kind.Demographics] = ["birthDate", "sex"],
    };

    private static readonly Dictionary<Kind, string[]> ByKind12 = new(ByKind)
    {
        [Kind.Courses] = ["title", "courseCode"],
        [Kind.Classes] = ["title", "course", "school", "terms"],
        [Kind.Users] = ["enabledUser", "givenName", "familyName", "primaryOrg"],
        [Kind.Demographics] = [],
    };

    /// <summary>Everything that 1.2 lets a user have: no other property is allowed.</summary>
    private static readonly string[] AllowedOfUser12 =
    [
        "sourcedId",
        "status",
        "dateLastModified",
        "metadata",
        "userMasterIdentifier",
        "username",
        "userIds",
        "enabledUser",
        "givenName",
        "familyName",
        "middleName",
        "preferredFirstName",
        "preferredMiddleName",
        "preferredLastName",
        "pronouns",
        "roles",
        "userProfiles",
        "primaryOrg",
        "identifier",
        "email",
        "sms",
        "phone",
        "agents",
        "grades",
        "password",
        "resources",
    ];

    private static readonly string[] Roles12 =
    [
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

    public static void Check12(Kind kind, JsonElement record)
    {
        Check(record, ByKind12[kind]);
        if (kind != Kind.Users)
        {
            return;
        }

        record.EnumerateObject().Select(property => property.Name).Except(AllowedOfUser12, StringComparer.Ordinal).ShouldBeEmpty();
        var roles = record.GetProperty("roles").EnumerateArray().ToList();
        foreach (var role in roles)
        {
            Roles12.ShouldContain(role.GetProperty("role").GetString());
            role.GetProperty("roleType").GetString().ShouldBeOneOf("primary", "secondary");
            CheckReference(role.GetProperty("org"));
        }

        roles
            .Where(role => role.GetProperty("roleType").ValueEquals("primary"))
            .GroupBy(role => role.GetProperty("org").GetProperty("sourcedId").GetString(), StringComparer.Ordinal)
            .ShouldAllBe(ofOrg => ofOrg.Count() == 1);
        roles.ShouldContain(role => role.GetProperty("roleType").ValueEquals("primary"));
    }

    public static void Check(Kind kind, JsonElement record) => Check(record, ByKind[kind]);

    private static void Check(JsonElement record, string[] required)
    {
        record.GetProperty("sourcedId").GetString().ShouldNotBeNullOrEmpty();
        record.GetProperty("status").GetString().ShouldBe("active");
        DateTime
            .TryParseExact(
                record.GetProperty("dateLastModified").GetString(),
                "yyyy-MM-dd'T'HH:mm:ss.fff'Z'",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out _
            )
            .ShouldBeTrue();
        foreach (var name in required)
        {
            var value = record.GetProperty(name);
            switch (value.ValueKind)
            {
                case JsonValueKind.Array:
                    value.GetArrayLength().ShouldBeGreaterThan(0, name);
                    CheckReference(value[0]);
                    break;
                case JsonValueKind.Object:
                    CheckReference(value);
                    break;
                default:
                    value.GetString().ShouldNotBeNullOrEmpty(name);
                    break;
            }
        }
    }

    private static void CheckReference(JsonElement reference)
    {
        var id = reference.GetProperty("sourcedId").GetString()!;
        var href = new Uri(reference.GetProperty("href").GetString()!);
        href.AbsolutePath.ShouldEndWith("/" + id);
        reference.GetProperty("type").GetString().ShouldNotBeNullOrEmpty();
    }
}
