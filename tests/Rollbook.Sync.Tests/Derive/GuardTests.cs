using System.Text.Json.Nodes;
using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Lineage;
using Rollbook.Sync.Runs;

namespace Rollbook.Sync.Tests.Derive;

/// <summary>A failed read never looks like a deletion (sync-safety.md section 8, number 4).</summary>
public sealed class GuardTests
{
    [Theory]
    [InlineData(Collection.Orgs)]
    [InlineData(Collection.Users)]
    [InlineData(Collection.Enrollments)]
    [InlineData(Collection.Demographics)]
    public async Task A_collection_that_comes_back_empty_fails_the_run(Collection collection)
    {
        var source = Filled();
        await using var district = await TestDistrict.StartAsync(source);
        await district.ImportAsync();
        var before = await district.RosterAsync();

        source.Records[collection].Clear();
        var run = await district.ImportAsync();

        run.State.ShouldBe("failed");
        RunReport.FromJson(run.Report).Failure!.Part.ShouldBe("guard");
        RunReport.FromJson(run.Report).Failure!.Message.ShouldContain(Collections.NameOf(collection));
        (await district.RosterAsync()).ShouldBe(before, ignoreOrder: true);
    }

    [Fact]
    public async Task A_collection_shorter_than_its_own_total_fails_the_run_while_the_roster_has_more()
    {
        var source = Filled();
        await using var district = await TestDistrict.StartAsync(source);
        await district.ImportAsync();
        var before = await district.RosterAsync();
        var all = source.Records[Collection.Enrollments].Count;
        source.Records[Collection.Enrollments].Remove(source.Records[Collection.Enrollments].Keys.First());
        source.Claims = collection => collection == Collection.Enrollments ? all : null;

        var run = await district.ImportAsync();

        run.State.ShouldBe("failed");
        RunReport.FromJson(run.Report).Failure!.Message.ShouldContain("enrollments");
        (await district.RosterAsync()).ShouldBe(before, ignoreOrder: true);
    }

    [Fact]
    public async Task A_total_that_says_too_much_does_not_stop_a_first_import_but_is_told()
    {
        var source = Filled();
        source.Claims = collection => collection == Collection.Users ? 1_000 : null;
        await using var district = await TestDistrict.StartAsync(source);
        var run = await district.ImportAsync();
        run.State.ShouldBe("published");
        RunReport.FromJson(run.Report).Notices.ShouldContain(notice => notice.Contains("1,000 users", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Demographics_that_are_no_longer_licensed_stay_as_they_were()
    {
        var source = Filled();
        await using var district = await TestDistrict.StartAsync(source);
        await district.ImportAsync();
        var before = await district.RosterAsync();
        source.Missing.Add(Collection.Demographics);
        var run = await district.ImportAsync();
        run.State.ShouldBe("unchanged");
        (await district.RosterAsync()).ShouldBe(before, ignoreOrder: true);

        foreach (var user in source.Records[Collection.Users].Values)
        {
            user["email"] = "new@x.example";
        }

        await district.ImportAsync();
        var after = await district.RosterAsync();
        after.ShouldBe(SlowReference.Derive(source.Records, TestDistrict.Id, TestDistrict.App, ""), ignoreOrder: true);
    }

    [Fact]
    public async Task Cut_after_any_record_a_read_deletes_nothing_and_the_next_import_succeeds()
    {
        var source = Filled();
        await using var district = await TestDistrict.StartAsync(source);
        await district.ImportAsync();
        var before = await district.RosterAsync();
        var total = source.Records.Values.Sum(records => records.Count);

        for (var cut = 0; cut < total; cut += 3)
        {
            source.Failure = (cut, new SourceException(SourceFailure.Transient, CheckPart.Roster, "The connection was cut. Run the import again."));
            var run = await district.ImportAsync();
            run.State.ShouldBe("failed");
            RunReport.FromJson(run.Report).Failure.ShouldBe(new RunFailure("roster", "The connection was cut. Run the import again.", Retry: true));
            (await district.RosterAsync()).ShouldBe(before, ignoreOrder: true);
            (await district.Store.Roster.LatestAsync(default))!.Number.ShouldBe(1);
        }

        source.Failure = null;
        (await district.ImportAsync()).State.ShouldBe("unchanged");
        Directory.GetFileSystemEntries(district.WorkFolder).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_record_marked_deleted_at_a_first_reading_and_there_at_a_second_stays_as_the_second_says(bool isListed)
    {
        var source = Filled();
        await using var district = await TestDistrict.StartAsync(source);
        if (isListed)
        {
            var schools = source.Records[Collection.Orgs].Keys.Select(school => new SchoolMapping { Source = school, Create = "" });
            await district.ConfigureAsync(source.Type, bulk: true, prefix: "", new SchoolsMapping { Mapped = [.. schools] });
        }

        await district.ImportAsync();
        source.Earlier = source.Records.ToDictionary(
            records => records.Key,
            records => new SortedDictionary<string, JsonObject>(
                records.Value.ToDictionary(record => record.Key, record => new JsonObject { ["sourcedId"] = record.Key, ["status"] = "tobedeleted" }),
                StringComparer.Ordinal
            )
        );

        (await district.ImportAsync()).State.ShouldBe("unchanged");
        (await district.RosterAsync()).ShouldBe(SlowReference.Derive(source.Records, TestDistrict.Id, TestDistrict.App, ""), ignoreOrder: true);

        foreach (var user in source.Records[Collection.Users].Values)
        {
            user["email"] = "new@x.example";
        }

        var run = await district.ImportAsync();
        RunReport.FromJson(run.Report).Changes.Values.Sum(counts => counts.Create + counts.Delete).ShouldBe(0);
        (await district.RosterAsync()).ShouldBe(SlowReference.Derive(source.Records, TestDistrict.Id, TestDistrict.App, ""), ignoreOrder: true);
    }

    [Fact]
    public async Task A_record_that_comes_without_its_id_is_not_taken_for_deleted()
    {
        var source = Filled();
        await using var district = await TestDistrict.StartAsync(source);
        await district.ImportAsync();
        var before = await district.RosterAsync();

        source.Nameless.Add((Collection.Users, "u3"));
        source.Nameless.Add((Collection.Orgs, "o1"));
        var run = await district.ImportAsync();
        run.State.ShouldBe("unchanged");
        RunReport
            .FromJson(run.Report)
            .Notices.ShouldContain(notice => notice.Contains("1 of the users came without a sourcedId", StringComparison.Ordinal));
        (await district.RosterAsync()).ShouldBe(before, ignoreOrder: true);

        source.Nameless.Clear();
        source.Records[Collection.Users].Remove("u3");
        await district.ImportAsync();
        (await district.RosterAsync()).ShouldBe(SlowReference.Derive(source.Records, TestDistrict.Id, TestDistrict.App, ""), ignoreOrder: true);
    }

    [Fact]
    public async Task Half_a_surrogate_pair_anywhere_stops_nothing()
    {
        var source = Filled();
        foreach (var user in source.Records[Collection.Users].Values)
        {
            user["role"] = "student";
            user["familyName"] = "HALF";
            user["userIds"] = new JsonArray(
                new JsonObject { ["type"] = "HALF", ["identifier"] = "HALF" },
                new JsonObject { ["type"] = "stateID", ["identifier"] = "HALF" }
            );
            user["metadata"] = new JsonObject { ["HALF"] = "x", ["locker"] = "HALF" };
        }

        source.Records[Collection.Enrollments]["e1"]["class"] = new JsonObject { ["sourcedId"] = "HALF" };
        source.Replace = ("HALF", "\\ud800");
        await using var district = await TestDistrict.StartAsync(source);
        (await district.ImportAsync()).State.ShouldBe("published");
        foreach (
            var (family, sourcedId) in source.Records[Collection.Users].Keys.Select(user => (Family.Person, user)).Append((Family.Enrollment, "e1"))
        )
        {
            var id = RollbookId.Derive(new IdScope(TestDistrict.Id, TestDistrict.App, family), sourcedId);
            var explained = await new Explanations(new KeptRecords()).ExplainAsync(district.Store, kind: null, id, default);
            explained.ShouldNotBeNull().Sources.ShouldHaveSingleItem().Raw!.ShouldContain("ud800");
        }
    }

    [Fact]
    public async Task A_defect_is_told_without_its_details()
    {
        var source = Filled();
        source.Failure = (5, new InvalidOperationException("Amara Diaz was here"));
        await using var district = await TestDistrict.StartAsync(source);
        var run = await district.ImportAsync();
        run.State.ShouldBe("failed");
        RunReport.FromJson(run.Report).Failure!.Part.ShouldBe("program");
        run.Report!.ShouldNotContain("Amara");
    }

    internal static ScriptedSource Filled(int seed = 11)
    {
        var random = new Random(seed);
        var source = new ScriptedSource(random);
        var small = new SmallDistrict(random);
        foreach (var collection in Collections.InOrder)
        {
            foreach (var id in small.Ids(collection))
            {
                source.Records[collection][id] = small.Record(collection, id);
            }
        }

        return source;
    }
}
