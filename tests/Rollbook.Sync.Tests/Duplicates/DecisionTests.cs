using System.Text.Json.Nodes;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Duplicates;
using Rollbook.Sync.Lineage;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Tests.Derive;
using Rollbook.Testing;

namespace Rollbook.Sync.Tests.Duplicates;

/// <summary>Merge, Keep separate and undo, carried out by runs and reversible (product.md 3.6).</summary>
public sealed class DecisionTests
{
    private const string Sis = "one";
    private const string Directory = "two";

    private readonly ScriptedSource sis = new(new Random(1)) { Type = Sis };
    private readonly ScriptedSource directory = new(new Random(2)) { Type = Directory };
    private readonly MemoryAuditLog audit = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Duplicates_of_one_source_are_found_merged_and_given_back()
    {
        await using var district = await StartAsync();
        var before = await district.RosterAsync();
        var found = await FoundAsync(district);
        found.ShouldHaveSingleItem().Records.ShouldBe([Record(Sis, "1"), Record(Sis, "2")], ignoreOrder: true);
        found[0].Domain.ShouldBe(["email"]);

        var preview = (await DuplicateComparison.OfAsync(district.Store, [Id(Sis, "1"), Id(Sis, "2")], Id(Sis, "1"), Token))!;
        preview.Stays.ShouldBe(Id(Sis, "1"));
        preview.Leaving.ShouldBe([(Id(Sis, "2"), 1)]);
        preview.Marks.Single(mark => mark.Attribute.Name == "email").Mark.ShouldBe(AttributeMark.Agree);
        preview.Marks.Single(mark => mark.Attribute.Name == "givenName").Mark.ShouldBe(AttributeMark.Differ);
        preview.Marks.Single(mark => mark.Attribute.Name == "phone").Mark.ShouldBe(AttributeMark.Missing);

        var merged = await DecideAsync(
            district,
            decisions => decisions.MergeAsync(district.Store, [Id(Sis, "1"), Id(Sis, "2")], Id(Sis, "1"), "amira", Token)
        );
        var report = RunReport.FromJson(merged.ShouldHaveSingleItem().Report);
        (merged[0].State, merged[0].StartedBy, report.Purpose).ShouldBe(("published", "amira", RunPurpose.Uniting));
        report.Changes[Kind.Student].ShouldBe(new ChangeCounts(Update: 1, Delete: 1, Unchanged: 1, Consequences: 2));
        var one = await StudentAsync(district, Id(Sis, "1"));
        ((string?)one!.Row["givenName"], (string?)one.Row["phone"]).ShouldBe(("Ann", "555-1234"));
        one.Row.Bytes.ToArray().ShouldBe(preview.Merged.Bytes.ToArray());
        (await StudentAsync(district, Id(Sis, "2"))).ShouldBeNull();
        (await EnrolledAsync(district)).ShouldBe([Id(Sis, "1"), Id(Sis, "1")]);
        (await FoundAsync(district)).ShouldBeEmpty();
        (await district.ImportAsync(Sis)).State.ShouldBe("unchanged");

        await DecideAsync(district, decisions => decisions.UndoAsync(district.Store, [Id(Sis, "2"), Id(Sis, "1")], "amira", Token));
        (await district.RosterAsync()).ShouldBe(before, ignoreOrder: true);
        (await FoundAsync(district)).ShouldHaveSingleItem().Number.ShouldBe(found[0].Number);
        audit.Entries.Select(entry => entry.Action).ShouldBe([AuditActions.DuplicateMerged, AuditActions.DuplicateUndone]);
    }

    [Theory]
    [InlineData("1", "2", "Ann")]
    [InlineData("2", "1", "Anna")]
    public async Task Why_a_merged_record_says_what_it_says_can_be_asked(string first, string other, string name)
    {
        await using var district = await StartAsync();
        await DecideAsync(district, decisions => decisions.MergeAsync(district.Store, [Id(Sis, "1"), Id(Sis, "2")], Id(Sis, first), "amira", Token));
        var explained = (await new Explanations(new KeptRecords()).ExplainAsync(district.Store, null, Id(Sis, first), Token))!;
        explained.Sources.Select(source => source.SisId).ShouldBe([first, other]);

        // Were the values other than the roster's, a second note would say so.
        explained.Notes.ShouldHaveSingleItem().ShouldContain("because a person merged it");
        explained.Record!.Row["givenName"].ShouldBe(name);
    }

    [Fact]
    public async Task What_is_kept_separate_is_not_asked_again_until_it_is_undone()
    {
        await using var district = await StartAsync();
        await DecideAsync(district, decisions => decisions.KeepSeparateAsync(district.Store, [Id(Sis, "1"), Id(Sis, "2")], "amira", Token));
        (await FoundAsync(district)).ShouldBeEmpty();
        await district.ImportAsync(Sis);
        (await FoundAsync(district)).ShouldBeEmpty();
        await DecideAsync(district, decisions => decisions.UndoAsync(district.Store, [Id(Sis, "1"), Id(Sis, "2")], "amira", Token));
        (await FoundAsync(district)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task People_whom_a_domain_joined_across_sources_can_be_kept_separate_and_joined_again()
    {
        await using var district = await StartAsync();
        directory.Records[Collection.Users]["d3"] = Person("d3", "Cynthia", "cy@x.example");
        (await district.ImportAsync(Directory)).State.ShouldBe("published");
        var together = await district.RosterAsync();
        (await StudentAsync(district, Id(Directory, "d3"))).ShouldBeNull();

        await DecideAsync(district, decisions => decisions.KeepSeparateAsync(district.Store, [Id(Sis, "3"), Id(Directory, "d3")], "amira", Token));
        (await StudentAsync(district, Id(Directory, "d3")))!.Row["sources"].ShouldBe(new[] { Directory });
        (await StudentAsync(district, Id(Sis, "3")))!.Row["sources"].ShouldBe(new[] { Sis });

        await DecideAsync(district, decisions => decisions.UndoAsync(district.Store, [Id(Sis, "3"), Id(Directory, "d3")], "amira", Token));
        (await district.RosterAsync()).ShouldBe(together, ignoreOrder: true);
    }

    [Fact]
    public async Task People_of_two_sources_who_agree_on_nothing_can_be_merged()
    {
        await using var district = await StartAsync();
        directory.Records[Collection.Users]["d9"] = Person("d9", "Cynthia", "other@x.example", "555-9");
        await district.ImportAsync(Directory);
        await DecideAsync(
            district,
            decisions => decisions.MergeAsync(district.Store, [Id(Directory, "d9"), Id(Sis, "3")], Id(Directory, "d9"), "amira", Token)
        );
        (await StudentAsync(district, Id(Directory, "d9"))).ShouldBeNull();
        var one = (await StudentAsync(district, Id(Sis, "3")))!.Row;
        one["sources"].ShouldBe(new[] { Sis, Directory });
        (one["phone"], one["givenName"]).ShouldBe(("555-9", "Cy"));
    }

    [Fact]
    public async Task The_Rollbook_ID_of_a_merged_record_outlives_the_source_record_that_it_came_from()
    {
        await using var district = await StartAsync();
        await DecideAsync(district, decisions => decisions.MergeAsync(district.Store, [Id(Sis, "1"), Id(Sis, "2")], Id(Sis, "1"), "amira", Token));
        var gone = sis.Records[Collection.Users]["1"];
        sis.Records[Collection.Users].Remove("1");
        sis.Records[Collection.Enrollments].Remove("first");
        await district.ImportAsync(Sis);
        (await StudentAsync(district, Id(Sis, "1")))!.Row.SisId.ShouldBe("2");
        (await EnrolledAsync(district)).ShouldBe([Id(Sis, "1")]);
        sis.Records[Collection.Users]["1"] = gone;
        await district.ImportAsync(Sis);
        (await StudentAsync(district, Id(Sis, "1")))!.Row.SisId.ShouldBe("1");
        (await StudentAsync(district, Id(Sis, "2"))).ShouldBeNull();
    }

    [Fact]
    public async Task Another_one_can_come_first_while_the_ID_stays_that_of_one_who_has_left()
    {
        await using var district = await StartAsync();
        var sisIds = new[] { "1", "2", "3" }.OrderBy(sisId => Id(Sis, sisId)).ToList();
        var (left, second, first) = (Record(Sis, sisIds[0]), Record(Sis, sisIds[1]), Record(Sis, sisIds[2]));
        await district.Store.Duplicates.DecideAsync([Merge(left, second), Merge(first, second)], Token);
        sis.Records[Collection.Users].Remove(sisIds[0]);
        await district.ImportAsync(Sis);
        (await StudentAsync(district, left.Key))!.Row.SisId.ShouldBe(sisIds[2]);

        await district.Store.Duplicates.UndoAsync(first.Key, second.Key, Token);
        await district.Store.Duplicates.DecideAsync([Merge(left, first)], Token);
        await district.ImportAsync(Sis);
        (await StudentAsync(district, left.Key))!.Row.SisId.ShouldBe(sisIds[1]);
        (await district.ImportAsync(Sis)).State.ShouldBe("unchanged");

        static DuplicateDecision Merge(SourceRecord first, SourceRecord second) =>
            new(Kind.Student, first, second, DuplicateVerdict.Merge, "amira", DateTimeOffset.UnixEpoch);
    }

    [Fact]
    public async Task Decisions_that_contradict_each_other_are_refused()
    {
        await using var district = await StartAsync();
        await DecideAsync(district, decisions => decisions.MergeAsync(district.Store, [Id(Sis, "1"), Id(Sis, "2")], Id(Sis, "1"), "amira", Token));
        await DecideAsync(district, decisions => decisions.KeepSeparateAsync(district.Store, [Id(Sis, "2"), Id(Sis, "3")], "amira", Token));
        var decisions = Decisions(district);
        (await decisions.MergeAsync(district.Store, [Id(Sis, "1"), Id(Sis, "3")], Id(Sis, "1"), "amira", Token))
            .ShouldBeOfType<DecisionResult.Refused>()
            .Message.ShouldContain("kept separate");
        (await decisions.KeepSeparateAsync(district.Store, [Id(Sis, "1"), Id(Sis, "2")], "amira", Token))
            .ShouldBeOfType<DecisionResult.Refused>()
            .Message.ShouldContain("merged");
        (await decisions.MergeAsync(district.Store, [Id(Sis, "1"), Id(Sis, "none")], Id(Sis, "1"), "amira", Token))
            .ShouldBeOfType<DecisionResult.Refused>()
            .Message.ShouldContain("no longer in the roster");
        (await decisions.UndoAsync(district.Store, [Id(Sis, "1"), Id(Sis, "3")], "amira", Token)).ShouldBeOfType<DecisionResult.Refused>();
        (await district.Store.Duplicates.DecisionsAsync(Token)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_decision_that_falls_into_a_run_is_carried_out_after_it()
    {
        await using var district = await StartAsync();
        sis.Records[Collection.Users]["5"] = Person("5", "Eve", "eve@x.example");
        var decided = new TaskCompletionSource();
        sis.BeforePage = (_, token) => decided.Task.WaitAsync(token);
        var started = (await district.Imports.StartAsync(TestDistrict.Id, Sis, "command", "test", Token)).ShouldBeOfType<StartResult.Started>();

        // The run has its lock and has read nothing yet; whatever it knows of the decision, the roster has it in the end.
        await district.Store.Duplicates.DecideAsync(
            [new DuplicateDecision(Kind.Student, Record(Sis, "1"), Record(Sis, "2"), DuplicateVerdict.Merge, "amira", DateTimeOffset.UnixEpoch)],
            Token
        );
        decided.SetResult();
        await district.Imports.WaitAsync(TestDistrict.Id, started.Run, Token);
        (await StudentAsync(district, Id(Sis, "2"))).ShouldBeNull();
        (await StudentAsync(district, Id(Sis, "5"))).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_value_that_many_share_names_nobody_and_is_told()
    {
        for (var i = 10; i < 22; i++)
        {
            sis.Records[Collection.Users][$"{i}"] = Person($"{i}", $"Name{i}", "office@x.example");
        }

        await using var district = await StartAsync();
        (await FoundAsync(district)).ShouldHaveSingleItem().Records.ShouldNotContain(Record(Sis, "10"));
        (await district.Store.Duplicates.SearchAsync(suggestions: false, Token))!
            .Notices.ShouldHaveSingleItem()
            .ShouldStartWith("12 students have the same email.");
    }

    [Fact]
    public async Task Without_comparison_nobody_is_found()
    {
        await using var district = await StartAsync(compare: false);
        (await FoundAsync(district)).ShouldBeEmpty();
    }

    [Fact]
    public async Task With_the_data_of_an_app_go_the_decisions_about_it()
    {
        await using var district = await StartAsync();
        await DecideAsync(district, decisions => decisions.MergeAsync(district.Store, [Id(Sis, "1"), Id(Sis, "2")], Id(Sis, "1"), "amira", Token));
        var removal = (await district.Imports.StartRemovalAsync(TestDistrict.Id, Sis, "amira", Token)).ShouldBeOfType<StartResult.Started>();
        await district.Imports.WaitAsync(TestDistrict.Id, removal.Run, Token);
        (await district.Store.Duplicates.DecisionsAsync(Token)).ShouldBeEmpty();
        (await StudentAsync(district, Id(Sis, "1"))).ShouldBeNull();
    }

    [Fact]
    public async Task Whom_only_a_removed_record_held_together_are_two_at_once()
    {
        await using var district = await StartAsync();
        directory.Records[Collection.Users]["d1"] = Person("d1", "Cynthia", "c1@x.example");
        directory.Records[Collection.Users]["d2"] = Person("d2", "Cyn", "c2@x.example");
        await district.ImportAsync(Directory);
        RollbookId[] three = [Id(Sis, "3"), Id(Directory, "d1"), Id(Directory, "d2")];
        await DecideAsync(district, decisions => decisions.MergeAsync(district.Store, three, three[0], "amira", Token));
        (await StudentAsync(district, three[1])).ShouldBeNull();

        var removal = (await district.Imports.StartRemovalAsync(TestDistrict.Id, Sis, "amira", Token)).ShouldBeOfType<StartResult.Started>();
        await district.Imports.WaitAsync(TestDistrict.Id, removal.Run, Token);
        (await StudentAsync(district, three[1]))!.Row["givenName"].ShouldBe("Cynthia");
        (await StudentAsync(district, three[2]))!.Row["givenName"].ShouldBe("Cyn");
    }

    [Fact]
    public async Task A_merge_across_apps_that_have_their_people_alone_is_refused()
    {
        await using var district = await StartAsync(isShared: false);
        directory.Records[Collection.Users]["d1"] = Person("d1", "Cynthia", "c1@x.example");
        await district.ImportAsync(Directory);
        (await Decisions(district).MergeAsync(district.Store, [Id(Sis, "3"), Id(Directory, "d1")], Id(Sis, "3"), "amira", Token))
            .ShouldBeOfType<DecisionResult.Refused>()
            .Message.ShouldContain("has its people alone");
        (await district.Store.Duplicates.DecisionsAsync(Token)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("1", "2")]
    [InlineData("2", "1")]
    public async Task What_is_shown_is_what_the_merge_does_also_of_one_who_was_put_behind_before(string first, string other)
    {
        await using var district = await StartAsync();
        await DecideAsync(district, decisions => decisions.MergeAsync(district.Store, [Id(Sis, "3"), Id(Sis, first)], Id(Sis, "3"), "amira", Token));
        RollbookId[] all = [Id(Sis, first), Id(Sis, other)];
        var shown = (await DuplicateComparison.OfAsync(district.Store, all, all[0], Token))!;
        await DecideAsync(district, decisions => decisions.MergeAsync(district.Store, all, all[0], "amira", Token));
        var one = (await StudentAsync(district, shown.Stays))!;
        one.Row.Bytes.ToArray().ShouldBe(shown.Merged.Bytes.ToArray());
        foreach (var (id, _) in shown.Leaving)
        {
            (await StudentAsync(district, id)).ShouldBeNull();
        }
    }

    private static RollbookId Id(string app, string sisId) => RollbookId.Derive(new IdScope(TestDistrict.Id, app, Family.Person), sisId);

    private static SourceRecord Record(string app, string sisId) => new(app, Id(app, sisId));

    private static JsonObject Person(string id, string name, string email, string? phone = null)
    {
        var person = TwoSchools.Pupil(id, "school");
        (person["givenName"], person["familyName"], person["email"]) = (name, "Lee", email);
        if (phone is not null)
        {
            person["phone"] = phone;
        }

        return person;
    }

    private static void Fill(ScriptedSource source, params JsonObject[] people)
    {
        source.Records[Collection.Orgs]["school"] = TwoSchools.Organisation("school", "North", "school");
        source.Records[Collection.Courses]["math"] = TwoSchools.Referring("math", "title", ("org", "school"));
        source.Records[Collection.Classes]["class"] = TwoSchools.Referring("class", "title", ("course", "math"), ("school", "school"));
        foreach (var person in people)
        {
            source.Records[Collection.Users][(string)person["sourcedId"]!] = person;
        }
    }

    private static async Task<RosterRecord?> StudentAsync(TestDistrict district, RollbookId id) =>
        await district.Store.Roster.GetAsync(Kind.Student, id, null, Token);

    private static async Task<List<RollbookId>> EnrolledAsync(TestDistrict district) =>
        await district.Store.Roster.ReadAsync(Kind.Enrollment, null, Token).Select(each => (RollbookId)each.Row["person"]!).ToListAsync(Token);

    private static async Task<IReadOnlyList<DuplicateCase>> FoundAsync(TestDistrict district) =>
        await district.Store.Duplicates.PageAsync(new DuplicateQuery(Kind.Student, Suggestions: false), Token);

    private DuplicateDecisions Decisions(TestDistrict district) => new(district.Imports, audit, TimeProvider.System);

    /// <summary>Decides, and waits for the runs that carry it out.</summary>
    private async Task<List<RunRecord>> DecideAsync(TestDistrict district, Func<DuplicateDecisions, Task<DecisionResult>> decideAsync)
    {
        var decided = (await decideAsync(Decisions(district))).ShouldBeOfType<DecisionResult.Decided>();
        var runs = new List<RunRecord>();
        foreach (var run in decided.Runs)
        {
            await district.Imports.WaitAsync(TestDistrict.Id, run, Token);
            runs.Add((await district.Store.Runs.GetAsync(run, Token))!);
        }

        return runs;
    }

    private async Task<TestDistrict> StartAsync(bool compare = true, bool isShared = true)
    {
        Fill(sis, Person("1", "Ann", "Ann@x.example"), Person("2", "Anna", "ann@x.example", "555-1234"), Person("3", "Cy", "cy@x.example"));
        sis.Records[Collection.Enrollments]["first"] = Enrollment("first", "1");
        sis.Records[Collection.Enrollments]["second"] = Enrollment("second", "2");
        Fill(directory);
        var district = await TestDistrict.StartAsync([sis, directory]);
        var advanced = new AdvancedSettings { MultipleDataSources = isShared, CompareByDomainsOfUniqueness = compare };
        await district.ConfigureAsync(
            new Dictionary<string, AppConfiguration>(StringComparer.Ordinal)
            {
                [Sis] = new()
                {
                    Type = Sis,
                    Order = 1,
                    Advanced = advanced,
                },
                [Directory] = new()
                {
                    Type = Directory,
                    Order = 2,
                    Advanced = advanced,
                },
            }
        );
        (await district.ImportAsync(Sis)).State.ShouldBe("published");
        return district;
    }

    private static JsonObject Enrollment(string id, string user) =>
        TwoSchools.Referring(id, "role", ("user", user), ("class", "class"), ("school", "school"));
}
