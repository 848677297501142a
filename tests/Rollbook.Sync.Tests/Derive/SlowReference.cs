using System.Globalization;
using System.Text.Json.Nodes;
using Rollbook.Model;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Tests.Derive;

/// <summary>
/// The derivation as one would write it without a thought for speed: from all records to the whole roster. Each record is a text of its attributes. What
/// the real one does in parts must come to the same.
/// </summary>
internal static class SlowReference
{
    internal static Dictionary<(Kind Kind, RollbookId Id), string> Derive(
        IReadOnlyDictionary<Collection, SortedDictionary<string, JsonObject>> records,
        string district,
        string app,
        string prefix,
        SchoolsMapping? schools = null
    )
    {
        var mapping = new SlowMapping(schools ?? SchoolsMapping.Automatic, org => Id(Family.Org, org));
        var roster = new Dictionary<(Kind Kind, RollbookId Id), SortedDictionary<string, string>>();
        var kinds = new Dictionary<(Family Family, string SourcedId), Kind>();
        var all = Collections.InOrder.ToDictionary(
            collection => collection,
            collection => records[collection].Where(record => (string?)record.Value["status"] is not "tobedeleted").ToList()
        );

        var orgs = all[Collection.Orgs].ToDictionary(StringComparer.Ordinal);
        Take(Collection.Orgs, _ => Kind.School, (_, json) => mapping.IsPublished((string)json["sourcedId"]!));
        Take(Collection.AcademicSessions, _ => Kind.Calendar, (_, _) => true);
        Take(Collection.Courses, _ => Kind.Course, (_, json) => !IsUnmappedSchool(Ref(json, "org")));
        Take(Collection.Classes, _ => Kind.Class, (_, json) => Exists(Family.Course, Ref(json, "course")) && School(Ref(json, "school")) is not null);
        Take(Collection.Users, KindOf, (_, json) => Refs(json, "orgs").Any(org => School(org) is not null));
        Take(
            Collection.Enrollments,
            _ => Kind.Enrollment,
            (_, json) =>
                Exists(Family.Person, Ref(json, "user")) && Exists(Family.Class, Ref(json, "class")) && School(Ref(json, "school")) is not null
        );

        foreach (var (collection, list) in all)
        {
            foreach (var (sourcedId, json) in list)
            {
                if (collection != Collection.Demographics && kinds.TryGetValue((Collections.FamilyOf(collection), sourcedId), out var kind))
                {
                    roster[(kind, Id(Collections.FamilyOf(collection), sourcedId))] = Values(kind, sourcedId, json);
                }
            }
        }

        return roster.ToDictionary(record => record.Key, record => string.Join("; ", record.Value.Select(value => $"{value.Key}={value.Value}")));

        void Take(Collection collection, Func<JsonObject, Kind?> kindOf, Func<Kind, JsonObject, bool> stands)
        {
            foreach (var (sourcedId, json) in all[collection])
            {
                if (kindOf(json) is { } kind && stands(kind, json))
                {
                    kinds[(Collections.FamilyOf(collection), sourcedId)] = kind;
                }
            }
        }

        SortedDictionary<string, string> Values(Kind kind, string sourcedId, JsonObject json)
        {
            var values = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["sisId"] = prefix + sourcedId, ["sources"] = app };
            Set("title", json["title"]);
            Set("name", kind == Kind.School && mapping.NameOf(sourcedId) is { } other ? other : json["name"]);
            Set("type", json["type"]);
            Set("givenName", json["givenName"]);
            Set("familyName", json["familyName"]);
            Set("email", json["email"]);
            if (kind is Kind.Teacher or Kind.Admin or Kind.Contact or Kind.Enrollment)
            {
                Set("role", json["role"]);
            }

            if (kind == Kind.School && School(Ref(json, "parent")) is { } parent)
            {
                var isItself = parent == Id(Family.Org, sourcedId) && !string.Equals(Ref(json, "parent"), sourcedId, StringComparison.Ordinal);
                Set("parent", isItself ? null : parent.ToString());
            }

            One("parent", Family.AcademicSession, kind == Kind.Calendar ? Ref(json, "parent") : null);
            Set("school", School(kind == Kind.Course ? Ref(json, "org") : Ref(json, "school"))?.ToString());
            One("calendar", Family.AcademicSession, Ref(json, "schoolYear"));
            One("course", Family.Course, Ref(json, "course"));
            One("class", Family.Class, Ref(json, "class"));
            One("person", Family.Person, Ref(json, "user"));
            Many("calendars", Family.AcademicSession, Refs(json, "terms"));
            var theirs = Refs(json, "orgs").Select(School).OfType<RollbookId>().Distinct().ToList();
            Set("schools", theirs.Count == 0 ? null : string.Join(",", theirs));
            if (kind is Kind.Student or Kind.Teacher or Kind.Admin)
            {
                Set("primarySchool", theirs.Count == 0 ? null : theirs[0].ToString());
            }

            if (kind == Kind.Student)
            {
                Many(
                    "contacts",
                    Family.Person,
                    Refs(json, "agents").Where(agent => kinds.GetValueOrDefault((Family.Person, agent), Kind.School) == Kind.Contact)
                );
                if (
                    all[Collection.Demographics].FirstOrDefault(part => string.Equals(part.Key, sourcedId, StringComparison.Ordinal)).Value is
                    { } part
                )
                {
                    Set("birthDate", part["birthDate"]);
                    Set("sex", part["sex"]);
                }
            }

            if (kind == Kind.Contact)
            {
                Many(
                    "students",
                    Family.Person,
                    Refs(json, "agents").Where(agent => kinds.GetValueOrDefault((Family.Person, agent), Kind.School) == Kind.Student)
                );
            }

            return values;

            void Set(string name, JsonNode? value)
            {
                if (value is not null && value.ToString().Trim() is { Length: > 0 } text)
                {
                    values[name] = text;
                }
            }

            void One(string name, Family family, string? target)
            {
                if (Exists(family, target))
                {
                    values[name] = Id(family, target!).ToString();
                }
            }

            void Many(string name, Family family, IEnumerable<string> targets)
            {
                var ids = targets
                    .Where(target => Exists(family, target))
                    .Distinct(StringComparer.Ordinal)
                    .Select(target => Id(family, target).ToString())
                    .ToList();
                if (ids.Count > 0)
                {
                    values[name] = string.Join(",", ids);
                }
            }
        }

        RollbookId? School(string? org) => org is not null && orgs.ContainsKey(org) ? mapping.Lead(org) : null;

        bool IsUnmappedSchool(string? org) =>
            org is not null && orgs.TryGetValue(org, out var json) && mapping.Lead(org) is null && (string?)json["type"] is "school";

        bool Exists(Family family, string? sourcedId) => sourcedId is not null && kinds.ContainsKey((family, sourcedId));

        RollbookId Id(Family family, string sourcedId) => RollbookId.Derive(new IdScope(district, app, family, prefix), sourcedId);
    }

    /// <summary>A record of the real roster as the reference writes it.</summary>
    internal static string Text(Row row) =>
        string.Join(
            "; ",
            Kinds
                .Of(row.Kind)
                .Attributes.Select(attribute => (attribute.Name, Value: row[attribute]))
                .Where(value => value.Value is not null)
                .OrderBy(value => value.Name, StringComparer.Ordinal)
                .Select(value => $"{value.Name}={Text(value.Value!)}")
        );

    private static string Text(object value) =>
        value switch
        {
            IEnumerable<RollbookId> ids => string.Join(",", ids),
            IEnumerable<string> texts => string.Join(",", texts),
            DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            _ => value.ToString()!,
        };

    private static Kind? KindOf(JsonObject json) =>
        (string?)json["role"] switch
        {
            "student" => Kind.Student,
            "teacher" or "aide" => Kind.Teacher,
            "administrator" => Kind.Admin,
            "guardian" => Kind.Contact,
            _ => null,
        };

    private static string? Ref(JsonObject json, string name) => (string?)json[name]?["sourcedId"];

    private static IEnumerable<string> Refs(JsonObject json, string name) =>
        json[name] is JsonArray list ? list.Select(item => (string)item!["sourcedId"]!) : [];
}
