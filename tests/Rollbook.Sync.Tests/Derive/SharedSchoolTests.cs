using Rollbook.Model;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;
using static Rollbook.Sync.Tests.Derive.TwoSchools;

namespace Rollbook.Sync.Tests.Derive;

/// <summary>Schools that several sources feed (product.md 3.2): one is not taken away by one source while another one's mapping leads to it.</summary>
public sealed class SharedSchoolTests
{
    private const string Second = "second";
    private readonly ScriptedSource source = TwoSchools.Source();

    [Fact]
    public async Task Two_sources_feed_one_school()
    {
        await using var district = await StartAsync();
        await district.ImportAsync();
        await district.ImportAsync(Second);
        await district.ImportAsync();

        var north = await SchoolAsync(district, "north");
        ((string[])north["sources"]!).ShouldBe([TestDistrict.App, Second]);
        var students = (await RowsAsync(district, Kind.Student)).Where(row => ((RollbookId[])row["schools"]!).Contains(IdOf("north"))).ToList();
        students
            .Select(row => $"{row.SisId} of {((string[])row["sources"]!)[0]}")
            .Order(StringComparer.Ordinal)
            .ShouldBe(["anna of second", "anna of sis", "both of second", "both of sis"]);
        (await district.ImportAsync()).State.ShouldBe("unchanged");
        (await district.ImportAsync(Second)).State.ShouldBe("unchanged");
    }

    [Fact]
    public async Task A_school_that_its_own_source_unmaps_stays_while_another_source_feeds_it()
    {
        await using var district = await StartAsync();
        await district.ImportAsync();
        await district.ImportAsync(Second);
        await ConfigureAsync(district, Listed(Create("south")), Listed(Join("north", IdOf("north").ToString())));

        await district.ImportAsync();

        (await SchoolAsync(district, "north")).SisId.ShouldBe("north");
        await ShouldNotDangleAsync(district);
        var sources = (await RowsAsync(district, Kind.Student)).Where(row => row.SisId is "anna").Select(row => ((string[])row["sources"]!)[0]);
        sources.ShouldBe([Second]);

        // Once nobody's mapping leads to it, it goes.
        await ConfigureAsync(district, Listed(Create("south")), Listed(Create("south")));
        await district.ImportAsync(Second);
        await district.ImportAsync();
        (await RowsAsync(district, Kind.School)).Select(row => row.SisId).ShouldBe(["south", "south"]);
    }

    [Fact]
    public async Task A_school_gone_from_its_own_source_stays_while_another_source_feeds_it()
    {
        await using var district = await StartAsync();
        await district.ImportAsync();
        await district.ImportAsync(Second);
        await ConfigureAsync(district, SchoolsMapping.Automatic, Listed(Join("south", IdOf("north").ToString())));
        await district.ImportAsync(Second);
        source.Records[Collection.Orgs].Remove("north");

        await district.ImportAsync();

        (await SchoolAsync(district, "north")).SisId.ShouldBe("north");
        await ShouldNotDangleAsync(district);
    }

    [Fact]
    public async Task A_school_that_nobody_maps_any_more_stays_as_long_as_records_of_another_source_are_at_it()
    {
        await using var district = await StartAsync();
        await district.ImportAsync();
        await district.ImportAsync(Second);
        await ConfigureAsync(district, Listed(Create("south")), Listed(Create("south")));

        // The first source's import comes before the one with which the second source's people leave the school.
        await district.ImportAsync();
        await ShouldNotDangleAsync(district);
        (await district.ImportAsync()).State.ShouldBe("unchanged");
        ((string[])(await SchoolAsync(district, "north"))["sources"]!).ShouldBe([TestDistrict.App, Second]);

        await district.ImportAsync(Second);
        await district.ImportAsync();
        (await RowsAsync(district, Kind.School)).Select(row => row.SisId).ShouldBe(["south", "south"]);
        await ShouldNotDangleAsync(district);
    }

    [Fact]
    public async Task A_school_gone_from_its_own_source_stays_as_long_as_records_of_another_source_are_at_it()
    {
        await using var district = await StartAsync();
        await district.ImportAsync();
        await district.ImportAsync(Second);
        await ConfigureAsync(district, SchoolsMapping.Automatic, Listed(Create("south")));
        foreach (var records in source.Records.Values)
        {
            foreach (var id in records.Keys.Where(id => id.StartsWith("north", StringComparison.Ordinal)).ToList())
            {
                records.Remove(id);
            }
        }

        await district.ImportAsync();
        (await SchoolAsync(district, "north")).SisId.ShouldBe("north");
        await ShouldNotDangleAsync(district);
        (await district.ImportAsync()).State.ShouldBe("unchanged");

        await district.ImportAsync(Second);
        await district.ImportAsync();
        (await RowsAsync(district, Kind.School)).Select(row => row.SisId).ShouldBe(["south", "south"]);
        await ShouldNotDangleAsync(district);
    }

    [Fact]
    public async Task When_a_source_is_removed_its_schools_stay_as_long_as_records_of_another_source_are_at_them()
    {
        await using var district = await StartAsync();
        await district.ImportAsync();
        await district.ImportAsync(Second);
        await ConfigureAsync(district, SchoolsMapping.Automatic, Listed(Create("south")));

        var removed = await district.Imports.StartRemovalAsync(TestDistrict.Id, TestDistrict.App, "test", default);
        await district.Imports.WaitAsync(TestDistrict.Id, removed.ShouldBeOfType<StartResult.Started>().Run, default);

        (await SchoolAsync(district, "north")).SisId.ShouldBe("north");
        await ShouldNotDangleAsync(district);
    }

    [Fact]
    public async Task When_a_new_source_replaces_the_old_one_the_schools_keep_their_rollbook_ids()
    {
        await using var district = await StartAsync();
        await district.ImportAsync();
        await ConfigureAsync(district, SchoolsMapping.Automatic, Listed(Join("north", "North"), Join("south", IdOf("south").ToString())));
        await district.ImportAsync(Second);

        var removed = await district.Imports.StartRemovalAsync(TestDistrict.Id, TestDistrict.App, "test", default);
        await district.Imports.WaitAsync(TestDistrict.Id, removed.ShouldBeOfType<StartResult.Started>().Run, default);

        (await RowsAsync(district, Kind.School)).Select(row => row.SisId).Order(StringComparer.Ordinal).ShouldBe(["north", "south"]);
        (await SchoolAsync(district, "north")).SisId.ShouldBe("north");
        (await RowsAsync(district, Kind.Student)).ShouldAllBe(row => ((string[])row["sources"]!)[0] == Second);
        await ShouldNotDangleAsync(district);
    }

    private async Task<TestDistrict> StartAsync()
    {
        var district = await TestDistrict.StartAsync(source);
        await ConfigureAsync(district, SchoolsMapping.Automatic, Listed(Join("north", IdOf("north").ToString())));
        return district;
    }

    private Task ConfigureAsync(TestDistrict district, SchoolsMapping first, SchoolsMapping second) =>
        district.ConfigureAsync(
            new Dictionary<string, AppConfiguration>(StringComparer.Ordinal)
            {
                [TestDistrict.App] = new() { Type = source.Type, Schools = first },
                [Second] = new() { Type = source.Type, Schools = second },
            }
        );

    private static async Task<Row> SchoolAsync(TestDistrict district, string org) =>
        (await district.Store.Roster.GetAsync(Kind.School, IdOf(org), null, default)).ShouldNotBeNull().Row;

    private static async Task ShouldNotDangleAsync(TestDistrict district)
    {
        var records = await district.RecordsAsync();
        var ids = records.Keys.Select(key => key.Id).ToHashSet();
        foreach (var (key, row) in records)
        {
            foreach (var attribute in Kinds.Of(key.Kind).Attributes.Where(attribute => attribute.IsReference))
            {
                var targets = row[attribute] switch
                {
                    RollbookId id => [id],
                    RollbookId[] list => list,
                    _ => [],
                };
                targets.ShouldAllBe(target => ids.Contains(target), $"{key.Kind} {row.SisId}, {attribute.Name}");
            }
        }
    }
}
