using System.Globalization;
using System.Text.Json;

namespace Rollbook.Simulator.Tests;

/// <summary>Checks a record against what OneRoster 1.1 requires of its kind (chapter 4).</summary>
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

    public static void Check(Kind kind, JsonElement record)
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
        foreach (var name in ByKind[kind])
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
