using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Rollbook.Host.Tests.Imports;
using Rollbook.Model;
using Rollbook.Simulator;
using Rollbook.Storage;
using Kind = Rollbook.Model.Kind;

namespace Rollbook.Host.Tests.Program;

/// <summary>A run that waits for a person, on the command line.</summary>
public abstract class DecisionProgramTests(Engine engine)
{
    [Fact]
    public async Task A_held_run_is_looked_at_declined_and_the_next_one_accepted()
    {
        await using var sis = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 200, Seed = 5 });
        await using var here = await Installation.NewAsync(engine);
        (await here.RunAsync("apply", "-f", await here.WriteAsync(sis))).Status.ShouldBe(0);
        (await here.RunAsync("import", "synergy")).Status.ShouldBe(0);

        sis.Scenarios.MassWipe(0.4);
        var held = await here.RunAsync("import", "synergy", "--json");
        held.Status.ShouldBe(3, held.Error);
        var run = JsonNode.Parse(held.Output)!;
        run["state"]!.GetValue<string>().ShouldBe("held");
        run["endedAt"].ShouldBeNull();
        var hold = run["holds"]!
            .AsArray()
            .First(each => each!["kind"]!.GetValue<string>() == "student" && each["scope"]!.GetValue<string>() == "source")!;
        (hold["limit"]!.GetValue<string>(), hold["count"]!.GetValue<int>(), hold["base"]!.GetValue<int>()).ShouldBe(("delete", 80, 200));
        hold["message"]!
            .GetValue<string>()
            .ShouldBe("80 of the 200 students that this source has in the roster would be deleted (40 %). The limit is 10 %, from 25 records on.");
        (await here.RunAsync("run", "2")).Output.ShouldContain("is held and waits for a person");
        Lines(await here.RunAsync("changes", "2", "--kind", "student", "--json")).Count.ShouldBe(80);
        Lines(await here.RunAsync("records", "student", "--json")).Count.ShouldBe(200);

        (await here.RunAsync("decline", "2")).Error.ShouldContain("Give a reason");
        (await here.RunAsync("decline", "2", "--reason", "Stale", "--hash", "0123")).Error.ShouldContain("others now than those that were shown");
        var declined = await here.RunAsync("decline", "2", "--reason", "Half an export", "--hash", run["changeHash"]!.GetValue<string>(), "--json");
        declined.Status.ShouldBe(0, declined.Error);
        JsonNode.Parse(declined.Output)!["decision"]!["reason"]!.GetValue<string>().ShouldBe("Half an export");
        (await here.RunAsync("accept", "2", "--reason", "After all")).Status.ShouldBe(2);

        var again = JsonNode.Parse((await here.RunAsync("import", "synergy", "--json")).Output)!;
        (await here.RunAsync("accept", "3", "--reason", "Stale", "--hash", "0123")).Status.ShouldBe(2);
        (await here.RunAsync("accept", "3", "--reason", "Typo", "--school", "No such school")).Error.ShouldContain(
            "None of the changes is at a school"
        );

        // One pupil of the eighty first, by its ID. That its contacts stay and lose a pupil was not shown: it is asked again. The next import brings the rest.
        var one = Lines(await here.RunAsync("changes", "3", "--kind", "student", "--json"))[0]["id"]!.GetValue<string>();

        // Without a reason nothing is left out either.
        (await here.RunAsync("accept", "3", "--record", one)).Error.ShouldContain("Give a reason");
        (await here.RunAsync("run", "3")).Output.ShouldNotContain("Left out");
        string[] part = ["accept", "3", "--reason", "One has left", "--record", one, "--hash", again["changeHash"]!.GetValue<string>(), "--json"];
        (await here.RunAsync(part)).Status.ShouldBe(3);
        var answered = await here.RunAsync("accept", "3", "--reason", "One has left", "--json");
        answered.Status.ShouldBe(0, answered.Error + answered.Output);
        var partly = JsonNode.Parse(answered.Output)!;
        (
            partly["state"]!.GetValue<string>(),
            partly["changes"]!["student"]!["delete"]!.GetValue<int>(),
            partly["leftOut"]!["student"]!["delete"]!.GetValue<int>()
        ).ShouldBe(("published", 1, 79));
        again = JsonNode.Parse((await here.RunAsync("import", "synergy", "--json")).Output)!;
        var accepted = await here.RunAsync("accept", "4", "--reason", "A school left", "--hash", again["changeHash"]!.GetValue<string>(), "--json");
        accepted.Status.ShouldBe(0, accepted.Error);
        JsonNode.Parse(accepted.Output)!["state"]!.GetValue<string>().ShouldBe("published");
        Lines(await here.RunAsync("records", "student", "--json")).Count.ShouldBe(120);
        (await here.RunAsync("versions", "--json")).Output.ShouldContain("A school left");
        (await here.RunAsync("import", "synergy")).Status.ShouldBe(0);

        // What was told is of today.
        var purged = JsonNode.Parse((await here.RunAsync("purge", "--before", "2", "--yes", "--json")).Output)!;
        (purged["versions"]!.GetValue<int>(), purged["notifications"]!.GetValue<int>()).ShouldBe((1, 0));
    }

    [Fact]
    public async Task Preview_and_the_threshold_of_the_file_are_enforced()
    {
        await using var sis = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 200, Seed = 5 });
        await using var here = await Installation.NewAsync(engine);
        await ApplyAsync("previewOfDataUpload: true");
        (await here.RunAsync("import", "synergy")).Status.ShouldBe(3);
        Lines(await here.RunAsync("records", "student", "--json")).ShouldBeEmpty();
        var whole = await here.RunAsync("accept", "1", "--reason", "First import", "--whole");
        whole.Status.ShouldBe(0, whole.Error);
        (await here.RunAsync("accept", "1", "--reason", "x", "--whole", "--kind", "student")).Error.ShouldContain("Give one or the other");

        await ApplyAsync("syncHoldThreshold: off");
        sis.Scenarios.MassWipe(0.4);
        (await here.RunAsync("import", "synergy")).Status.ShouldBe(0);
        Lines(await here.RunAsync("records", "student", "--json")).Count.ShouldBe(120);

        // Nobody is known here by the account of the console, so nobody is one of two here.
        await ApplyAsync("previewOfDataUpload: true, secondPerson: true");
        sis.Scenarios.Withdrawal();
        (await here.RunAsync("import", "synergy")).Status.ShouldBe(3);
        var refused = await here.RunAsync("accept", "3", "--reason", "Has left");
        refused.Status.ShouldBe(2);
        refused.Error.ShouldContain("Accept it in the console");
        Lines(await here.RunAsync("records", "student", "--json")).Count.ShouldBe(120);
        (await here.RunAsync("decline", "3", "--reason", "Not yet")).Status.ShouldBe(0);

        async Task ApplyAsync(string advanced)
        {
            var applied = await here.RunAsync("apply", "-f", await here.WriteAsync(sis, more: $"    advanced: {{ {advanced} }}"));
            applied.Status.ShouldBe(0, applied.Error);
        }
    }

    [Fact]
    public async Task With_a_school_come_its_own_record_and_what_it_is_below_and_no_other_school()
    {
        await using var sis = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 200, Seed = 5 });
        await using var here = await Installation.NewAsync(engine);
        var applied = await here.RunAsync("apply", "-f", await here.WriteAsync(sis, more: "    advanced: { previewOfDataUpload: true }"));
        applied.Status.ShouldBe(0, applied.Error);
        (await here.RunAsync("import", "synergy")).Status.ShouldBe(3);
        var schools = Lines(await here.RunAsync("records", "school", "--waiting", "1", "--json"));
        var below = schools.Where(school => school["parent"] is not null).ToList();
        below.Count.ShouldBeGreaterThan(1);
        var (one, above) = (below[0]["id"]!.GetValue<string>(), below[0]["parent"]!.GetValue<string>());
        var accepted = await here.RunAsync("accept", "1", "--school", one, "--kind", "school", "--reason", "This one first");
        accepted.Status.ShouldBe(0, accepted.Error + accepted.Output);
        Lines(await here.RunAsync("records", "school", "--json"))
            .Select(school => school["id"]!.GetValue<string>())
            .ShouldBe([one, above], ignoreOrder: true);
    }

    [Fact]
    public async Task New_SIS_IDs_are_paired_and_the_package_says_the_same_of_everybody()
    {
        await using var sis = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 60, Seed = 5 });
        await using var here = await Installation.NewAsync(engine);
        (await here.RunAsync("apply", "-f", await here.WriteAsync(sis))).Status.ShouldBe(0);
        (await here.RunAsync("import", "synergy")).Status.ShouldBe(0);
        var before = await EnrollmentsAsync();

        sis.Scenarios.IdReKey([
            Simulator.Kind.AcademicSessions,
            Simulator.Kind.Courses,
            Simulator.Kind.Classes,
            Simulator.Kind.Users,
            Simulator.Kind.Enrollments,
        ]);
        (await here.RunAsync("import", "synergy")).Status.ShouldBe(3);
        var pairs = await here.RunAsync("migrate", "2", "--json");
        pairs.Status.ShouldBe(3, pairs.Error);
        var students = Lines(pairs).Where(pair => pair["kind"]!.GetValue<string>() == "student").ToList();
        students.Count.ShouldBe(60);
        var told = await here.RunAsync("migrate", "2");
        told.Status.ShouldBe(3, told.Error);
        told.Error.ShouldContain("Students: 60 known again by");
        (await here.RunAsync("migrate", "2", "--separate", "nobody")).Error.ShouldContain("is not the ID of a pair");
        (await here.RunAsync("accept", "2", "--reason", "The SIS gave new IDs")).Status.ShouldBe(0);
        (await EnrollmentsAsync()).ShouldBe(before);
        (await here.RunAsync("import", "synergy")).Status.ShouldBe(0);
        (await EnrollmentsAsync()).ShouldBe(before);

        // What applications read: enrollments.csv, with the IDs of people, classes and schools, but for the SIS ID and the moment of the change.
        async Task<IReadOnlyList<string>> EnrollmentsAsync()
        {
            var file = Path.Combine(here.Folder, "exported.zip");
            File.Delete(file);
            (await here.RunAsync("export", "--format", "oneroster-1.1", "--output", file)).Status.ShouldBe(0);
            await using var zip = await ZipFile.OpenReadAsync(file);
            using var reader = new StreamReader(await zip.GetEntry("enrollments.csv")!.OpenAsync());
            var lines = (await reader.ReadToEndAsync())
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Trim('\r').Split(','))
                .ToList();
            var kept = lines[0]
                .Index()
                .Where(column => column.Item is not ("dateLastModified" or "metadata.sisId"))
                .Select(column => column.Index)
                .ToList();
            return [.. lines.Select(line => string.Join(',', kept.Select(column => line[column])))];
        }
    }

    [Fact]
    public async Task The_roster_after_a_run_that_waits_is_listed_as_it_is_once_the_run_is_accepted()
    {
        await using var sis = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 120, Seed = 5 });
        await using var here = await Installation.NewAsync(engine);
        (await here.RunAsync("apply", "-f", await here.WriteAsync(sis))).Status.ShouldBe(0);
        (await here.RunAsync("import", "synergy")).Status.ShouldBe(0);
        string[] kinds = ["student", "contact", "enrollment"];
        var before = await ListAsync("student");

        sis.Scenarios.MassWipe(0.4);
        sis.Scenarios.NewStudent(3);
        (await here.RunAsync("import", "synergy")).Status.ShouldBe(3);
        var one = Lines(await here.RunAsync("changes", "2", "--kind", "student", "--operation", "delete", "--json"))[0]["id"]!.GetValue<string>();
        var whole = await ListAsync("student", "--waiting", "2");
        whole.Count.ShouldBe(120 - 48 + 3);
        whole.ShouldNotContain(line => line.Contains(one, StringComparison.Ordinal));
        (await ListAsync("student")).ShouldBe(before);

        // What is left out stays as it is in this list, too. The first acceptance of a part shows what else comes of it.
        (await here.RunAsync("accept", "2", "--reason", "One has left", "--record", one)).Status.ShouldBe(3);
        var shown = await AllAsync("--waiting", "2");
        shown["student"].Count.ShouldBe(119);
        var accepted = await here.RunAsync("accept", "2", "--reason", "One has left");
        accepted.Status.ShouldBe(0, accepted.Error + accepted.Output);
        var published = await AllAsync();
        foreach (var kind in kinds)
        {
            shown[kind].ShouldBe(published[kind], kind);
        }

        var decided = await here.RunAsync("records", "student", "--waiting", "2");
        (decided.Status, decided.Output).ShouldBe((2, ""));
        decided.Error.ShouldContain("Run 2 does not wait for a person: it is published. See: rollbook run 2");
        (await here.RunAsync("records", "student", "--waiting", "99")).Error.ShouldContain("There is no run 99");
        var both = await here.RunAsync("records", "student", "--waiting", "2", "--as-of", "1");
        (both.Status, both.Error.Contains("--as-of", StringComparison.Ordinal)).ShouldBe((2, true));

        async Task<Dictionary<string, IReadOnlyList<string>>> AllAsync(params string[] more)
        {
            var lists = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
            foreach (var kind in kinds)
            {
                lists[kind] = await ListAsync(kind, more);
            }

            return lists;
        }

        async Task<IReadOnlyList<string>> ListAsync(string kind, params string[] more)
        {
            var listed = await here.RunAsync(["records", kind, "--json", .. more]);
            listed.Status.ShouldBe(0, listed.Error);
            return [.. listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        }
    }

    [Fact]
    public async Task Additions_go_through_removals_wait_and_what_was_left_out_of_them_is_taken_in_again()
    {
        await using var sis = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 200, Seed = 5 });
        await using var here = await Installation.NewAsync(engine);
        (await here.RunAsync("apply", "-f", await here.WriteAsync(sis, more: "    advanced: { holdMode: removals }"))).Status.ShouldBe(0);
        (await here.RunAsync("import", "synergy")).Status.ShouldBe(0);

        sis.Scenarios.MassWipe(0.4);
        sis.Scenarios.NewStudent(3);
        var held = await here.RunAsync("import", "synergy");
        held.Status.ShouldBe(3, held.Error);
        Said(held).ShouldContain("What it adds and updates was published by run 3. What it removes waits.");
        Said(await here.RunAsync("run", "3")).ShouldContain("Run 3 of synergy (what a held run adds and updates) published version 2");
        await ShouldBeAsync(203, 224);
        Lines(await here.RunAsync("changes", "2", "--json")).ShouldAllBe(line => line["operation"]!.GetValue<string>() == "delete");

        // The contacts alone: that students stay and lose one was not shown. What is left out is said, and can still be taken in again, but not unseen.
        var part = await here.RunAsync("accept", "2", "--reason", "They have moved", "--kind", "contact");
        part.Status.ShouldBe(3, part.Error + part.Output);
        Said(part).ShouldContain("some of the changes come otherwise than they were shown");
        Said(part).ShouldNotContain("of the configuration");
        await ShouldTellLeftAsync("2", "student", "enrollment");
        var again = await here.RunAsync("accept", "2", "--reason", "They all have left", "--whole");
        again.Status.ShouldBe(3, again.Error + again.Output);
        Said(again).ShouldContain("What was left out before is taken in again, and is among the changes now.");
        Said(again).ShouldNotContain("Left out of what accept");
        (await here.RunAsync("accept", "2", "--reason", "They all have left")).Status.ShouldBe(0);
        await ShouldBeAsync(123, 187);
        Said(await here.RunAsync("import", "synergy")).ShouldContain("found nothing to change");

        // As it is left out in the console, where everything is among the changes: --whole takes it in and publishes it.
        sis.Scenarios.MassWipe(0.4);
        var next = await here.RunAsync("import", "synergy", "--json");
        next.Status.ShouldBe(3, next.Error);
        var run = JsonNode.Parse(next.Output)!["run"]!.GetValue<string>();
        await using (var installation = here.Open())
        {
            var store = (await installation.OpenAsync("riverside", TestContext.Current.CancellationToken))!;
            var number = long.Parse(run, CultureInfo.InvariantCulture);
            await store.Staged.LeaveAsync(number, new StagedSelection(Kind.Enrollment), isLeft: true, TestContext.Current.CancellationToken);
            await store.Staged.LeaveAsync(number, new StagedSelection(Kind.Contact), isLeft: true, TestContext.Current.CancellationToken);
        }

        await ShouldTellLeftAsync(run, "contact", "enrollment");
        var whole = await here.RunAsync("accept", run, "--whole", "--reason", "The school has told us");
        whole.Status.ShouldBe(0, whole.Error + whole.Output);
        Said(whole).ShouldNotContain("Left out:");
        Said(await here.RunAsync("import", "synergy")).ShouldContain("found nothing to change");

        async Task ShouldTellLeftAsync(string held, string kind, string other)
        {
            var left = JsonNode.Parse((await here.RunAsync("run", held, "--json")).Output)!["leftOut"]!.AsObject();
            left.Select(each => each.Key).ShouldBe([kind, other], ignoreOrder: true);
            string Deleted(string word) => left[word]!["delete"]!.GetValue<int>().ToString("N0", CultureInfo.InvariantCulture);
            Said(await here.RunAsync("run", held))
                .ShouldContain(
                    $"Left out of what accept publishes: {kind}s {Deleted(kind)} deleted; {other}s {Deleted(other)} deleted. Publish everything with: rollbook accept {held} --whole --reason TEXT"
                );
        }

        async Task ShouldBeAsync(int students, int guardians)
        {
            Lines(await here.RunAsync("records", "student", "--json")).Count.ShouldBe(students);
            Lines(await here.RunAsync("records", "contact", "--json")).Count.ShouldBe(guardians);
        }
    }

    /// <summary>What was said, without the ends of the lines of a terminal.</summary>
    private static string Said(RollbookProcess.Answer answer) =>
        string.Join(' ', answer.Output.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));

    private static List<JsonNode> Lines(RollbookProcess.Answer answer) =>
        [.. answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
}

/// <summary>On SQLite.</summary>
public sealed class DecisionProgramTestsOnSqlite() : DecisionProgramTests(Engine.Sqlite);

/// <summary>On PostgreSQL.</summary>
public sealed class DecisionProgramTestsOnPostgres() : DecisionProgramTests(Engine.Postgres);
