using Rollbook.Model;
using Rollbook.Storage;
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
    /// <param name="decisions">What persons decided.</param>
    internal static Dictionary<(Kind Kind, RollbookId Id), string> Derive(
        IReadOnlyList<(string App, AppConfiguration Settings, Dictionary<(Kind Kind, RollbookId Id), string> Alone)> apps,
        IReadOnlyDictionary<RollbookId, RollbookId>? kept = null,
        IReadOnlyList<DuplicateDecision>? decisions = null
    )
    {
        var sharing = apps.Where(app => app.Settings.Advanced.MultipleDataSources).Select(app => app.App).ToList();
        var entities = new List<List<Person>>();
        var told = new Dictionary<Kind, SlowVerdicts>();
        var everybody = apps.SelectMany(app => app.Alone.Keys).ToHashSet();
        foreach (var kind in People)
        {
            var verdicts = told[kind] = new SlowVerdicts(
                (decisions ?? []).Where(decision =>
                    decision.Kind == kind
                    && (decision.First.App == decision.Second.App || (sharing.Contains(decision.First.App) && sharing.Contains(decision.Second.App)))
                )
            );
            var ofKind = new List<List<Person>>();
            foreach (var (app, settings, alone) in apps)
            {
                var own = alone
                    .Where(record => record.Key.Kind == kind)
                    .Select(record => new Person(app, kind, record.Key.Id, Read(record.Value)))
                    .ToList();

                // Those of the source who were said to be one go together from here on.
                var units = own.GroupBy(person => verdicts.NameOf(person.Key))
                    .Select(unit => unit.OrderBy(person => verdicts.Absorbed.Contains(person.Key)).ThenBy(person => person.Key).ToList())
                    .ToList();
                var joined = new Dictionary<List<Person>, List<Person>>();
                foreach (var unit in units)
                {
                    var there = ofKind.Where(entity => entity.Exists(other => verdicts.NameOf(other.Key) == verdicts.NameOf(unit[0].Key)));
                    if (there.FirstOrDefault() is { } entity)
                    {
                        joined[unit] = entity;
                    }
                }

                if (settings.Advanced is { MultipleDataSources: true, CompareByDomainsOfUniqueness: true })
                {
                    Join(settings, kind, units, [.. ofKind.Where(entity => sharing.Contains(entity[0].App))], verdicts, joined);
                }

                foreach (var (unit, entity) in joined)
                {
                    entity.AddRange(unit);
                }

                ofKind.AddRange(units.Where(unit => !joined.ContainsKey(unit)));
            }

            // Two of one source may have come by way of different sources before it.
            var order = apps.Select(app => app.App).ToList();
            entities.AddRange(
                ofKind.Select(entity =>
                    entity
                        .OrderBy(person => order.IndexOf(person.App))
                        .ThenBy(person => verdicts.Absorbed.Contains(person.Key))
                        .ThenBy(person => person.Key)
                        .ToList()
                )
            );
        }

        var ids = new Dictionary<RollbookId, RollbookId>();
        foreach (var entity in entities)
        {
            var (kind, before) = (entity[0].Kind, People.TakeWhile(other => other != entity[0].Kind).ToList());
            var own = told[kind]
                .First(
                    entity[0].App,
                    entity[0].Key,
                    key => People.Any(other => everybody.Contains((other, key)) && other != kind) || before.Exists(other => told[other].Names(key))
                );
            var id = kept is null ? own : entity.Where(person => kept.ContainsKey(person.Key)).Select(person => kept[person.Key]).FirstOrDefault(own);
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

    private static void Join(
        AppConfiguration settings,
        Kind kind,
        List<List<Person>> own,
        List<List<Person>> before,
        SlowVerdicts verdicts,
        Dictionary<List<Person>, List<Person>> joined
    )
    {
        foreach (var domain in DomainsOfUniqueness.Of(settings, kind))
        {
            var leads = new List<(List<Person> Unit, List<Person> Entity)>();
            foreach (var unit in own.Where(unit => !joined.ContainsKey(unit)))
            {
                var values = unit.Select(person => Value(person, domain)).OfType<string>().Distinct().ToList();
                leads.AddRange(
                    values
                        .Where(value => own.Count(other => Has(other, value)) == 1)
                        .Select(value => before.Where(entity => Has(entity, value)).ToList())
                        .Where(holders => holders.Count == 1 && !joined.ContainsValue(holders[0]) && !AreApart(unit, holders[0]))
                        .Select(holders => (unit, holders[0]))
                        .Distinct()
                );
            }

            var decided = leads.Where(lead => leads.Count(other => other.Entity == lead.Entity) == 1).ToList();
            foreach (var (unit, entity) in decided.Where(lead => decided.Count(other => other.Unit == lead.Unit) == 1))
            {
                joined[unit] = entity;
            }

            bool Has(List<Person> persons, string value) => persons.Exists(person => Value(person, domain) == value);
        }

        bool AreApart(List<Person> unit, List<Person> entity) =>
            unit.Exists(person => entity.Exists(other => verdicts.AreApart(person.Key, other.Key)));
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
                merged[name] = string.Join(",", entity.Select(person => person.App).Distinct());
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

    /// <summary>Decisions, each looked at with each other one.</summary>
    internal sealed class SlowVerdicts
    {
        private readonly List<HashSet<SourceRecord>> groups = [];
        private readonly List<(RollbookId One, RollbookId Other)> apart = [];
        private readonly HashSet<RollbookId> named = [];

        internal SlowVerdicts(IEnumerable<DuplicateDecision> decisions)
        {
            var all = decisions.OrderBy(decision => decision.DecidedAt).ToList();
            named.UnionWith(all.SelectMany(decision => new[] { decision.First.Key, decision.Second.Key }));
            apart.AddRange(all.Where(each => each.Verdict == DuplicateVerdict.KeepSeparate).Select(each => (each.First.Key, each.Second.Key)));
            foreach (var merge in all.Where(each => each.Verdict == DuplicateVerdict.Merge && !AreApart(each.First.Key, each.Second.Key)))
            {
                if (merge.First.App == merge.Second.App)
                {
                    Absorbed.Add(merge.Second.Key);
                }

                var together = groups.Where(group => group.Contains(merge.First) || group.Contains(merge.Second)).ToList();
                groups.RemoveAll(together.Contains);
                groups.Add([merge.First, merge.Second, .. together.SelectMany(group => group)]);
            }
        }

        internal HashSet<RollbookId> Absorbed { get; } = [];

        internal bool Names(RollbookId key) => named.Contains(key);

        /// <summary>The smallest key of those that are one with this.</summary>
        internal RollbookId NameOf(RollbookId key) => Around(key).Select(record => record.Key).Append(key).Min();

        internal bool AreOne(RollbookId one, RollbookId other) => NameOf(one) == NameOf(other);

        internal bool AreApart(RollbookId one, RollbookId other) =>
            apart.Exists(pair =>
                (NameOf(pair.One) == NameOf(one) && NameOf(pair.Other) == NameOf(other))
                || (NameOf(pair.One) == NameOf(other) && NameOf(pair.Other) == NameOf(one))
            );

        internal RollbookId First(string app, RollbookId key, Func<RollbookId, bool> isElsewhere) =>
            Around(key)
                .Where(record => record.App == app && (record.Key == key || !isElsewhere(record.Key)))
                .Select(record => record.Key)
                .Append(key)
                .OrderBy(Absorbed.Contains)
                .ThenBy(each => each)
                .First();

        private IEnumerable<SourceRecord> Around(RollbookId key) =>
            groups.Find(group => group.Any(record => record.Key == key)) ?? Enumerable.Empty<SourceRecord>();
    }
}
