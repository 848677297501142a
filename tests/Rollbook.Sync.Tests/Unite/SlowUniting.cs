using Rollbook.Model;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Unite;

namespace Rollbook.Sync.Tests.Unite;

/// <summary>People of several sources made one as somebody would do it by hand: everyone compared with everyone, from the beginning each time.</summary>
internal static class SlowUniting
{
    private static readonly Kind[] People = [Kind.Student, Kind.Teacher, Kind.Admin, Kind.Contact];
    private static readonly string[] United = ["schools", "contacts", "students"];

    /// <summary>The roster of a district.</summary>
    /// <param name="apps">The apps in order, each with its settings and what it would be alone: a record as a text of its attributes.</param>
    /// <param name="kept">IDs that are kept.</param>
    internal static Dictionary<(Kind Kind, RollbookId Id), string> Derive(
        IReadOnlyList<(string App, AppConfiguration Settings, Dictionary<(Kind Kind, RollbookId Id), string> Alone)> apps,
        IReadOnlyDictionary<RollbookId, RollbookId>? kept = null
    )
    {
        var sharing = apps.Where(app => app.Settings.Advanced.MultipleDataSources).Select(app => app.App).ToList();
        var entities = new List<List<Person>>();
        foreach (var kind in People)
        {
            var ofKind = new List<List<Person>>();
            foreach (var (app, settings, alone) in apps)
            {
                var own = alone
                    .Where(record => record.Key.Kind == kind)
                    .Select(record => new Person(app, kind, record.Key.Id, Read(record.Value)))
                    .ToList();
                var joined = settings.Advanced is { MultipleDataSources: true, CompareByDomainsOfUniqueness: true }
                    ? Join(settings, kind, own, [.. ofKind.Where(entity => sharing.Contains(entity[0].App))])
                    : [];
                foreach (var person in own)
                {
                    if (joined.TryGetValue(person, out var entity))
                    {
                        entity.Add(person);
                    }
                }

                ofKind.AddRange(own.Where(person => !joined.ContainsKey(person)).Select(person => new List<Person> { person }));
            }

            entities.AddRange(ofKind);
        }

        var ids = new Dictionary<RollbookId, RollbookId>();
        foreach (var entity in entities)
        {
            var id = kept is null
                ? entity[0].Key
                : entity.Where(person => kept.ContainsKey(person.Key)).Select(person => kept[person.Key]).FirstOrDefault(entity[0].Key);
            entity.ForEach(person => ids[person.Key] = id);
        }

        var roster = new Dictionary<(Kind Kind, RollbookId Id), string>();
        foreach (var (_, _, alone) in apps)
        {
            foreach (var (key, text) in alone.Where(record => !People.Contains(record.Key.Kind)))
            {
                roster[key] = Write(Moved(Read(text), ids));
            }
        }

        foreach (var entity in entities)
        {
            roster[(entity[0].Kind, ids[entity[0].Key])] = Write(Moved(Merge(apps, entity), ids));
        }

        return roster;
    }

    private static Dictionary<Person, List<Person>> Join(AppConfiguration settings, Kind kind, List<Person> own, List<List<Person>> before)
    {
        var joined = new Dictionary<Person, List<Person>>();
        foreach (var domain in DomainsOfUniqueness.Of(settings, kind))
        {
            var leads = new List<(Person Person, List<Person> Entity)>();
            foreach (var person in own.Where(person => !joined.ContainsKey(person)))
            {
                if (
                    Value(person, domain) is { } value
                    && own.Count(other => Value(other, domain) == value) == 1
                    && before.Where(entity => entity.Exists(other => Value(other, domain) == value)).ToList() is [var only]
                    && !joined.ContainsValue(only)
                )
                {
                    leads.Add((person, only));
                }
            }

            foreach (var (person, entity) in leads.Where(lead => leads.Count(other => other.Entity == lead.Entity) == 1))
            {
                joined[person] = entity;
            }
        }

        return joined;
    }

    private static string? Value(Person person, IReadOnlyList<string> domain)
    {
        var values = domain.Select(name => person.Values.GetValueOrDefault(name)).ToList();
        return values.Contains(null) ? null : string.Join('\n', values.Select(value => value!.Trim().ToUpperInvariant()));
    }

    private static SortedDictionary<string, string> Merge(
        IReadOnlyList<(string App, AppConfiguration Settings, Dictionary<(Kind Kind, RollbookId Id), string> Alone)> apps,
        List<Person> entity
    )
    {
        var merged = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in entity.SelectMany(person => person.Values.Keys).Distinct())
        {
            if (name == "sources")
            {
                merged[name] = string.Join(",", entity.Select(person => person.App));
            }
            else if (United.Contains(name))
            {
                merged[name] = string.Join(",", entity.SelectMany(person => person.Values.GetValueOrDefault(name)?.Split(',') ?? []).Distinct());
            }
            else
            {
                merged[name] = entity
                    .OrderBy(person => name == "sisId" ? 0 : Rank(person, name))
                    .First(person => person.Values.ContainsKey(name))
                    .Values[name];
            }
        }

        return merged;

        int Rank(Person person, string name)
        {
            var fields = apps.First(app => app.App == person.App).Settings.MasterFields.GetValueOrDefault(Kinds.Of(person.Kind).Name);
            return fields is null || !fields.TryGetValue(name, out var mode) ? 1
                : mode == MasterMode.Master ? 0
                : 2;
        }
    }

    private static SortedDictionary<string, string> Moved(SortedDictionary<string, string> values, Dictionary<RollbookId, RollbookId> ids)
    {
        foreach (var name in new[] { "person", "contacts", "students" }.Where(values.ContainsKey))
        {
            values[name] = string.Join(
                ",",
                values[name]
                    .Split(',')
                    .Select(text => RollbookId.TryParse(text, out var id) && ids.TryGetValue(id, out var moved) ? moved.ToString() : text)
                    .Distinct()
            );
        }

        return values;
    }

    private static SortedDictionary<string, string> Read(string text) =>
        new(
            text.Split("; ").Select(value => value.Split('=', 2)).ToDictionary(value => value[0], value => value[1], StringComparer.Ordinal),
            StringComparer.Ordinal
        );

    private static string Write(SortedDictionary<string, string> values) => string.Join("; ", values.Select(value => $"{value.Key}={value.Value}"));

    private sealed record Person(string App, Kind Kind, RollbookId Key, SortedDictionary<string, string> Values);
}
