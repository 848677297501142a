using System.Text.Json.Nodes;
using Rollbook.Model;

namespace Rollbook.Sync.Tests.Derive;

/// <summary>Makes random records with few IDs, so that references meet, dangle and come back.</summary>
internal sealed class SmallDistrict(Random random, bool mixedTypes = false, bool flawed = false)
{
    private static readonly Dictionary<Collection, (string Letter, int Count)> Pools = new()
    {
        [Collection.Orgs] = ("o", 4),
        [Collection.AcademicSessions] = ("s", 3),
        [Collection.Courses] = ("c", 4),
        [Collection.Classes] = ("k", 6),
        [Collection.Demographics] = ("u", 14),
        [Collection.Users] = ("u", 14),
        [Collection.Enrollments] = ("e", 30),
    };

    internal string Id(Collection collection) => FormattableString.Invariant($"{Pools[collection].Letter}{random.Next(Pools[collection].Count)}");

    internal IEnumerable<string> Ids(Collection collection) =>
        Enumerable.Range(0, Pools[collection].Count).Select(i => FormattableString.Invariant($"{Pools[collection].Letter}{i}"));

    /// <summary>Gives a source most of the records that there can be.</summary>
    internal void Fill(ScriptedSource source)
    {
        foreach (var collection in Collections.InOrder)
        {
            foreach (var id in Ids(collection))
            {
                if (random.Next(5) > 0)
                {
                    source.Records[collection][id] = Record(collection, id);
                }
            }
        }
    }

    internal JsonObject Record(Collection collection, string sourcedId)
    {
        var json = new JsonObject
        {
            ["sourcedId"] = sourcedId,
            ["status"] = "active",
            ["dateLastModified"] = Word(),
        };
        switch (collection)
        {
            case Collection.Orgs:
                json["name"] = Word();
                json["type"] = mixedTypes ? Pick("school", "school", "district") : "school";
                Reference(json, "parent", collection);
                break;
            case Collection.AcademicSessions:
                json["title"] = Word();
                Reference(json, "parent", collection);
                break;
            case Collection.Courses:
                json["title"] = Word();
                Reference(json, "org", Collection.Orgs);
                Reference(json, "schoolYear", Collection.AcademicSessions);
                break;
            case Collection.Classes:
                json["title"] = Word();
                Reference(json, "course", Collection.Courses);
                Reference(json, "school", Collection.Orgs);
                References(json, "terms", Collection.AcademicSessions);
                break;
            case Collection.Demographics:
                json["birthDate"] = FormattableString.Invariant($"201{random.Next(3)}-0{random.Next(1, 5)}-11");
                json["sex"] = random.Next(2) == 0 ? "male" : "female";
                break;
            case Collection.Users:
                json["role"] = Pick("student", "student", "student", "teacher", "aide", "administrator", "guardian", "guardian", "nobody");
                json["givenName"] = Word();
                json["familyName"] = Word();
                json["email"] = Pick("", " a@x.example ", "b@x.example");
                References(json, "orgs", Collection.Orgs);
                References(json, "agents", Collection.Users);
                break;
            case Collection.Enrollments:
                json["role"] = Pick("student", "teacher");
                Reference(json, "user", Collection.Users);
                Reference(json, "class", Collection.Classes);
                Reference(json, "school", Collection.Orgs);
                break;
        }

        if (flawed)
        {
            Flaw(collection, json);
        }

        return json;
    }

    /// <summary>What requirements and filters look at: values that may be missing or not valid.</summary>
    private void Flaw(Collection collection, JsonObject json)
    {
        switch (collection)
        {
            case Collection.AcademicSessions:
                json["endDate"] = Pick("", "2026-06-30", "2026-11-28", "2099-06-30", "soon");
                break;
            case Collection.Demographics:
                json["birthDate"] = Pick("", "2011-02-30", "2011-02-28");
                break;
            case Collection.Users:
                json["email"] = Pick("", " a@x.example ", "nonsense", "b@x.example");
                json["grades"] = Pick("", "07", "07,99", "KG,08");
                json["enabledUser"] = Pick("", "true", "false", "maybe");
                json["metadata"] = random.Next(2) == 0 ? new JsonObject { ["bus"] = Word() } : null;
                break;
            case Collection.Enrollments:
                json["role"] = Pick("student", "teacher", "", "janitor");
                break;
        }
    }

    private string Word() => Pick("Amara", "Bo", "Chidi", "Đỗ", "O'Hara-Åberg");

    private string Pick(params string[] words) => words[random.Next(words.Length)];

    private void Reference(JsonObject json, string name, Collection target)
    {
        if (random.Next(8) > 0)
        {
            json[name] = Guid(target);
        }
    }

    private void References(JsonObject json, string name, Collection target) =>
        json[name] = new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Guid(target))]);

    private JsonObject Guid(Collection target) =>
        new()
        {
            ["href"] = "https://elsewhere.example/x",
            ["sourcedId"] = Id(target),
            ["type"] = "x",
        };
}
