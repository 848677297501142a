using CsCheck;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Lineage;
using Rollbook.Sync.Read;
using Rollbook.Sync.Tests.Derive;
using Rollbook.Sync.Tests.Unite;

namespace Rollbook.Sync.Tests.Lineage;

/// <summary>
/// Whatever the sources say, whatever the rules, pairs, masters and mappings: for every record of the roster the value that is explained is the one that is there, and for
/// every record of an upload that is not in the roster it is told what became of it.
/// </summary>
public sealed class LineagePropertyTests
{
    private static readonly IReadOnlyDictionary<string, IReadOnlyList<AttributePair>> Pairs = new Dictionary<string, IReadOnlyList<AttributePair>>(
        StringComparer.Ordinal
    )
    {
        ["student"] =
        [
            new AttributePair { Target = "username", Template = "{{ givenName | downcase }}.{{ familyName }}" },
            new AttributePair
            {
                Target = "middleName",
                Source = "givenName",
                Map = new Dictionary<string, string>(StringComparer.Ordinal) { ["Bo"] = "Boris" },
            },
            new AttributePair { Target = "metadata.last", Source = "familyName" },
            new AttributePair { Target = "stateId", Source = "demographics.sex" },
        ],
        ["class"] = [new AttributePair { Target = "classCode", Source = "title" }],
    };

    [Fact]
    public Task With_one_source_and_any_rules_the_explained_values_are_those_of_the_roster() =>
        Gen.Int[0, int.MaxValue - 1].SampleAsync(OneSourceAsync, iter: 12, threads: 2);

    [Fact]
    public Task With_several_sources_they_are_too() => Gen.Int[0, int.MaxValue - 1].SampleAsync(SeveralSourcesAsync, iter: 10, threads: 2);

    private static async Task OneSourceAsync(int seed)
    {
        var random = new Random(seed);
        var source = new ScriptedSource(random);
        var small = new SmallDistrict(random, mixedTypes: true, flawed: true);
        small.Fill(source);
        await using var district = await TestDistrict.StartAsync(source);
        var kept = new KeptRecords();
        for (var import = 0; import < 4; import++)
        {
            if (import % 2 == 0)
            {
                await district.ConfigureAsync(
                    Ruled(new AppConfiguration { Type = source.Type }, random) with
                    {
                        Schools = random.Next(2) == 0 ? SchoolsMapping.Automatic : SchoolsMappingPropertyTests.Mapping(source, small, random, import),
                    }
                );
            }

            await district.ImportAsync();
            await ExpectAsync(district, kept, [TestDistrict.App], $"seed {seed}, import {import}");
            UnitingPropertyTests.Change(source, small, random);
        }
    }

    private static async Task SeveralSourcesAsync(int seed)
    {
        var random = new Random(seed);
        var small = new SmallDistrict(random);
        string[] names = ["one", "two"];
        var sources = names.ToDictionary(name => name, name => new ScriptedSource(random) { Type = name }, StringComparer.Ordinal);
        await using var district = await TestDistrict.StartAsync([.. sources.Values]);
        foreach (var source in sources.Values)
        {
            small.Fill(source);
        }

        var kept = new KeptRecords();
        for (var step = 0; step < 3; step++)
        {
            if (step != 1)
            {
                await district.ConfigureAsync(
                    UnitingPropertyTests.Settings(random, names).ToDictionary(app => app.Key, app => Ruled(app.Value, random), StringComparer.Ordinal)
                );
            }

            foreach (var name in names.OrderBy(_ => random.Next()).Take(step == 1 ? 1 : 2))
            {
                if (step > 0)
                {
                    UnitingPropertyTests.Change(sources[name], small, random);
                }

                await district.ImportAsync(name);
            }

            await ExpectAsync(district, kept, names, $"seed {seed}, step {step}");
        }
    }

    private static AppConfiguration Ruled(AppConfiguration app, Random random)
    {
        var rules = new SlowRules();
        RulesPropertyTests.Choose(random).ForEach(choice => rules.Require(choice.Item1, choice.Item2, choice.Item3));
        rules.Filter(RulesPropertyTests.ChooseFilters(random));
        return app with
        {
            Attributes = random.Next(2) == 0 ? Pairs : AppConfiguration.NoAttributes,
            Requirements = rules.Configuration(),
            Filters = random.Next(2) == 0 ? rules.Filters() : [],
        };
    }

    private static async Task ExpectAsync(TestDistrict district, KeptRecords kept, IEnumerable<string> apps, string where)
    {
        var explanations = new Explanations(kept);
        var roster = await district.RecordsAsync();
        foreach (var ((kind, id), row) in roster)
        {
            var explained = (await explanations.ExplainAsync(district.Store, kind, id, default)).ShouldNotBeNull();
            var said =
                $"{where}: {kind} {id}: {string.Join(" ", explained.Notes)} {string.Join(" ", explained.Sources.SelectMany(source => source.Story))}";
            explained.Attributes.Count.ShouldBe(Kinds.Of(kind).Attributes.Count, said);
            foreach (var account in explained.Attributes)
            {
                Text(account.Derived).ShouldBe(Text(row[account.Attribute]), $"{account.Attribute.Name}, {said}");
                Text(account.Value).ShouldBe(Text(row[account.Attribute]), said);
                var rows = account.Winners.Select(position => explained.Sources[position].Row!.Value).ToList();
                if (account.Rule is not (WinningRule.None or WinningRule.United or WinningRule.Rollbook))
                {
                    Text(rows.ShouldHaveSingleItem(said)[account.Attribute]).ShouldBe(Text(account.Value), $"{account.Attribute.Name}, {said}");
                }

                (account.Rule == WinningRule.None).ShouldBe(account.Value is null, said);
            }

            explained
                .Sources.SelectMany(source => source.Story)
                .ShouldNotContain(sentence => sentence.Contains("once more", StringComparison.Ordinal), said);
        }

        foreach (var app in apps)
        {
            foreach (var collection in Collections.InOrder.Where(collection => collection != Collection.Demographics))
            {
                await using var upload = await KeptUpload.LoadAsync(district.Store.Uploads, app, run: 0, collection, default);
                foreach (var slot in upload.Index.Slots())
                {
                    var (key, outcome) = (upload.Index.KeyAt(slot), upload.Index.OutcomeAt(slot));
                    var explained = (await explanations.ExplainAsync(district.Store, kind: null, key, default)).ShouldNotBeNull();
                    var account = explained.Sources.Where(source => source.App == app && source.Key == key).ShouldHaveSingleItem();
                    (new Outcome(account.State!.Value, outcome.Kind, Unresolved: false).Published).ShouldBe(outcome.Published);
                    account.Raw.ShouldNotBeNull();
                    account.Story.ShouldNotBeEmpty();
                    account.Story.ShouldNotContain(
                        sentence => sentence.Contains("once more", StringComparison.Ordinal),
                        $"{where}: {app} {collection} {key} {outcome}: {string.Join(" ", account.Story)}"
                    );
                }
            }
        }
    }

    private static string Text(object? value) =>
        value switch
        {
            null => "none",
            string[] texts => string.Join(",", texts),
            RollbookId[] ids => string.Join(",", ids),
            SortedDictionary<string, string> metadata => string.Join(",", metadata),
            _ => value.ToString()!,
        };
}
