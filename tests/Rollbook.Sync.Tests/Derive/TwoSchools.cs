using System.Text.Json.Nodes;
using Rollbook.Model;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Tests.Derive;

/// <summary>A source with two schools, and mappings of it in one line.</summary>
internal static class TwoSchools
{
    /// <summary>Anna is at North, Ben at South, one pupil at both; each school has a course, a class and an enrollment of each of its pupils.</summary>
    internal static ScriptedSource Source()
    {
        var made = new ScriptedSource(new Random(3));
        foreach (var (school, pupil) in new[] { ("north", "anna"), ("south", "ben") })
        {
            made.Records[Collection.Orgs][school] = Organisation(school, char.ToUpperInvariant(school[0]) + school[1..], "school");
            made.Records[Collection.Courses][school + "-math"] = Referring(school + "-math", "title", ("org", school));
            made.Records[Collection.Classes][school + "-class"] = Referring(
                school + "-class",
                "title",
                ("course", school + "-math"),
                ("school", school)
            );
            made.Records[Collection.Users][pupil] = Pupil(pupil, school);
            foreach (var enrolled in new[] { pupil, "both" })
            {
                var id = $"{school}-{enrolled}";
                made.Records[Collection.Enrollments][id] = Referring(
                    id,
                    "role",
                    ("user", enrolled),
                    ("class", school + "-class"),
                    ("school", school)
                );
            }
        }

        made.Records[Collection.Users]["both"] = Pupil("both", "north", "south");
        return made;
    }

    internal static JsonObject Organisation(string id, string name, string type) =>
        new()
        {
            ["sourcedId"] = id,
            ["name"] = name,
            ["type"] = type,
        };

    internal static JsonObject Pupil(string id, params string[] schools) =>
        new()
        {
            ["sourcedId"] = id,
            ["role"] = "student",
            ["givenName"] = id,
            ["familyName"] = id,
            ["orgs"] = new JsonArray([.. schools.Select(school => (JsonNode)new JsonObject { ["sourcedId"] = school })]),
        };

    internal static JsonObject Referring(string id, string text, params (string Name, string Target)[] references)
    {
        var json = new JsonObject { ["sourcedId"] = id, [text] = "student" };
        foreach (var (name, target) in references)
        {
            json[name] = new JsonObject { ["sourcedId"] = target };
        }

        return json;
    }

    internal static SchoolsMapping Listed(params SchoolMapping[] rows) => new() { Mapped = rows };

    internal static SchoolMapping Create(string org, string name = "") => new() { Source = org, Create = name };

    internal static SchoolMapping Join(string org, string school) => new() { Source = org, School = school };

    internal static RollbookId IdOf(string org) => RollbookId.Derive(new IdScope(TestDistrict.Id, TestDistrict.App, Family.Org), org);

    internal static async Task<List<Row>> RowsAsync(TestDistrict district, Kind kind)
    {
        var rows = new List<Row>();
        await foreach (var record in district.Store.Roster.ReadAsync(kind, null, default))
        {
            rows.Add(record.Row.Copy());
        }

        return rows;
    }
}
