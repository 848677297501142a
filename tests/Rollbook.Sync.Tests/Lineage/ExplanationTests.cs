using System.Text.Json.Nodes;
using Rollbook.Model;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Lineage;
using Rollbook.Sync.Read;
using Rollbook.Sync.Tests.Derive;

namespace Rollbook.Sync.Tests.Lineage;

/// <summary>What is told of single records: by which pair, by which rule, by which run, and why one is not in the roster.</summary>
public sealed class ExplanationTests
{
    [Fact]
    public async Task Of_one_source_it_is_told_by_which_pair_each_value_is_fed_and_which_run_brought_the_record()
    {
        var (source, app) = (Source("one"), App("one"));
        app = app with
        {
            Advanced = app.Advanced with { SisIdPrefix = "N-" },
            Attributes = Pairs(
                new AttributePair { Target = "email", Template = "{{ username }}@riverside.example" },
                new AttributePair { Target = "sms", Source = "phone" },
                new AttributePair
                {
                    Target = "sex",
                    Source = "demographics.sex",
                    Map = new Dictionary<string, string>(StringComparer.Ordinal) { ["female"] = "F" },
                }
            ),
            Requirements = Requirements(("grades", new Requirement(RequirementRule.Default, "KG"))),
        };
        source.Records[Collection.Demographics]["u1"] = Json("""{ "sourcedId": "u1", "sex": "female" }""");
        await using var district = await TestDistrict.StartAsync([source]);
        await district.ConfigureAsync(new Dictionary<string, AppConfiguration>(StringComparer.Ordinal) { ["one"] = app });
        await district.ImportAsync("one");
        source.Records[Collection.Users]["u2"] = Person("u2", "Bo");
        await district.ImportAsync("one");

        var explained = await ExplainAsync(district, "one", "N-u1");
        var said = explained.Sources.ShouldHaveSingleItem();
        (said.App, said.SisId, said.State, said.Counts).ShouldBe(("one", "N-u1", OutcomeState.Published, true));
        (said.Run!.Number, said.IsRunCertain).ShouldBe((1L, true));
        said.Raw!.ShouldContain("\"givenName\": \"Amara\"");
        said.RawDemographics!.ShouldContain("female");
        Feed(said, "givenName").ShouldBe("givenName, by default");
        Feed(said, "sisId").ShouldBe("sourcedId with the prefix N-");
        Feed(said, "email").ShouldBe("a template of Attributes Mapping");
        Feed(said, "sms").ShouldBe("phone, by Attributes Mapping");
        Feed(said, "sex").ShouldBe("demographics.sex through a value map of Attributes Mapping");
        Feed(said, "grades").ShouldBe("Use Default of Data Requirements, since the source's value is missing or not valid");
        Attribute(explained, "sex").Value.ShouldBe("F");
        Attribute(explained, "sex").Rule.ShouldBe(WinningRule.OnlySource);
        Attribute(explained, "pronouns").Rule.ShouldBe(WinningRule.None);
        (await ExplainAsync(district, "one", "N-u2")).Sources.ShouldHaveSingleItem().Run!.Number.ShouldBe(2);
    }

    [Fact]
    public async Task Passwords_are_never_shown()
    {
        var source = Source("one");
        source.Records[Collection.Users]["u1"]["password"] = "hunter2";
        source.Records[Collection.Users]["u1"]["metadata"] = Json("""{ "lmsPassword": { "a": "hunter3" }, "bus": 7, "x": [true, null, 1.5e3] }""");
        await using var district = await TestDistrict.StartAsync([source]);
        await district.ConfigureAsync(new Dictionary<string, AppConfiguration>(StringComparer.Ordinal) { ["one"] = App("one") });
        await district.ImportAsync("one");
        var raw = (await ExplainAsync(district, "one", "u1")).Sources[0].Raw!;
        raw.ShouldNotContain("hunter");
        raw.ShouldContain("\"password\": \"(never shown)\"");
        JsonNode.Parse(raw)!["metadata"]!["x"]!.AsArray().Count.ShouldBe(3);
    }

    [Fact]
    public async Task Of_several_sources_the_winner_is_told_with_the_rule()
    {
        var (one, two) = (Source("one"), Source("two"));
        one.Records[Collection.Users]["u1"] = Person("u1", "Amara", ("phone", "1"), ("middleName", "A"), ("email", "a@x.example"));
        two.Records[Collection.Users].Clear();
        two.Records[Collection.Users]["d1"] = Person("d1", "Ama", ("phone", "2"), ("middleName", "B"), ("sms", "3"), ("email", "A@x.example"));
        var apps = new Dictionary<string, AppConfiguration>(StringComparer.Ordinal)
        {
            ["one"] = Shared("one", 1) with { MasterFields = Masters(("middleName", MasterMode.DoNotOverride)) },
            ["two"] = Shared("two", 2) with { MasterFields = Masters(("phone", MasterMode.Master)) },
        };
        await using var district = await TestDistrict.StartAsync([one, two]);
        await district.ConfigureAsync(apps);
        await district.ImportAsync("one");
        await district.ImportAsync("two");

        var explained = await ExplainAsync(district, "one", "u1");
        explained.Sources.Select(source => (source.Name, source.Counts)).ShouldBe([("One", true), ("Two", true)]);
        Rule(explained, "phone").ShouldBe(("2", WinningRule.Master, "Two is Master."));
        Rule(explained, "givenName").ShouldBe(("Amara", WinningRule.First, "One is the first source in the order that has a value."));
        Rule(explained, "middleName")
            .ShouldBe(
                (
                    "B",
                    WinningRule.PassedOver,
                    "One comes first and is passed over, since it does not override; Two is the next in the order that has a value."
                )
            );
        Rule(explained, "sms").ShouldBe(("3", WinningRule.OnlyValue, "Only Two has a value."));
        Rule(explained, "sisId").ShouldBe(("u1", WinningRule.FirstSisId, "The SIS ID is that of the first source in the order of the sources."));
        Attribute(explained, "schools").Rule.ShouldBe(WinningRule.United);
        Attribute(explained, "schools").Winners.ShouldBe([0, 1]);
        explained.Notes.ShouldContain(note => note.Contains("agrees with a source before it on email", StringComparison.Ordinal));

        // The second source's own ID leads to the record that it is part of.
        var part = (await ExplainAsync(district, "two", "d1")).Sources.ShouldHaveSingleItem();
        part.Counts.ShouldBeFalse();
        part.Story.ShouldContain($"It is in the roster as part of the record {Id("one", Family.Person, "u1")}.");
    }

    [Fact]
    public async Task What_is_not_in_the_roster_is_found_by_its_ID_with_the_rule_that_keeps_it_out()
    {
        var source = Source("one");
        source.Records[Collection.Users]["u2"] = Person("u2", "Bo");
        source.Records[Collection.Users]["u3"] = Person("u3", "Chidi", ("email", "c@x.example"));
        source.Records[Collection.Users]["u4"] = Person("u4", "Dara", ("role", "janitor"));
        source.Records[Collection.Users]["u5"] = Person("u5", "Eze", ("email", "e@x.example"));
        source.Records[Collection.Users]["u5"]["orgs"] = JsonNode.Parse("""[{ "sourcedId": "o2" }]""");
        source.Records[Collection.Orgs]["o2"] = Json("""{ "sourcedId": "o2", "name": "South", "type": "school" }""");
        source.Records[Collection.Classes]["k1"] = Json(
            """{ "sourcedId": "k1", "title": "Drama", "course": { "sourcedId": "c9" }, "school": { "sourcedId": "o1" } }"""
        );
        source.Records[Collection.Enrollments]["e1"] = Json(
            """{ "sourcedId": "e1", "role": "student", "user": { "sourcedId": "u1" }, "class": { "sourcedId": "k1" }, "school": { "sourcedId": "o1" } }"""
        );
        var app = App("one") with
        {
            Schools = SchoolsMapping.Automatic with { LeftOut = ["o2"] },
            Requirements = Requirements(("email", new Requirement(RequirementRule.Skip))),
            Filters =
            [
                new FilterRule
                {
                    Kind = "student",
                    Name = "No C",
                    Where = [new RuleCondition("givenName", FilterOperator.NotEqual, ["Chidi"])],
                },
            ],
        };
        await using var district = await TestDistrict.StartAsync([source]);
        await district.ConfigureAsync(new Dictionary<string, AppConfiguration>(StringComparer.Ordinal) { ["one"] = app });
        await district.ImportAsync("one");

        (await StoryAsync(district, Family.Person, "u2")).ShouldBe(
            (Kind.Student, OutcomeState.Skipped, "It is not in the roster, because Data Requirements skip it. Skip if Missing: email is missing.")
        );
        (await StoryAsync(district, Family.Person, "u3")).ShouldBe(
            (
                Kind.Student,
                OutcomeState.Filtered,
                "It is not in the roster, because no Filter Rule lets it pass. The rule \"No C\" asks for more than it has: givenName does not equal Chidi."
            )
        );
        (await StoryAsync(district, Family.Person, "u4")).State.ShouldBe(OutcomeState.Rejected);
        (await StoryAsync(district, Family.Person, "u5")).State.ShouldBe(OutcomeState.Unmapped);
        (await StoryAsync(district, Family.Org, "o2")).Story.ShouldContain("Map it in Schools Mapping");
        (await StoryAsync(district, Family.Class, "k1")).ShouldBe(
            (
                Kind.Class,
                OutcomeState.Withheld,
                "It is not in the roster, because it lacks a record that it can't stand without. It names the course c9, which the upload does not have."
            )
        );
        (await StoryAsync(district, Family.Enrollment, "e1")).Story.ShouldEndWith(
            "It names the class k1, which is withheld, since it lacks something that it can't stand without."
        );
        (await new Explanations(new KeptRecords()).ExplainAsync(district.Store, null, Id("one", Family.Person, "nobody"), default)).ShouldBeNull();
    }

    [Fact]
    public async Task What_is_named_and_missing_is_told_however_the_source_writes_the_reference()
    {
        var source = Source("one");
        source.Records[Collection.Classes]["k1"] = Json("""{ "sourcedId": "k1", "title": "Drama", "course": 9, "school": "o1" }""");
        source.Records[Collection.Enrollments]["e1"] = Json(
            """{ "sourcedId": "e1", "role": "student", "user": "u9", "class": { "sourcedId": 12 }, "school": { "sourcedId": "o1" } }"""
        );
        await using var district = await TestDistrict.StartAsync([source]);
        await district.ConfigureAsync(new Dictionary<string, AppConfiguration>(StringComparer.Ordinal) { ["one"] = App("one") });
        await district.ImportAsync("one");
        (await StoryAsync(district, Family.Class, "k1")).Story.ShouldEndWith("It names the course 9, which the upload does not have.");
        var enrolled = (await StoryAsync(district, Family.Enrollment, "e1")).Story;
        enrolled.ShouldContain("It names the person u9, which the upload does not have.");
        enrolled.ShouldContain("It names the class 12, which the upload does not have.");
    }

    [Fact]
    public async Task A_school_that_is_named_in_Schools_Mapping_is_not_told_to_lack_a_name()
    {
        var source = Source("one");
        source.Records[Collection.Orgs]["o1"].Remove("name");
        var app = App("one") with
        {
            Schools = new SchoolsMapping { Mapped = [new SchoolMapping { Source = "o1", Create = "Our own" }] },
            Requirements = new Dictionary<string, IReadOnlyDictionary<string, Requirement>>(StringComparer.Ordinal)
            {
                ["school"] = new Dictionary<string, Requirement>(StringComparer.Ordinal) { ["name"] = new Requirement(RequirementRule.Report) },
            },
        };
        await using var district = await TestDistrict.StartAsync([source]);
        await district.ConfigureAsync(new Dictionary<string, AppConfiguration>(StringComparer.Ordinal) { ["one"] = app });
        await district.ImportAsync("one");
        (await district.Store.Issues.CountAsync(null, default)).ShouldBeEmpty();
        var school = Id("one", Family.Org, "o1");
        var explained = (await new Explanations(new KeptRecords()).ExplainAsync(district.Store, Kind.School, school, default)).ShouldNotBeNull();
        explained.Sources[0].Story.ShouldNotContain(sentence => sentence.Contains("report", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_school_tells_what_its_mapping_made_of_it_and_of_those_that_are_part_of_it()
    {
        var source = Source("one");
        source.Records[Collection.Orgs]["o2"] = Json("""{ "sourcedId": "o2", "name": "South", "type": "school" }""");
        var school = Id("one", Family.Org, "o1");
        var mapping = new SchoolsMapping
        {
            Mapped = [new SchoolMapping { Source = "o1", Create = "Our own" }, new SchoolMapping { Source = "o2", School = school.ToString() }],
        };
        await using var district = await TestDistrict.StartAsync([source]);
        await district.ConfigureAsync(
            new Dictionary<string, AppConfiguration>(StringComparer.Ordinal) { ["one"] = App("one") with { Schools = mapping } }
        );
        await district.ImportAsync("one");
        source.Records[Collection.Orgs]["o1"]["identifier"] = "4711";
        await district.ImportAsync("one");

        var explained = (await new Explanations(new KeptRecords()).ExplainAsync(district.Store, Kind.School, school, default)).ShouldNotBeNull();
        var own = explained.Sources.Single(account => account.Counts);
        Feed(own, "name").ShouldBe("the name given in Schools Mapping");
        own.Story.ShouldContain(sentence => sentence.Contains("taken once", StringComparison.Ordinal));
        own.Raw!.ShouldNotContain("4711");
        Attribute(explained, "name").Value.ShouldBe("Our own");
        var part = explained.Sources.Single(account => !account.Counts);
        (part.SisId, part.State).ShouldBe(("o2", OutcomeState.Part));
        part.Story[0]
            .ShouldBe($"Schools Mapping makes it part of the school {school}. It gives that school no value; whoever is at it is at that school.");
    }

    [Fact]
    public async Task A_configuration_that_no_import_has_carried_out_yet_changes_nothing_and_is_told()
    {
        var source = Source("one");
        await using var district = await TestDistrict.StartAsync([source]);
        await district.ConfigureAsync(new Dictionary<string, AppConfiguration>(StringComparer.Ordinal) { ["one"] = App("one") });
        await district.ImportAsync("one");
        var other = App("one") with { Attributes = Pairs(new AttributePair { Target = "givenName", Source = "familyName" }) };
        await district.ConfigureAsync(new Dictionary<string, AppConfiguration>(StringComparer.Ordinal) { ["one"] = other });
        var explained = await ExplainAsync(district, "one", "u1");
        Attribute(explained, "givenName").Derived.ShouldBe("Amara");
        Feed(explained.Sources[0], "givenName").ShouldBe("givenName, by default");
        explained.Notes.ShouldHaveSingleItem().ShouldContain("takes effect with its next import");
    }

    private static AttributeAccount Attribute(Explanation explanation, string name) =>
        explanation.Attributes.Single(account => account.Attribute.Name == name);

    private static (object? Value, WinningRule Rule, string Why) Rule(Explanation explanation, string name) =>
        Attribute(explanation, name) is var account ? (account.Value, account.Rule, account.Why) : default;

    private static string Feed(SourceAccount source, string name) => source.Feeds[name];

    private static RollbookId Id(string app, Family family, string sisId) => RollbookId.Derive(new IdScope(TestDistrict.Id, app, family), sisId);

    private static async Task<Explanation> ExplainAsync(TestDistrict district, string app, string sisId) =>
        (
            await new Explanations(new KeptRecords()).ExplainAsync(
                district.Store,
                null,
                sisId.StartsWith("N-", StringComparison.Ordinal)
                    ? RollbookId.Derive(new IdScope(TestDistrict.Id, app, Family.Person, "N-"), sisId[2..])
                    : Id(app, Family.Person, sisId),
                default
            )
        ).ShouldNotBeNull();

    private static async Task<(Kind Kind, OutcomeState? State, string Story)> StoryAsync(TestDistrict district, Family family, string sisId)
    {
        var explained = (
            await new Explanations(new KeptRecords()).ExplainAsync(district.Store, null, Id("one", family, sisId), default)
        ).ShouldNotBeNull();
        explained.Record.ShouldBeNull();
        explained.Attributes.ShouldBeEmpty();
        var source = explained.Sources.ShouldHaveSingleItem();
        return (explained.Kind, source.State, string.Join(" ", source.Story.Concat(source.FilterStory)));
    }

    private static ScriptedSource Source(string type)
    {
        var source = new ScriptedSource(new Random(1)) { Type = type };
        source.Records[Collection.Orgs]["o1"] = Json("""{ "sourcedId": "o1", "name": "North", "type": "school" }""");
        source.Records[Collection.Users]["u1"] = Person("u1", "Amara", ("username", "amara"), ("phone", "1"), ("email", "a@x.example"));
        return source;
    }

    private static JsonObject Person(string id, string name, params (string Name, string Value)[] values)
    {
        var person = Json(
            $$"""{ "sourcedId": "{{id}}", "role": "student", "givenName": "{{name}}", "familyName": "Okafor", "orgs": [{ "sourcedId": "o1" }] }"""
        );
        foreach (var (attribute, value) in values)
        {
            person[attribute] = value;
        }

        return person;
    }

    private static JsonObject Json(string json) => JsonNode.Parse(json)!.AsObject();

    private static AppConfiguration App(string type) => new() { Type = type, Name = char.ToUpperInvariant(type[0]) + type[1..] };

    private static AppConfiguration Shared(string type, int order) =>
        App(type) with
        {
            Order = order,
            Advanced = new AdvancedSettings { MultipleDataSources = true, CompareByDomainsOfUniqueness = true },
        };

    private static Dictionary<string, IReadOnlyList<AttributePair>> Pairs(params AttributePair[] pairs) =>
        new(StringComparer.Ordinal) { ["student"] = pairs };

    private static Dictionary<string, IReadOnlyDictionary<string, Requirement>> Requirements(
        params (string Attribute, Requirement Requirement)[] list
    ) => new(StringComparer.Ordinal) { ["student"] = list.ToDictionary(each => each.Attribute, each => each.Requirement, StringComparer.Ordinal) };

    private static Dictionary<string, IReadOnlyDictionary<string, MasterMode>> Masters(params (string Attribute, MasterMode Mode)[] list) =>
        new(StringComparer.Ordinal) { ["student"] = list.ToDictionary(each => each.Attribute, each => each.Mode, StringComparer.Ordinal) };
}
