using System.Text.Json.Nodes;
using CsCheck;
using Rollbook.Model;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;

namespace Rollbook.Sync.Tests.Derive;

/// <summary>
/// With whatever rules, the roster and the issues are what the slow reference derives from the whole upload; and rules that are turned on and off again leave
/// the roster as it was, IDs included.
/// </summary>
public sealed class RulesPropertyTests
{
    private static readonly (Kind Kind, string Attribute, string[] Choices)[] Rules =
    [
        (Kind.School, "parent", ["report"]),
        (Kind.School, "name", ["report"]),
        (Kind.Calendar, "parent", ["report"]),
        (Kind.Calendar, "endDate", ["report", "skip", "=2027-06-30"]),
        (Kind.Course, "school", ["report", "skip"]),
        (Kind.Course, "calendar", ["report", "skip"]),
        (Kind.Class, "calendars", ["report", "skip"]),
        (Kind.Class, "classCode", ["report", "=none"]),
        (Kind.Student, "email", ["report", "skip", "=c@x.example"]),
        (Kind.Student, "grades", ["report", "skip", "=KG,07"]),
        (Kind.Student, "enabled", ["report", "skip", "=True"]),
        (Kind.Student, "birthDate", ["report", "skip", "=2012-01-01"]),
        (Kind.Student, "contacts", ["report"]),
        (Kind.Student, "metadata.bus", ["report", "skip", "=7"]),
        (Kind.Teacher, "email", ["report", "skip"]),
        (Kind.Contact, "students", ["report", "skip", "skip"]),
        (Kind.Contact, "email", ["report", "skip"]),
        (Kind.Enrollment, "role", ["report", "skip", "=student"]),
    ];

    private static readonly string Today = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static readonly SlowFilter[] Filters =
    [
        new(Kind.Calendar, "endDate", FilterOperator.Future, [], end => end is not null && string.CompareOrdinal(end, Today) >= 0, []),
        new(Kind.Calendar, "endDate", FilterOperator.Empty, [], end => end is null, []),
        new(Kind.Course, "title", FilterOperator.OneOf, ["amara", "Bo"], title => title is "Amara" or "Bo", []),
        new(Kind.Course, "school", FilterOperator.NotEmpty, [], school => school is not null, []),
        new(Kind.Class, "title", FilterOperator.Matches, ["^[ab]"], title => title?[0] is 'A' or 'B', []),
        new(Kind.Class, "calendars", FilterOperator.Empty, [], calendars => calendars is null, []),
        new(Kind.Student, "grades", FilterOperator.OneOf, ["07", "KG"], grades => grades?.Split(',').Any(grade => grade is "07" or "KG") == true, []),
        new(
            Kind.Student,
            "email",
            FilterOperator.Contains,
            ["X.EXAMPLE"],
            email => email?.Contains("x.example", StringComparison.Ordinal) == true,
            []
        ),
        new(Kind.Student, "enabled", FilterOperator.NotEqual, ["true"], enabled => enabled is not "True", []),
        new(
            Kind.Student,
            "birthDate",
            FilterOperator.Before,
            ["2012-01-01"],
            date => date is not null && string.CompareOrdinal(date, "2012-01-01") < 0,
            []
        ),
        new(Kind.Student, "metadata.bus", FilterOperator.StartsWith, ["AM"], bus => bus?.StartsWith("bus:Am", StringComparison.Ordinal) == true, []),
        new(Kind.Teacher, "role", FilterOperator.Equal, ["Teacher"], role => role is "teacher", []),
        new(
            Kind.Contact,
            "familyName",
            FilterOperator.DoesNotContain,
            ["b"],
            name => name?.Contains('B', StringComparison.OrdinalIgnoreCase) != true,
            []
        ),
        new(Kind.Admin, "familyName", FilterOperator.Between, ["Amara", "Bo"], name => name is "Amara" or "Bo", []),
    ];

    [Fact]
    public Task In_bulk_mode_roster_and_issues_are_what_the_slow_reference_derives() =>
        Gen.Int[0, int.MaxValue - 1].SampleAsync(seed => HistoryAsync(seed, bulk: true), iter: 30, threads: 2);

    [Fact]
    public Task Without_bulk_mode_they_are_too() =>
        Gen.Int[0, int.MaxValue - 1].SampleAsync(seed => HistoryAsync(seed, bulk: false), iter: 30, threads: 2);

    /// <summary>A history that once went wrong stays a test.</summary>
    [Theory]
    [InlineData(252367688, false)]
    [InlineData(209359600, true)]
    public Task A_history_that_once_failed_gives_what_the_slow_reference_derives(int seed, bool hasFilters) =>
        HistoryAsync(seed, bulk: true, hasFilters);

    private static async Task HistoryAsync(int seed, bool bulk, bool hasFilters = true)
    {
        var (random, others) = (new Random(seed), new Random(seed + 1));
        var source = new ScriptedSource(random);
        var small = new SmallDistrict(random, flawed: true);
        await using var district = await TestDistrict.StartAsync(source, bulk);
        foreach (var collection in Collections.InOrder)
        {
            foreach (var id in small.Ids(collection).Where(_ => random.Next(6) > 0))
            {
                source.Records[collection][id] = small.Record(collection, id);
            }
        }

        var schools = new SlowKeptSchools();
        var choices = new List<(Kind, string, string)>();
        List<SlowFilter> filters = [];
        for (var import = 0; import < 6; import++)
        {
            if (import % 2 == 0)
            {
                choices = Choose(random);
                filters = hasFilters ? ChooseFilters(others) : [];
            }

            var rules = new SlowRules();
            choices.ForEach(choice => rules.Require(choice.Item1, choice.Item2, choice.Item3));
            rules.Filter(filters);
            source.Only = import == 0 || bulk ? null : [];
            if (import > 0)
            {
                Change(source, small, random, bulk, source.Only);
            }

            await ConfigureAsync(district, source, bulk, rules);
            var run = await district.ImportAsync();
            RunReport.FromJson(run.Report).Failure.ShouldBeNull();
            var orgs = source.Records[Collection.Orgs].Where(org => source.Only is null || source.Only.Contains((Collection.Orgs, org.Key)));
            schools.Take(orgs.ToDictionary(StringComparer.Ordinal), bulk, SlowKeptSchools.Everything, isRefreshed: _ => false);
            var records = new Dictionary<Collection, SortedDictionary<string, JsonObject>>(source.Records) { [Collection.Orgs] = schools.Records };
            var expected = SlowReference.Derive(records, TestDistrict.Id, TestDistrict.App, "", rules: rules);
            var actual = await district.RosterAsync();
            actual.ShouldBe(expected, ignoreOrder: true, $"seed {seed}, import {import}");
            (await SlowRules.KeptAsync(district.Store)).ShouldBe(rules.Issues, $"seed {seed}, import {import}");
            Reported(run.Report).ShouldBe(Reported(rules.Issues), ignoreOrder: true, $"seed {seed}, import {import}");

            source.Only = null;
            (await district.ImportAsync()).State.ShouldBe("unchanged", $"seed {seed}, import {import} again");
            await ConfigureAsync(district, source, bulk, new SlowRules());
            await district.ImportAsync();
            (await district.RosterAsync()).ShouldBe(
                SlowReference.Derive(records, TestDistrict.Id, TestDistrict.App, ""),
                ignoreOrder: true,
                $"seed {seed}, import {import} without rules"
            );
            (await SlowRules.KeptAsync(district.Store)).ShouldBeEmpty();
            await ConfigureAsync(district, source, bulk, rules);
            await district.ImportAsync();
            (await district.RosterAsync()).ShouldBe(actual, ignoreOrder: true, $"seed {seed}, import {import} with rules again");
        }
    }

    private static Task ConfigureAsync(TestDistrict district, ScriptedSource source, bool bulk, SlowRules rules) =>
        district.ConfigureAsync(
            new AppConfiguration
            {
                Type = source.Type,
                Advanced = new AdvancedSettings { BulkUploadMode = bulk },
                Requirements = rules.Configuration(),
                Filters = rules.Filters(),
            }
        );

    internal static List<(Kind, string, string)> Choose(Random random) =>
        [.. Rules.Where(_ => random.Next(3) == 0).Select(rule => (rule.Kind, rule.Attribute, rule.Choices[random.Next(rule.Choices.Length)]))];

    /// <summary>Some filters, each with some of what may follow.</summary>
    internal static List<SlowFilter> ChooseFilters(Random random) =>
        [
            .. Filters
                .Where(_ => random.Next(4) == 0)
                .Select(filter =>
                    filter with
                    {
                        Linked = [.. FilterRules.Linked(filter.Kind).Where(_ => random.Next(2) == 0).Select(linked => Kinds.Of(linked.Kind).Name)],
                    }
                ),
        ];

    private static Dictionary<Kind, long> Reported(string? report) => new(RunReport.FromJson(report).Reported);

    private static Dictionary<Kind, long> Reported(IEnumerable<string> issues) =>
        issues
            .Select(issue => issue.Split(' '))
            .Where(issue => issue[3] is "report")
            .DistinctBy(issue => issue[1], StringComparer.Ordinal)
            .GroupBy(issue => Enum.Parse<Kind>(issue[0]))
            .ToDictionary(group => group.Key, group => group.LongCount());

    /// <summary>Changes some records, and adds what was changed to <paramref name="changed"/>.</summary>
    internal static void Change(
        ScriptedSource source,
        SmallDistrict small,
        Random random,
        bool bulk,
        HashSet<(Collection Collection, string SourcedId)>? changed
    )
    {
        for (var i = random.Next(1, 9); i > 0; i--)
        {
            var collection = Collections.InOrder[random.Next(Collections.InOrder.Count)];
            var id = small.Id(collection);
            var records = source.Records[collection];
            if (random.Next(3) > 0)
            {
                records[id] = small.Record(collection, id);
                changed?.Add((collection, id));
            }
            else if (!bulk)
            {
                records[id] = new() { ["sourcedId"] = id, ["status"] = "tobedeleted" };
                changed?.Add((collection, id));
            }
            else if (records.Count > 1)
            {
                records.Remove(id);
            }
        }
    }
}
