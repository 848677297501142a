using System.Text.Json.Nodes;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Tests.Derive;

namespace Rollbook.Sync.Tests.Migrate;

/// <summary>SIS Migration: the SIS gives new IDs to everything, and the roster's records keep their Rollbook IDs.</summary>
public sealed class SisMigrationTests
{
    private const int Pupils = 60;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Records_go_on_under_their_Rollbook_IDs_when_a_SIS_gives_new_IDs()
    {
        var (source, district) = await StartAsync();
        await using var running = district;
        var before = await district.RecordsAsync();
        Renew(source, "n-");
        await MapAsync(district, "n-");

        var held = await district.ImportOnceAsync();
        held.State.ShouldBe("held");
        RunReport
            .FromJson(held.Report)
            .Changes[Kind.Student]
            .ShouldSatisfyAllConditions(counts => counts.Create.ShouldBe(Pupils), counts => counts.Delete.ShouldBe(Pupils));

        var paired = await MigrateAsync(district, held.Number);
        paired.State.ShouldBe("held");
        var report = RunReport.FromJson(paired.Report);
        report.Holds.ShouldContain(hold => hold.Limit == "migration");
        foreach (var kind in new[] { Kind.Calendar, Kind.Course, Kind.Class, Kind.Student, Kind.Enrollment })
        {
            var counts = report.Changes[kind];
            (counts.Create, counts.Update, counts.Delete).ShouldBe((0, 0, 0), kind.ToString());
            counts.Rekey.ShouldBe(before.Keys.Count(record => record.Kind == kind), kind.ToString());
        }

        (await district.RecordsAsync()).Keys.ShouldBe(before.Keys, ignoreOrder: true);
        (await district.AcceptAsync(paired)).State.ShouldBe("published");
        var after = await district.RecordsAsync();
        after.Keys.ShouldBe(before.Keys, ignoreOrder: true);
        foreach (var (record, row) in after.Where(record => record.Key.Kind != Kind.School))
        {
            row.SisId.ShouldBe("n-" + before[record].SisId);
            foreach (var attribute in Kinds.Of(record.Kind).Attributes.Where(attribute => attribute.Name != "sisId"))
            {
                row[attribute].ShouldBe(before[record][attribute], attribute.Name);
            }
        }

        // From then on it is an ordinary source: nothing changes, one who comes has an ID of its own, one who goes goes.
        (await district.ImportOnceAsync()).State.ShouldBe("unchanged");
        source.Records[Collection.Users]["n-new"] = Pupil("n-new", 999, "n-s0");
        source.Records[Collection.Users].Remove("n-p5");
        source.Records[Collection.Enrollments].Remove("n-e5");
        source.Records[Collection.Users]["n-p6"]["givenName"] = "Other";
        var next = await district.ImportOnceAsync();
        next.State.ShouldBe("published");
        var changes = RunReport.FromJson(next.Report).Changes;
        (changes[Kind.Student].Create, changes[Kind.Student].Update, changes[Kind.Student].Delete).ShouldBe((1, 1, 1));
        changes[Kind.Enrollment].Delete.ShouldBe(1);
        (await district.RecordsAsync())
            .Single(record => record.Value.SisId == "n-new")
            .Key.Id.ShouldBe(RollbookId.Derive(new IdScope(TestDistrict.Id, TestDistrict.App, Family.Person), "n-new"));
    }

    [Fact]
    public async Task A_pair_that_is_kept_separate_comes_and_goes()
    {
        var (source, district) = await StartAsync();
        await using var running = district;
        var before = await district.RecordsAsync();
        Renew(source, "n-");
        await MapAsync(district, "n-");
        var held = await MigrateAsync(district, (await district.ImportOnceAsync()).Number);
        var key = RollbookId.Derive(new IdScope(TestDistrict.Id, TestDistrict.App, Family.Person), "n-p7");
        (await district.Store.Successors.PageAsync(TestDistrict.App, Kind.Student, null, 100, Token)).ShouldContain(pair =>
            pair.Key == key && pair.Domain == "email"
        );

        (await district.Imports.SeparateAsync(TestDistrict.Id, held.Number, key, isSeparate: true, Token)).ShouldBeNull();

        // What is accepted is not what was shown: it waits again, with the pupil's enrollment separate too, and looking for pairs once more finds nothing else.
        var again = await district.AcceptAsync(held);
        again.State.ShouldBe("held");
        ShouldBeSeparate(again);
        again = await MigrateAsync(district, held.Number);
        ShouldBeSeparate(again);

        // Taken as one and kept separate again, it is what it was.
        (await district.Imports.SeparateAsync(TestDistrict.Id, held.Number, key, isSeparate: false, Token)).ShouldBeNull();
        var one = RunReport.FromJson((await MigrateAsync(district, held.Number)).Report).Changes;
        (one[Kind.Student].Rekey, one[Kind.Enrollment].Rekey).ShouldBe((Pupils, Pupils));
        (await district.Imports.SeparateAsync(TestDistrict.Id, held.Number, key, isSeparate: true, Token)).ShouldBeNull();
        again = await MigrateAsync(district, held.Number);
        (await district.AcceptAsync(again)).State.ShouldBe("published");
        var after = await district.RecordsAsync();
        after.ShouldContainKey((Kind.Student, key));
        after.Keys.Count(record => before.ContainsKey(record) && record.Kind == Kind.Student).ShouldBe(Pupils - 1);
        (await district.ImportOnceAsync()).State.ShouldBe("unchanged");

        static void ShouldBeSeparate(RunRecord run)
        {
            var changes = RunReport.FromJson(run.Report).Changes;
            foreach (var kind in new[] { Kind.Student, Kind.Enrollment })
            {
                (changes[kind].Create, changes[kind].Delete, changes[kind].Rekey).ShouldBe((1, 1, Pupils - 1), kind.ToString());
            }
        }
    }

    [Fact]
    public async Task An_import_that_nobody_accepted_accepts_no_pair_and_what_is_left_out_goes_on_waiting()
    {
        var (source, district) = await StartAsync();
        await using var running = district;
        Renew(source, "n-");
        await MapAsync(district, "n-");
        await MigrateAsync(district, (await district.ImportOnceAsync()).Number);

        // The SIS says once what it said before: nothing changes, and nobody has looked at a pair.
        Renew(source, "n-", back: true);
        (await district.ImportOnceAsync()).State.ShouldBe("unchanged");
        (await district.Store.Successors.CountAsync(TestDistrict.App, Token)).ShouldAllBe(count => count.State == SuccessorState.Proposed);
        Renew(source, "n-");
        var held = await district.ImportOnceAsync();
        held.State.ShouldBe("held");
        RunReport.FromJson(held.Report).Holds[0].Limit.ShouldBe("migration");

        var left = (await district.RecordsAsync()).Single(record => record.Value.SisId == "p4").Key.Id;
        var choice = new PartChoice(new StagedSelection(Kind.Student, Id: left), IsLeft: true);
        (await district.Imports.ChooseAsync(TestDistrict.Id, held.Number, null, [choice], Token)).ShouldBeNull();
        var accepted = await district.AcceptAsync(held);
        accepted.State.ShouldBe("published", string.Join(' ', RunReport.FromJson(accepted.Report).Notices));
        (await district.Store.Successors.PageAsync(TestDistrict.App, Kind.Student, null, 10, Token)).ShouldHaveSingleItem().Id.ShouldBe(left);
        var next = await district.ImportOnceAsync();
        next.State.ShouldBe("held");
        RunReport.FromJson(next.Report).Holds.ShouldContain(hold => hold.Limit == "migration" && hold.Count == 1);
    }

    [Theory]
    [InlineData("n-")]
    [InlineData("z-")]
    public async Task Where_a_source_has_both_SIS_IDs_the_later_one_holds_and_the_former_one_is_passed_over(string prefix)
    {
        var (source, district) = await StartAsync();
        await using var running = district;
        Renew(source, prefix);
        await MapAsync(district, prefix);
        var held = await MigrateAsync(district, (await district.ImportOnceAsync()).Number);
        (await district.AcceptAsync(held)).State.ShouldBe("published");
        var before = await district.RosterAsync();

        // As some systems do, it goes on sending the old records, as deleted: with every import.
        foreach (var id in new[] { "p0", "p1" })
        {
            source.Records[Collection.Users][id] = Pupil(id, 7_000, prefix + "s0");
            source.Records[Collection.Users][id]["status"] = "tobedeleted";
        }

        (await district.ImportOnceAsync()).State.ShouldBe("unchanged");

        // Sent as active, before the new ones in the order of the records or after them.
        source.Records[Collection.Users]["p0"].Remove("status");
        source.Records[Collection.Users]["p1"].Remove("status");
        var both = await district.ImportOnceAsync();
        both.State.ShouldBe("unchanged");
        RunReport
            .FromJson(both.Report)
            .Notices.ShouldContain(notice => notice.StartsWith("2 records were passed over: the source has them under the SIS IDs from before"));
        (await district.RosterAsync()).ShouldBe(before, ignoreOrder: true);
    }

    [Fact]
    public async Task Pairs_are_forgotten_with_a_decline_and_never_published_without_a_person()
    {
        var (source, district) = await StartAsync();
        await using var running = district;
        Renew(source, "n-", only: ["p1"]);
        await district.ConfigureAsync(
            new AppConfiguration
            {
                Type = "scripted",
                Advanced = new AdvancedSettings { PreviewOfDataUpload = true },
            }
        );
        var waiting = await MigrateAsync(district, (await district.ImportOnceAsync()).Number);
        RunReport.FromJson(waiting.Report).Changes[Kind.Student].Rekey.ShouldBe(1);

        // The next import is far below every limit, and waits for the pair's sake.
        await district.ConfigureAsync(new AppConfiguration { Type = "scripted" });
        var next = await district.ImportOnceAsync();
        next.State.ShouldBe("held");
        RunReport.FromJson(next.Report).Holds.ShouldHaveSingleItem().Message.ShouldStartWith("SIS Migration: 1 record goes on");

        (await district.DeclineAsync(next)).State.ShouldBe("declined");
        (await district.Store.Successors.CountAsync(TestDistrict.App, Token)).ShouldBeEmpty();
        var plain = await district.ImportOnceAsync();
        plain.State.ShouldBe("published");
        RunReport.FromJson(plain.Report).Changes[Kind.Student].Create.ShouldBe(1);
    }

    [Fact]
    public async Task Whoever_shares_a_value_is_not_paired_and_nothing_to_pair_is_said()
    {
        var (source, district) = await StartAsync(preview: true);
        await using var running = district;
        source.Records[Collection.Users].Remove("p3");
        source.Records[Collection.Users]["x1"] = Pupil("x1", 3, "s0");
        source.Records[Collection.Users]["x2"] = Pupil("x2", 3, "s0");
        var held = await district.ImportOnceAsync();
        held.State.ShouldBe("waiting");
        for (var times = 0; times < 2; times++)
        {
            var again = await MigrateAsync(district, held.Number);
            again.State.ShouldBe("waiting");
            var report = RunReport.FromJson(again.Report);
            report.Notices.ShouldHaveSingleItem().ShouldStartWith("SIS Migration: nothing that would be created is known again");
            report.Changes.ShouldBe(RunReport.FromJson(held.Report).Changes);
        }

        (await district.AcceptAsync(held)).State.ShouldBe("published");
    }

    [Fact]
    public async Task Pairs_of_a_migration_that_was_called_off_neither_hold_an_import_nor_are_accepted_with_one()
    {
        var (source, district) = await StartAsync();
        await using var running = district;
        Renew(source, "n-");
        await MapAsync(district, "n-");
        (await MigrateAsync(district, (await district.ImportOnceAsync()).Number)).State.ShouldBe("held");

        // Back to the old SIS, without declining.
        Renew(source, "n-", back: true);
        await district.ConfigureAsync(
            new AppConfiguration
            {
                Type = "scripted",
                Advanced = new AdvancedSettings { PreviewOfDataUpload = true },
            }
        );
        source.Records[Collection.Users]["x1"] = Pupil("x1", 991, "s0");
        (await district.AcceptAsync(await district.ImportOnceAsync())).State.ShouldBe("published");
        (await district.Store.Successors.CountAsync(TestDistrict.App, Token)).ShouldNotContain(count => count.State == SuccessorState.Accepted);
        await district.ConfigureAsync(new AppConfiguration { Type = "scripted" });
        source.Records[Collection.Users]["x2"] = Pupil("x2", 992, "s0");
        (await district.ImportOnceAsync()).State.ShouldBe("published");

        // A pupil to whom the SIS gives an ID of the one that never came is somebody else.
        var before = await district.RecordsAsync();
        source.Records[Collection.Users]["n-p5"] = Pupil("n-p5", 993, "s0");
        (await district.ImportOnceAsync()).State.ShouldBe("published");
        (await district.RecordsAsync()).Count.ShouldBe(before.Count + 1);
    }

    private static async Task<RunRecord> MigrateAsync(TestDistrict district, long run)
    {
        (await district.Imports.MigrateAsync(TestDistrict.Id, run, Token)).ShouldBeOfType<StartResult.Started>();
        await district.Imports.WaitAsync(TestDistrict.Id, run, Token);
        return (await district.Store.Runs.GetAsync(run, Token))!;
    }

    private static async Task<(ScriptedSource Source, TestDistrict District)> StartAsync(bool preview = false)
    {
        var source = new ScriptedSource(new Random(1));
        source.Records[Collection.AcademicSessions]["t1"] = new JsonObject
        {
            ["sourcedId"] = "t1",
            ["title"] = "Fall",
            ["type"] = "term",
            ["startDate"] = "2026-08-15",
            ["endDate"] = "2026-12-20",
        };
        for (var school = 0; school < 2; school++)
        {
            source.Records[Collection.Orgs][$"s{school}"] = TwoSchools.Organisation($"s{school}", $"School {school}", "school");
            var course = TwoSchools.Referring($"c{school}", "title", ("org", $"s{school}"));
            course["courseCode"] = "MATH";
            source.Records[Collection.Courses][$"c{school}"] = course;
            for (var section = 0; section < 3; section++)
            {
                var id = $"k{school}-{section}";
                var made = TwoSchools.Referring(id, "title", ("course", $"c{school}"), ("school", $"s{school}"));
                made["classCode"] = $"MATH-{section}";
                made["terms"] = new JsonArray(new JsonObject { ["sourcedId"] = "t1" });
                source.Records[Collection.Classes][id] = made;
            }
        }

        for (var i = 0; i < Pupils; i++)
        {
            source.Records[Collection.Users][$"p{i}"] = Pupil($"p{i}", i, $"s{i % 2}");
            source.Records[Collection.Enrollments][$"e{i}"] = TwoSchools.Referring(
                $"e{i}",
                "role",
                ("user", $"p{i}"),
                ("class", $"k{i % 2}-{i % 3}"),
                ("school", $"s{i % 2}")
            );
        }

        var district = await TestDistrict.StartAsync([source]);
        await district.ConfigureAsync(
            new AppConfiguration
            {
                Type = "scripted",
                Advanced = new AdvancedSettings { PreviewOfDataUpload = preview },
            }
        );
        var first = await district.ImportOnceAsync();
        if (preview)
        {
            await district.AcceptAsync(first);
        }

        return (source, district);
    }

    private static JsonObject Pupil(string id, int number, string school)
    {
        var pupil = TwoSchools.Pupil(id, school);
        pupil["givenName"] = $"Given {number}";
        pupil["familyName"] = "Family";
        pupil["email"] = $"pupil{number}@x.example";
        return pupil;
    }

    /// <summary>What the district's data manager chooses in Schools Mapping: the new SIS's schools are the ones that are there.</summary>
    private static async Task MapAsync(TestDistrict district, string prefix)
    {
        var schools = (await district.RecordsAsync()).Where(record => record.Key.Kind == Kind.School);
        await district.ConfigureAsync(
            new AppConfiguration
            {
                Type = "scripted",
                Schools = new SchoolsMapping
                {
                    Auto = true,
                    Mapped = [.. schools.Select(school => TwoSchools.Join(prefix + school.Value.SisId, school.Key.Id.ToString()))],
                },
            }
        );
    }

    /// <summary>Gives every record another ID, and has them refer to each other by it; or only those named, with what refers to them.</summary>
    private static void Renew(ScriptedSource source, string prefix, IReadOnlyCollection<string>? only = null, bool back = false)
    {
        var ids = source
            .Records.Values.SelectMany(records => records.Keys)
            .Where(id => only?.Contains(id) != false)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var records in source.Records.Values)
        {
            var all = records.ToList();
            records.Clear();
            foreach (var (_, record) in all)
            {
                Rename(record);
                records[record["sourcedId"]!.GetValue<string>()] = record;
            }
        }

        void Rename(JsonNode? node)
        {
            switch (node)
            {
                case JsonObject members:
                    foreach (var (name, value) in members.ToList())
                    {
                        if (name == "sourcedId" && value!.GetValue<string>() is var id && ids.Contains(id))
                        {
                            members[name] = back ? id[prefix.Length..] : prefix + id;
                        }
                        else
                        {
                            Rename(value);
                        }
                    }

                    break;
                case JsonArray items:
                    foreach (var item in items)
                    {
                        Rename(item);
                    }

                    break;
            }
        }
    }
}
