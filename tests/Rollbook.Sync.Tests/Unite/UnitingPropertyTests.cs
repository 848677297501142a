using System.Text.Json.Nodes;
using CsCheck;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Duplicates;
using Rollbook.Sync.Tests.Derive;
using Rollbook.Sync.Tests.Duplicates;
using Rollbook.Sync.Tests.Rollbacks;
using Rollbook.Testing;

namespace Rollbook.Sync.Tests.Unite;

/// <summary>
/// Whatever several sources say, in whatever order they are imported, and however they are switched: the roster is what comes out when everyone is compared
/// with everyone from the beginning, Rollbook IDs included.
/// </summary>
public sealed class UnitingPropertyTests
{
    private static readonly string[] Names = ["one", "two", "three"];

    private static readonly IReadOnlyList<string>[] SomeDomains =
    [
        ["sisId"],
        ["email"],
        ["givenName", "familyName"],
        ["familyName"],
        ["email", "givenName"],
    ];

    [Fact]
    public Task The_roster_of_several_sources_is_what_the_slow_reference_makes_of_them() =>
        Gen.Int[0, int.MaxValue - 1].SampleAsync(seed => HistoryAsync(seed, apps: 2), iter: 20, threads: 2);

    [Fact]
    public Task The_roster_of_three_sources_is_what_the_slow_reference_makes_of_them() =>
        Gen.Int[0, int.MaxValue - 1].SampleAsync(seed => HistoryAsync(seed, apps: 3), iter: 10, threads: 2);

    [Fact]
    public Task The_roster_with_decisions_of_persons_is_what_the_slow_reference_makes_of_it() =>
        Gen.Int[0, int.MaxValue - 1].SampleAsync(seed => HistoryAsync(seed, apps: 1 + (seed % 3), decides: true), iter: 40, threads: 2);

    [Fact]
    public Task The_roster_of_several_sources_that_was_rolled_back_is_what_the_slow_reference_makes_of_them_once_an_import_is_accepted() =>
        Gen.Int[0, int.MaxValue - 1]
            .SampleAsync(seed => HistoryAsync(seed, apps: 2 + (seed % 2), decides: seed % 3 == 0, rollbacks: true), iter: 15, threads: 2);

    /// <summary>What a source says of a merged record changes while the roster stays as it is: who agrees with it is searched all the same.</summary>
    [Fact]
    public Task Duplicates_are_searched_though_the_roster_has_not_changed() => HistoryAsync(13640576, apps: 3, decides: true);

    /// <summary>A run of one source makes a record anew that only another one has still: its decisions count all the same.</summary>
    [Fact]
    public Task Decisions_about_one_source_hold_in_the_run_of_another() => HistoryAsync(976368725, apps: 3, decides: true);

    /// <summary>A record that has left was said to be one with others both as a student and as a contact: one of the two has its Rollbook ID.</summary>
    [Fact]
    public Task The_ID_of_one_who_has_left_goes_to_one_record() => HistoryAsync(1202977980, apps: 1, decides: true);

    private static async Task HistoryAsync(int seed, int apps, bool decides = false, bool rollbacks = false)
    {
        var random = new Random(seed);
        var small = new SmallDistrict(random);
        var sources = Names.Take(apps).ToDictionary(name => name, name => new ScriptedSource(random) { Type = name }, StringComparer.Ordinal);
        await using var district = await TestDistrict.StartAsync([.. sources.Values]);
        var schools = sources.Keys.ToDictionary(name => name, _ => new SlowKeptSchools(), StringComparer.Ordinal);
        foreach (var source in sources.Values)
        {
            small.Fill(source);
        }

        var settings = Settings(random, sources.Keys);
        await district.ConfigureAsync(settings);
        var imported = new Dictionary<string, Dictionary<(Kind Kind, RollbookId Id), string>>(StringComparer.Ordinal);
        for (var step = 0; step < 6; step++)
        {
            if (rollbacks && step > 0)
            {
                await new RandomRollbacks(random, versions: null).RollAsync(district, $"seed {seed}, step {step}");
            }

            var isSwitched = step > 1 && random.Next(3) == 0;
            if (isSwitched)
            {
                settings = Settings(random, sources.Keys);
                await district.ConfigureAsync(settings);
            }

            var isDecided = decides && step > 0 && random.Next(4) > 0;
            if (isDecided)
            {
                await DecideAsync(district, random, imported, step);
            }

            // A configuration is carried out by the next import of each app that it concerns, and so is a decision.
            var order = sources.Keys.OrderBy(_ => random.Next()).Take(isSwitched || isDecided || step == 0 ? apps : 1).ToList();
            foreach (var name in order)
            {
                if (step > 0)
                {
                    Change(sources[name], small, random);
                }

                var run = await district.ImportAsync(name);
                run.State.ShouldBeOneOf("published", "unchanged");
                imported[name] = Alone(name, sources[name], schools[name]);
            }

            var expected = SlowUniting.Derive(
                [
                    .. settings
                        .Where(app => imported.ContainsKey(app.Key))
                        .OrderBy(app => app.Value.Order)
                        .Select(app => (app.Key, app.Value, imported[app.Key])),
                ],
                decisions: await district.Store.Duplicates.DecisionsAsync(CancellationToken.None)
            );
            (await district.RosterAsync()).ShouldBe(expected, ignoreOrder: true, $"seed {seed}, step {step} after {string.Join(", ", order)}");
            if (decides)
            {
                await ShouldFindDuplicatesAsync(district, settings);
            }

            var again = await district.ImportAsync(order[0]);
            again.State.ShouldBe("unchanged", $"seed {seed}, step {step} again");
        }
    }

    /// <summary>Decides about some people, of one source or of several, or undoes what was decided.</summary>
    private static async Task DecideAsync(
        TestDistrict district,
        Random random,
        Dictionary<string, Dictionary<(Kind Kind, RollbookId Id), string>> imported,
        int step
    )
    {
        var decisions = await district.Store.Duplicates.DecisionsAsync(CancellationToken.None);
        foreach (var undone in decisions.Where(_ => random.Next(4) == 0))
        {
            await district.Store.Duplicates.UndoAsync(undone.First.Key, undone.Second.Key, CancellationToken.None);
        }

        var people = imported
            .SelectMany(app => app.Value.Keys.Select(record => (record.Kind, Record: new SourceRecord(app.Key, record.Id))))
            .Where(person => DomainsOfUniqueness.ComparedKinds.Any(kind => kind.Kind == person.Kind))
            .GroupBy(person => person.Kind, person => person.Record)
            .Where(kind => kind.Count() > 1)
            .ToList();
        for (var i = random.Next(1, 4); i > 0 && people.Count > 0; i--)
        {
            var kind = people[random.Next(people.Count)];
            var pair = kind.OrderBy(_ => random.Next()).Take(2).ToList();
            var verdict = random.Next(3) == 0 ? DuplicateVerdict.KeepSeparate : DuplicateVerdict.Merge;
            var at = DateTimeOffset.UnixEpoch.AddMinutes((10 * step) + i);
            await district.Store.Duplicates.DecideAsync(
                [new DuplicateDecision(kind.Key, pair[0], pair[1], verdict, "amira", at)],
                CancellationToken.None
            );
        }
    }

    /// <summary>Whoever agrees on a domain and is not one, is found: as the slow reference finds them, each two once.</summary>
    private static async Task ShouldFindDuplicatesAsync(TestDistrict district, Dictionary<string, AppConfiguration> settings)
    {
        var store = district.Store;
        var people = new List<SourcePerson>();
        var found = new HashSet<(string Domain, RollbookId One, RollbookId Other)>();
        foreach (var kind in DomainsOfUniqueness.ComparedKinds)
        {
            await foreach (var person in SourcePeople.ReadAsync(store, kind.Kind, CancellationToken.None))
            {
                people.Add(person);
            }
        }

        var expected = SlowDuplicates.Find(
            [.. settings.OrderBy(app => app.Value.Order).Select(app => (app.Key, app.Value))],
            people,
            await store.Duplicates.DecisionsAsync(CancellationToken.None)
        );
        foreach (var kind in DomainsOfUniqueness.ComparedKinds)
        {
            var query = new DuplicateQuery(kind.Kind, Suggestions: false, Limit: 1_000);
            foreach (var each in await store.Duplicates.PageAsync(query, CancellationToken.None))
            {
                var domain = string.Join(" + ", each.Domain!);
                var pairs = each.Records.SelectMany(_ => each.Records, (one, other) => (domain, One: one.Key, Other: other.Key));
                var agreeing = pairs.Where(pair => pair.One < pair.Other && expected.Contains(pair)).ToList();
                found.UnionWith(agreeing);

                // Nobody is named who agrees with none of the others.
                each.Records.ShouldAllBe(record => agreeing.Any(pair => pair.One == record.Key || pair.Other == record.Key));
            }
        }

        found.ShouldBe(expected, ignoreOrder: true);
    }

    private static Dictionary<(Kind Kind, RollbookId Id), string> Alone(string app, ScriptedSource source, SlowKeptSchools schools)
    {
        schools.Take(
            source.Records[Collection.Orgs].ToDictionary(StringComparer.Ordinal),
            isWhole: true,
            SlowKeptSchools.Everything,
            isRefreshed: _ => false
        );
        var records = source.Records.ToDictionary(
            collection => collection.Key,
            collection => collection.Key == Collection.Orgs ? schools.Records : collection.Value
        );
        return SlowReference.Derive(records, TestDistrict.Id, app, "");
    }

    internal static Dictionary<string, AppConfiguration> Settings(Random random, IEnumerable<string> names)
    {
        var places = Names.OrderBy(_ => random.Next()).ToList();
        return names.ToDictionary(
            name => name,
            name => new AppConfiguration
            {
                Type = name,
                Order = places.IndexOf(name) + 1,
                Advanced = new AdvancedSettings { MultipleDataSources = random.Next(6) > 0, CompareByDomainsOfUniqueness = random.Next(6) > 0 },
                DomainsOfUniqueness =
                    random.Next(4) == 0
                        ? new Dictionary<string, IReadOnlyList<IReadOnlyList<string>>>(StringComparer.Ordinal)
                        : DomainsOfUniqueness.ComparedKinds.ToDictionary(
                            kind => kind.Name,
                            _ => (IReadOnlyList<IReadOnlyList<string>>)[.. SomeDomains.OrderBy(_ => random.Next()).Take(random.Next(1, 4))],
                            StringComparer.Ordinal
                        ),
                MasterFields = DomainsOfUniqueness.ComparedKinds.ToDictionary(
                    kind => kind.Name,
                    kind =>
                        (IReadOnlyDictionary<string, MasterMode>)
                            MasterFields
                                .AttributesOf(kind.Kind)
                                .Where(_ => random.Next(3) == 0)
                                .ToDictionary(
                                    attribute => attribute.Name,
                                    _ => random.Next(2) == 0 ? MasterMode.Master : MasterMode.DoNotOverride,
                                    StringComparer.Ordinal
                                ),
                    StringComparer.Ordinal
                ),
            },
            StringComparer.Ordinal
        );
    }

    internal static void Change(ScriptedSource source, SmallDistrict small, Random random)
    {
        for (var i = random.Next(1, 7); i > 0; i--)
        {
            var collection = random.Next(2) == 0 ? Collection.Users : Collections.InOrder[random.Next(Collections.InOrder.Count)];
            var id = small.Id(collection);
            var records = source.Records[collection];
            if (random.Next(3) > 0)
            {
                records[id] = small.Record(collection, id);
            }
            else if (records.Count > 1)
            {
                records.Remove(id);
            }
        }
    }
}
