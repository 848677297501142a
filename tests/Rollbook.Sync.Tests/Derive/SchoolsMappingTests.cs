using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Derive;
using Rollbook.Sync.Runs;
using static Rollbook.Sync.Tests.Derive.TwoSchools;

namespace Rollbook.Sync.Tests.Derive;

/// <summary>Schools Mapping carried out (product.md 3.2): what is told of it, and what it refuses.</summary>
public sealed class SchoolsMappingTests
{
    private readonly ScriptedSource source = TwoSchools.Source();

    [Fact]
    public async Task Records_of_a_school_that_is_not_mapped_are_skipped_and_not_errors()
    {
        await using var district = await TestDistrict.StartAsync(source);
        await district.ConfigureAsync(source.Type, bulk: true, "", Listed(Create("north")));
        var run = await district.ImportAsync();
        run.State.ShouldBe("published");
        var report = RunReport.FromJson(run.Report);
        report.Skipped[Kind.School].ShouldBe(1);
        report.Skipped[Kind.Student].ShouldBe(1);
        report.Skipped[Kind.Enrollment].ShouldBe(2);
        report.Failure.ShouldBeNull();
        report.NotMappedSchools.ShouldNotBeNull().Count.ShouldBe(1);
        report.NotMappedSchools.Names.ShouldBe(["South"]);
        (await NamesAsync(district, Kind.Student)).ShouldBe(["anna", "both"]);
        (await NamesAsync(district, Kind.Course)).ShouldBe(["north-math"]);
        (await NamesAsync(district, Kind.Class)).ShouldBe(["north-class"]);

        // Told by every import, also by one that finds the schools as they were.
        var again = RunReport.FromJson((await district.ImportAsync()).Report);
        again.NotMappedSchools.ShouldNotBeNull().Names.ShouldBe(["South"]);
        await district.ConfigureAsync(source.Type, bulk: true, "", Listed(Create("north"), Create("south")));
        RunReport.FromJson((await district.ImportAsync()).Report).NotMappedSchools.ShouldBeNull();
    }

    [Fact]
    public async Task Taking_a_school_out_deletes_what_only_it_had_and_counts_the_people_as_consequences()
    {
        await using var district = await TestDistrict.StartAsync(source);
        await district.ImportAsync();
        await district.ConfigureAsync(source.Type, bulk: true, "", Listed(Create("north")));
        var changes = RunReport.FromJson((await district.ImportAsync()).Report).Changes;
        changes[Kind.School].ShouldBe(new ChangeCounts(Delete: 1, Unchanged: 1));
        changes[Kind.Course].ShouldBe(new ChangeCounts(Delete: 1, Unchanged: 1, Consequences: 1));
        changes[Kind.Class].ShouldBe(new ChangeCounts(Delete: 1, Unchanged: 1, Consequences: 1));
        changes[Kind.Student].ShouldBe(new ChangeCounts(Update: 1, Delete: 1, Unchanged: 1, Consequences: 1));
        changes[Kind.Enrollment].ShouldBe(new ChangeCounts(Delete: 2, Unchanged: 2, Consequences: 2));
    }

    [Fact]
    public async Task A_schools_own_attributes_are_taken_once_and_again_when_asked_for()
    {
        await using var district = await TestDistrict.StartAsync(source);
        await district.ImportAsync();
        source.Records[Collection.Orgs]["north"]["name"] = "North Academy";
        source.Records[Collection.Orgs]["south"]["dateLastModified"] = "2026-11-01";

        var run = await district.ImportAsync();

        run.State.ShouldBe("unchanged");
        var report = RunReport.FromJson(run.Report);
        report.DifferingSchools.ShouldBe([new DifferingSchool("north", "North Academy")]);
        report.Notices.ShouldContain(notice => notice.Contains("describes 1 of the schools otherwise", StringComparison.Ordinal));
        (await NamesAsync(district, Kind.School)).ShouldBe(["North", "South"]);

        await district.ConfigureAsync(source.Type, bulk: true, "", SchoolsMapping.Automatic.Refresh("north"));
        var refreshed = await district.ImportAsync();
        RunReport.FromJson(refreshed.Report).Changes[Kind.School].ShouldBe(new ChangeCounts(Update: 1, Unchanged: 1));
        RunReport.FromJson(refreshed.Report).DifferingSchools.ShouldBeEmpty();
        (await NamesAsync(district, Kind.School)).ShouldBe(["North Academy", "South"]);

        source.Records[Collection.Orgs]["north"]["name"] = "North Again";
        (await district.ImportAsync()).State.ShouldBe("unchanged");
        await district.ConfigureAsync(source.Type, bulk: true, "", SchoolsMapping.Automatic.Refresh("north").Refresh());
        (await district.ImportAsync()).State.ShouldBe("published");
        (await NamesAsync(district, Kind.School)).ShouldBe(["North Again", "South"]);
        (await district.ImportAsync()).State.ShouldBe("unchanged");
    }

    [Fact]
    public async Task After_an_older_configuration_was_put_in_force_the_next_request_takes_the_attributes_all_the_same()
    {
        await using var district = await TestDistrict.StartAsync(source);
        await district.ConfigureAsync(source.Type, bulk: true, "", SchoolsMapping.Automatic.Refresh().Refresh().Refresh("south"));
        await district.ImportAsync();
        source.Records[Collection.Orgs]["north"]["name"] = "North Academy";

        // Asked for before any import has seen the older one, as the page does it.
        var older = SchoolsMapping.Automatic;
        await district.ConfigureAsync(source.Type, bulk: true, "", older);
        var taken = AcceptedDerivation.Parse((await district.Store.Uploads.AcceptedAsync(TestDistrict.App, default))!.Derivation).RefreshTaken;
        await district.ConfigureAsync(source.Type, bulk: true, "", older.Refresh("north", taken));
        await district.ImportAsync();
        (await NamesAsync(district, Kind.School)).ShouldBe(["North Academy", "South"]);

        // Asked for after an import with the older one, as a file may do it.
        source.Records[Collection.Orgs]["north"]["name"] = "North Again";
        await district.ConfigureAsync(source.Type, bulk: true, "", older);
        (await district.ImportAsync()).State.ShouldBe("unchanged");
        await district.ConfigureAsync(source.Type, bulk: true, "", older.Refresh());
        await district.ImportAsync();
        (await NamesAsync(district, Kind.School)).ShouldBe(["North Again", "South"]);
    }

    [Fact]
    public async Task A_template_that_fails_for_schools_is_counted_once_for_each_that_is_derived()
    {
        await using var district = await TestDistrict.StartAsync(source);
        await ConfigureAsync("{{ 1 | divided_by: 0 }}");
        (await NoticesAsync()).ShouldContain(notice => notice.Contains("failed for 2 records", StringComparison.Ordinal));

        // Compared with what the source says now, and not derived.
        source.Records[Collection.Orgs]["north"]["name"] = "North Academy";
        (await NoticesAsync()).ShouldHaveSingleItem().ShouldContain("describes 1 of the schools otherwise");

        await ConfigureAsync("{{ 2 | divided_by: 0 }}");
        (await NoticesAsync()).ShouldContain(notice => notice.Contains("failed for 2 records", StringComparison.Ordinal));

        Task ConfigureAsync(string template) =>
            district.ConfigureAsync(
                new AppConfiguration
                {
                    Type = source.Type,
                    Schools = SchoolsMapping.Automatic,
                    Attributes = new Dictionary<string, IReadOnlyList<AttributePair>>(StringComparer.Ordinal)
                    {
                        ["school"] = [new AttributePair { Target = "identifier", Template = template }],
                    },
                }
            );

        async Task<IReadOnlyList<string>> NoticesAsync() => RunReport.FromJson((await district.ImportAsync()).Report).Notices;
    }

    [Fact]
    public async Task An_edited_name_wins_over_the_sources_even_when_it_is_taken_again()
    {
        await using var district = await TestDistrict.StartAsync(source);
        var mapping = Listed(Create("north", "Our North"), Create("south"));
        await district.ConfigureAsync(source.Type, bulk: true, "", mapping);
        await district.ImportAsync();
        source.Records[Collection.Orgs]["north"]["name"] = "North Academy";
        await district.ConfigureAsync(source.Type, bulk: true, "", mapping.Refresh());
        await district.ImportAsync();
        (await NamesAsync(district, Kind.School)).ShouldBe(["Our North", "South"]);
    }

    [Fact]
    public async Task Schools_become_parts_of_one_and_whoever_has_both_has_it_once()
    {
        await using var district = await TestDistrict.StartAsync(source);
        await district.ConfigureAsync(source.Type, bulk: true, "", Listed(Create("north", "Lincoln"), Join("south", "lincoln")));
        var run = await district.ImportAsync();
        run.State.ShouldBe("published");
        RunReport.FromJson(run.Report).Skipped.ShouldBeEmpty();
        var lincoln = IdOf("north");
        foreach (var student in await RowsAsync(district, Kind.Student))
        {
            ((RollbookId[])student["schools"]!).ShouldBe([lincoln]);
        }

        (await RowsAsync(district, Kind.Class)).Select(row => row["school"]).ShouldAllBe(school => school!.Equals(lincoln));
    }

    [Fact]
    public async Task A_mapped_school_that_is_gone_stays_until_its_mapping_is_deleted()
    {
        await using var district = await TestDistrict.StartAsync(source);
        await district.ConfigureAsync(source.Type, bulk: true, "", Listed(Create("north"), Create("south", "Our South")));
        await district.ImportAsync();
        Close("south");
        var changes = RunReport.FromJson((await district.ImportAsync()).Report).Changes;
        changes[Kind.School].ShouldBe(new ChangeCounts(Unchanged: 2));
        changes[Kind.Student].Delete.ShouldBe(1);
        (await NamesAsync(district, Kind.School)).ShouldBe(["North", "Our South"]);
        (await district.ImportAsync()).State.ShouldBe("unchanged");

        await district.ConfigureAsync(source.Type, bulk: true, "", Listed(Create("north")));
        await district.ImportAsync();
        (await NamesAsync(district, Kind.School)).ShouldBe(["North"]);
    }

    [Fact]
    public async Task With_auto_mapping_a_school_that_is_gone_goes_with_its_people()
    {
        await using var district = await TestDistrict.StartAsync(source);
        await district.ImportAsync();
        Close("south");
        await district.ImportAsync();
        (await NamesAsync(district, Kind.School)).ShouldBe(["North"]);
        (await NamesAsync(district, Kind.Student)).ShouldBe(["anna", "both"]);
    }

    [Fact]
    public async Task A_district_catalogue_is_imported_without_a_school_when_the_district_office_is_not_mapped()
    {
        source.Records[Collection.Orgs]["office"] = Organisation("office", "District office", "district");
        source.Records[Collection.Courses]["catalogue"] = Referring("catalogue", "title", ("org", "office"));
        await using var district = await TestDistrict.StartAsync(source);
        await district.ConfigureAsync(source.Type, bulk: true, "", Listed(Create("north")));
        await district.ImportAsync();
        (await NamesAsync(district, Kind.Course)).ShouldBe(["catalogue", "north-math"]);
        (await RowsAsync(district, Kind.Course)).Single(course => course.SisId is "catalogue")["school"].ShouldBeNull();
    }

    [Theory]
    [InlineData("Nowhere High", "there is no such school")]
    [InlineData("Twin", "2 schools have that name")]
    [InlineData("00000000-0000-8000-8000-000000000001", "there is no such school")]
    public async Task A_school_that_is_not_there_or_not_the_only_one_stops_the_import_and_changes_nothing(string school, string why)
    {
        source.Records[Collection.Orgs]["twin1"] = Organisation("twin1", "Twin", "school");
        source.Records[Collection.Orgs]["twin2"] = Organisation("twin2", "Twin", "school");
        await using var district = await TestDistrict.StartAsync(source);
        await district.ImportAsync();
        var before = await district.RosterAsync();
        await district.ConfigureAsync(source.Type, bulk: true, "", Listed(Create("north"), Join("south", school), Create("twin1"), Create("twin2")));
        var run = await district.ImportAsync();
        run.State.ShouldBe("failed");
        var failure = RunReport.FromJson(run.Report).Failure!;
        failure.Part.ShouldBe("schoolsMapping");
        failure.Message.ShouldContain(why);
        (await district.RosterAsync()).ShouldBe(before, ignoreOrder: true);
    }

    private static async Task<IEnumerable<string>> NamesAsync(TestDistrict district, Kind kind) =>
        (await RowsAsync(district, kind)).Select(row => kind == Kind.School ? (string)row["name"]! : row.SisId).Order(StringComparer.Ordinal);

    private void Close(string school)
    {
        foreach (var records in source.Records.Values)
        {
            foreach (var id in records.Where(record => record.Key.StartsWith(school, StringComparison.Ordinal)).Select(record => record.Key).ToList())
            {
                records.Remove(id);
            }
        }

        source.Records[Collection.Users].Remove("ben");
    }
}
