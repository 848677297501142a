using CsCheck;
using Rollbook.Model;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Map;
using Rollbook.Sync.Tests.Derive;

namespace Rollbook.Sync.Tests.Map;

public sealed class SameMappingPropertyTests
{
    /// <summary>A pair for every attribute that can be mapped, each feeding what the default feeds.</summary>
    private static readonly Dictionary<string, IReadOnlyList<AttributePair>> Written = Kinds.All.ToDictionary(
        kind => kind.Name,
        kind =>
            (IReadOnlyList<AttributePair>)
                [
                    .. kind
                        .Attributes.Where(attribute => AttributeRules.CanBeMapped(kind, attribute.Name))
                        .Select(attribute => new AttributePair
                        {
                            Target = attribute.Name,
                            Source = DefaultMapping.SourceOf(kind.Kind, attribute.Name),
                        }),
                ],
        StringComparer.Ordinal
    );

    [Fact]
    public Task Pairs_that_say_what_the_defaults_say_change_nothing() =>
        Gen.Int.SampleAsync(
            async seed =>
            {
                var source = new ScriptedSource(new Random(seed));
                var small = new SmallDistrict(new Random(seed));
                foreach (var collection in Collections.InOrder)
                {
                    foreach (var id in small.Ids(collection))
                    {
                        source.Records[collection][id] = Messy(small.Record(collection, id), new Random(HashCode.Combine(seed, id)));
                    }
                }

                await using var district = await TestDistrict.StartAsync(source);
                (await district.ImportAsync()).State.ShouldBe("published");
                var before = await district.RosterAsync();
                await district.ConfigureAsync(new AppConfiguration { Type = source.Type, Attributes = Written });
                (await district.ImportAsync()).State.ShouldBe("unchanged");
                (await district.RosterAsync()).ShouldBe(before, ignoreOrder: true);
            },
            iter: 40,
            threads: 1
        );

    private static System.Text.Json.Nodes.JsonObject Messy(System.Text.Json.Nodes.JsonObject record, Random random)
    {
        string[] names =
        [
            "grades",
            "subjects",
            "periods",
            "phone",
            "identifier",
            "enabledUser",
            "schoolYear",
            "startDate",
            "beginDate",
            "primary",
            "location",
        ];
        foreach (var name in names.Where(_ => random.Next(3) == 0))
        {
            record.Remove(name);
            record[name] = random.Next(9) switch
            {
                0 => " a , b,",
                1 => 7,
                2 => true,
                3 => new System.Text.Json.Nodes.JsonArray("07", " ", 8, null, "x\u0001y"),
                4 => new System.Text.Json.Nodes.JsonObject { ["sourcedId"] = "s1" },
                5 => "2026-08-15T05:30:00Z",
                6 => "8/15/2026",
                7 => "N",
                _ => null,
            };
        }

        record["userIds"] = new System.Text.Json.Nodes.JsonArray(
            new System.Text.Json.Nodes.JsonObject { ["type"] = "stateid", ["identifier"] = random.Next(99) }
        );
        record["metadata"] = new System.Text.Json.Nodes.JsonObject { ["a.b"] = "c", ["d"] = random.Next(3) };
        return record;
    }
}
