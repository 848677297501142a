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
        SchoolsMapping? schools = null,
        SlowRules? rules = null
    )
    {
        rules ??= new SlowRules();
        var mapping = new SlowMapping(schools ?? SchoolsMapping.Automatic, org => Id(Family.Org, org));
        var filtered = new HashSet<(Family Family, string SourcedId)>();
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
        foreach (var (user, json) in all[Collection.Users])
        {
            var students = Refs(json, "agents").Distinct(StringComparer.Ordinal).Where(agent => KindOfPerson(agent) == Kind.Student);
            var isFollowing =
                rules.Follows(Kind.Student, Kind.Contact)
                && Refs(json, "agents").Any(agent => filtered.Contains((Family.Person, agent)) && IsStudent(agent));
            if (KindOfPerson(user) == Kind.Contact && isFollowing && !students.Any())
            {
                kinds.Remove((Family.Person, user));
            }
            else if (KindOfPerson(user) == Kind.Contact && rules.Of(Kind.Contact, "students") is "skip" && !students.Any())
            {
                kinds.Remove((Family.Person, user));
                rules.Found(Kind.Contact, Id(Family.Person, user), "students", "skip", Refs(json, "agents").Any() ? "invalid" : "missing");
            }
        }

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
                    var id = Id(Collections.FamilyOf(collection), sourcedId);
                    var values = Values(kind, sourcedId, json);
                    foreach (var (attribute, rule) in rules.Of(kind))
                    {
                        var isName = kind == Kind.School && attribute is "name" && mapping.NameOf(sourcedId) is not null;
                        if (Problem(kind, attribute, values, json) is not { } problem || isName)
                        {
                            continue;
                        }

                        if (rule is "report")
                        {
                            rules.Found(kind, id, attribute, rule, problem);
                        }
                        else if (rule.StartsWith('='))
                        {
                            SetDefault(values, attribute, rule[1..]);
                        }
                    }

                    roster[(kind, id)] = values;
                }
            }
        }

        return roster.ToDictionary(record => record.Key, record => string.Join("; ", record.Value.Select(value => $"{value.Key}={value.Value}")));

        void Take(Collection collection, Func<JsonObject, Kind?> kindOf, Func<Kind, JsonObject, bool> stands)
        {
            foreach (var (sourcedId, json) in all[collection])
            {
                if (kindOf(json) is not { } kind || !stands(kind, json))
                {
                    continue;
                }

                if (IsFiltered(kind, sourcedId, json))
                {
                    filtered.Add((Collections.FamilyOf(collection), sourcedId));
                }
                else if (!IsSkipped(collection, kind, sourcedId, json))
                {
                    kinds[(Collections.FamilyOf(collection), sourcedId)] = kind;
                }
            }
        }

        bool IsStudent(string user) =>
            all[Collection.Users].Exists(each => string.Equals(each.Key, user, StringComparison.Ordinal) && KindOf(each.Value) == Kind.Student);

        Kind? KindOfPerson(string sourcedId) => kinds.TryGetValue((Family.Person, sourcedId), out var kind) ? kind : null;

        bool IsFiltered(Kind kind, string sourcedId, JsonObject json)
        {
            List<string> calendars =
                kind == Kind.Class ? [.. Refs(json, "terms")]
                : kind == Kind.Course ? [.. new[] { Ref(json, "schoolYear") }.OfType<string>()]
                : [];
            if (
                rules.Follows(Kind.Calendar, kind)
                && calendars.Exists(calendar => filtered.Contains((Family.AcademicSession, calendar)))
                && !calendars.Exists(calendar => Exists(Family.AcademicSession, calendar))
            )
            {
                return true;
            }

            var values = Values(kind, sourcedId, json);
            foreach (var (attribute, rule) in rules.Of(kind).Where(rule => rule.Value.StartsWith('=')))
            {
                if (Problem(kind, attribute, values, json) is not null)
                {
                    SetDefault(values, attribute, rule[1..]);
                }
            }

            return !rules.Passes(kind, values);
        }

        bool IsSkipped(Collection collection, Kind kind, string sourcedId, JsonObject json)
        {
            var isSkipped = false;
            var values = Values(kind, sourcedId, json);
            foreach (var (attribute, _) in rules.Of(kind).Where(rule => rule.Value is "skip" && rule.Key is not "students"))
            {
                if (Problem(kind, attribute, values, json) is { } problem)
                {
                    rules.Found(kind, Id(Collections.FamilyOf(collection), sourcedId), attribute, "skip", problem);
                    isSkipped = true;
                }
            }

            return isSkipped;
        }

        // Whether a value is missing or not valid, in so many words.
        string? Problem(Kind kind, string attribute, SortedDictionary<string, string> values, JsonObject json)
        {
            if (attribute.StartsWith("metadata.", StringComparison.Ordinal))
            {
                return json["metadata"]?[attribute["metadata.".Length..]] is null ? "missing" : null;
            }

            var value = values.GetValueOrDefault(attribute);
            string[] named = attribute switch
            {
                "school" when kind == Kind.Course => [.. new[] { Ref(json, "org") }.OfType<string>()],
                "calendar" => [.. new[] { Ref(json, "schoolYear") }.OfType<string>().Where(IsNoChoice)],
                "calendars" => [.. Refs(json, "terms").Where(IsNoChoice)],
                "contacts" or "students" => [.. Refs(json, "agents")],
                "parent" => [.. new[] { Ref(json, "parent") }.OfType<string>()],
                "birthDate" => Part(json, "birthDate") is { Length: > 0 } date ? [date] : [],
                "enabled" => (string?)json["enabledUser"] is { Length: > 0 } flag ? [flag] : [],
                "endDate" => (string?)json["endDate"] is { Length: > 0 } date ? [date] : [],
                _ => [],
            };
            if (value is null)
            {
                return named.Length > 0 ? "invalid" : "missing";
            }

            var isValid = attribute switch
            {
                "email" => value.Contains('@', StringComparison.Ordinal),
                "grades" => value.Split(',').All(grade => grade is "07" or "08" or "KG"),
                "role" when kind == Kind.Enrollment => value is "student" or "teacher",
                _ => true,
            };
            return isValid ? null : "invalid";
        }

        // A calendar that is filtered out is not there because the district wants it so.
        bool IsNoChoice(string calendar) => !filtered.Contains((Family.AcademicSession, calendar));

        static void SetDefault(SortedDictionary<string, string> values, string attribute, string value)
        {
            if (!attribute.StartsWith("metadata.", StringComparison.Ordinal))
            {
                values[attribute] = value;
                return;
            }

            values["metadata"] = $"{attribute["metadata.".Length..]}:{value}";
        }

        string? Part(JsonObject json, string name) =>
            all[Collection.Demographics]
                .FirstOrDefault(part => string.Equals(part.Key, (string)json["sourcedId"]!, StringComparison.Ordinal))
                .Value?[name]?.ToString();

        SortedDictionary<string, string> Values(Kind kind, string sourcedId, JsonObject json)
        {
            var values = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["sisId"] = prefix + sourcedId, ["sources"] = app };
            Set("title", json["title"]);
            Set("name", kind == Kind.School && mapping.NameOf(sourcedId) is { } other ? other : json["name"]);
            Set("type", json["type"]);
            Set("givenName", json["givenName"]);
            Set("familyName", json["familyName"]);
            Set("email", json["email"]);
            if (kind == Kind.Student)
            {
                Set("grades", json["grades"]);
            }

            Set(
                "enabled",
                (string?)json["enabledUser"] is "true" or "false"
                    ? char.ToUpperInvariant(((string)json["enabledUser"]!)[0]) + ((string)json["enabledUser"]!)[1..]
                    : null
            );
            Set("endDate", json["endDate"]?.ToString() is { Length: 10 } end ? end : null);
            Set("metadata", json["metadata"] is JsonObject metadata ? $"bus:{metadata["bus"]}" : null);
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
                    Set("birthDate", (string?)part["birthDate"] is "2011-02-30" ? null : part["birthDate"]);
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
            IReadOnlyDictionary<string, string> entries => string.Join(",", entries.Select(entry => $"{entry.Key}:{entry.Value}")),
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
