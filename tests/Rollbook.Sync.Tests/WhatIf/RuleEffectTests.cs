using System.Text.Json.Nodes;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Tests.Derive;
using Rollbook.Sync.WhatIf;

namespace Rollbook.Sync.Tests.WhatIf;

/// <summary>What the screen says that rules would do is what the import then does.</summary>
public sealed class RuleEffectTests
{
    private const string Who = "ada";
    private static readonly IReadOnlySet<Kind> AllKinds = Kinds.All.Select(kind => kind.Kind).ToHashSet();
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task The_effect_of_rules_that_are_not_saved_is_what_an_import_with_them_does() =>
        Gen.Int[0, int.MaxValue - 1]
            .SampleAsync(
                async seed =>
                {
                    var random = new Random(seed);
                    var source = new ScriptedSource(random);
                    await using var district = await FilledAsync(source, random);
                    await using var effects = new RuleEffects(district.WhatIfs, TimeProvider.System, NullLogger<RuleEffects>.Instance);
                    var draft = Draft(source, RulesPropertyTests.Choose(random), RulesPropertyTests.ChooseFilters(random));
                    var told = (await effects.LookAsync(district.Store, TestDistrict.App, draft, Who, AllKinds, Long, default))
                        .ShouldBeOfType<RuleEffect.Known>()
                        .Report;
                    (await FoundAsync(district)).ShouldBeEmpty();

                    await district.ConfigureAsync(draft);
                    var report = RunReport.FromJson((await district.ImportAsync()).Report);
                    told.Reported.ShouldBe(report.Reported, ignoreOrder: true, $"seed {seed}");
                    told.Filtered.ShouldBe(report.Filtered, ignoreOrder: true, $"seed {seed}");
                    told.Skipped.ShouldBe(report.Skipped, ignoreOrder: true, $"seed {seed}");
                    Touched(told.Changes).ShouldBe(Touched(report.Changes), $"seed {seed}");
                    var issues = await FoundAsync(district);
                    told.LeftOut.Values.Sum()
                        .ShouldBe(issues.Where(issue => issue.Rule == IssueRule.Skip).DistinctBy(issue => issue.Record).Count(), $"seed {seed}");
                    foreach (var group in issues.Where(IsCounted).GroupBy(issue => (issue.Kind, issue.Attribute)))
                    {
                        // A record that is skipped is not reported as well, though it lacks what it lacks.
                        var lack = told.Lacking.Single(lack => (lack.Kind, lack.Attribute) == group.Key);
                        var isExact = group.First().Rule == IssueRule.Skip;
                        lack.Missing.ShouldBeInRange(
                            Count(group, IssueProblem.Missing),
                            isExact ? Count(group, IssueProblem.Missing) : 100,
                            $"seed {seed}"
                        );
                        lack.Invalid.ShouldBeInRange(
                            Count(group, IssueProblem.Invalid),
                            isExact ? Count(group, IssueProblem.Invalid) : 100,
                            $"seed {seed}"
                        );
                    }
                },
                iter: 60,
                threads: 2
            );

    [Fact]
    public async Task A_few_changed_rules_are_told_from_the_collections_that_they_concern_as_an_import_of_everything_then_does()
    {
        var (lacking, along) = (0L, 0L);
        await Gen.Int[0, int.MaxValue - 1]
            .SampleAsync(
                async seed =>
                {
                    var random = new Random(seed);
                    var source = new ScriptedSource(random);
                    await using var district = await FilledAsync(source, random);
                    await using var effects = new RuleEffects(district.WhatIfs, TimeProvider.System, NullLogger<RuleEffects>.Instance);
                    var (rules, filters) = (RulesPropertyTests.Choose(random), RulesPropertyTests.ChooseFilters(random));
                    var before = Draft(source, rules, filters) with { Attributes = Pairs(random), Schools = Mapping(source, random) };
                    await district.ConfigureAsync(before);
                    await district.ImportAsync();

                    // Two of three stay as they are, but for a few.
                    var fewRules =
                        random.Next(2) == 0 ? rules : [.. rules.Where(_ => random.Next(4) > 0), .. RulesPropertyTests.Choose(random).Take(1)];
                    fewRules = [.. fewRules.DistinctBy(rule => (rule.Item1, rule.Item2))];
                    var fewFilters =
                        random.Next(2) == 0
                            ? filters
                            : [.. filters.Where(_ => random.Next(3) > 0), .. RulesPropertyTests.ChooseFilters(random).Take(1)];
                    var draft = Draft(source, fewRules, fewFilters) with
                    {
                        Attributes = random.Next(2) == 0 ? before.Attributes : Pairs(random),
                        Schools = random.Next(2) == 0 ? before.Schools : Mapping(source, random),
                    };
                    IReadOnlySet<Kind>? census =
                        random.Next(3) == 0 ? null : Kinds.All.Where(_ => random.Next(5) == 0).Select(kind => kind.Kind).ToHashSet();
                    var told = (await effects.LookAsync(district.Store, TestDistrict.App, draft, Who, census, Long, default))
                        .ShouldBeOfType<RuleEffect.Known>()
                        .Report;

                    await district.ConfigureAsync(draft);
                    var report = RunReport.FromJson((await district.ImportAsync()).Report);
                    Touched(told.Changes).ShouldBe(Touched(report.Changes), $"seed {seed}");
                    told.Filtered.ShouldBe(report.Filtered, ignoreOrder: true, $"seed {seed}");
                    told.Skipped.ShouldBe(report.Skipped, ignoreOrder: true, $"seed {seed}");
                    told.Reported.ShouldBe(report.Reported, ignoreOrder: true, $"seed {seed}");
                    told.Holds.ShouldBe(report.Holds, $"seed {seed}");
                    if (told.Read.Count > 0)
                    {
                        told.Read.ShouldBe(report.Read, ignoreOrder: true, $"seed {seed}");
                    }

                    if (census is not null)
                    {
                        // The same counted in all that there is.
                        var whole = (await effects.LookAsync(district.Store, TestDistrict.App, draft, Who, AllKinds, Long, default))
                            .ShouldBeOfType<RuleEffect.Known>()
                            .Report;
                        told.LeftOut.ShouldBe(whole.LeftOut, ignoreOrder: true, $"seed {seed}");
                        told.TakenAlong.ShouldBe(whole.TakenAlong, ignoreOrder: true, $"seed {seed}");
                        told.FilterEffects.Select(Counts).ShouldBe(whole.FilterEffects.Select(Counts), $"seed {seed}");
                        told.Lacking.ShouldBe(whole.Lacking.Where(lack => census.Contains(lack.Kind)), ignoreOrder: true, $"seed {seed}");
                        Interlocked.Add(ref lacking, told.Lacking.Count);
                        Interlocked.Add(ref along, told.TakenAlong.Values.Sum());
                    }
                },
                iter: 80,
                threads: 2
            );
        lacking.ShouldBeGreaterThan(0);
        along.ShouldBeGreaterThan(0);
    }

    private static SchoolsMapping Mapping(ScriptedSource source, Random random)
    {
        var ids = source.Records[Collection.Orgs].Keys.ToList();
        List<string> left = [.. ids.Where(_ => random.Next(4) == 0)];
        return new SchoolsMapping
        {
            Auto = random.Next(4) > 0,
            Mapped =
            [
                .. ids.Except(left)
                    .Where(_ => random.Next(3) == 0)
                    .Select(id => new SchoolMapping { Source = id, Create = random.Next(2) == 0 ? "" : "Our own" }),
            ],
            LeftOut = left,
        };
    }

    private static (Kind Kind, long Passed, long Left) Counts(WhatIfFilter filter) => (filter.Kind, filter.Passed, filter.Left);

    [Fact]
    public async Task What_would_change_is_told_while_a_collection_is_read()
    {
        var random = new Random(3);
        var source = new ScriptedSource(random);
        await using var district = await FilledAsync(source, random);
        var students = (await district.RosterAsync()).Keys.Count(key => key.Kind == Kind.Student);
        var draft = Draft(source, []) with
        {
            Attributes = new Dictionary<string, IReadOnlyList<AttributePair>>(StringComparer.Ordinal)
            {
                ["student"] = [new AttributePair { Target = "phone", Template = "555" }],
            },
        };
        var heard = new Heard();
        var question = await WhatIfQuestion.OfDraftAsync(district.Store, TestDistrict.App, draft, Token);
        var report = await district.WhatIfs.DeriveAsync(district.Store, question, heard, Token);
        report.Changes[Kind.Student].Update.ShouldBe(students);
        var first = heard.All.First(progress => progress.Changes.ContainsKey(Kind.Student));
        first.Reading.Collections.Single(line => line.Collection == Collection.Users).State.ShouldBe(CollectionState.Reading);
        first.Changes[Kind.Student].Update.ShouldBe(students);
    }

    private sealed class Heard : IProgress<WhatIfProgress>
    {
        internal List<WhatIfProgress> All { get; } = [];

        public void Report(WhatIfProgress value) => All.Add(value);
    }

    private static Dictionary<string, IReadOnlyList<AttributePair>> Pairs(Random random)
    {
        var pairs = new Dictionary<string, IReadOnlyList<AttributePair>>(StringComparer.Ordinal);
        foreach (
            var (kind, target) in new[] { ("student", "phone"), ("class", "location"), ("enrollment", "metadata.note"), ("school", "metadata.note") }
        )
        {
            if (random.Next(3) == 0)
            {
                pairs[kind] = [new AttributePair { Target = target, Template = $"x{random.Next(2)}" }];
            }
        }

        return pairs;
    }

    private static async Task<List<Issue>> FoundAsync(TestDistrict district) =>
        [
            .. (
                await district.Store.Issues.PageAsync(new IssueQuery(Rules: [IssueRule.Report, IssueRule.Skip], Limit: 100_000), default)
            ).Issues.Select(kept => kept.Issue),
        ];

    [Fact]
    public async Task What_goes_along_with_skipped_records_is_counted_apart()
    {
        var random = new Random(11);
        var source = new ScriptedSource(random);
        await using var district = await FilledAsync(source, random);
        await using var effects = new RuleEffects(district.WhatIfs, TimeProvider.System, NullLogger<RuleEffects>.Instance);
        source.Records[Collection.Users]["u0"] = Parse("""{ "sourcedId": "u0", "role": "student", "orgs": [{ "sourcedId": "o0" }] }""");
        source.Records[Collection.Courses]["c0"] = Parse("""{ "sourcedId": "c0" }""");
        source.Records[Collection.Classes]["k0"] = Parse(
            """{ "sourcedId": "k0", "course": { "sourcedId": "c0" }, "school": { "sourcedId": "o0" } }"""
        );
        source.Records[Collection.Enrollments]["e0"] = Parse(
            """{ "sourcedId": "e0", "user": { "sourcedId": "u0" }, "class": { "sourcedId": "k0" }, "school": { "sourcedId": "o0" } }"""
        );
        await district.ImportAsync();
        var before = (await district.RosterAsync()).Keys.Count(key => key.Kind == Kind.Enrollment);
        var told = (
            await effects.LookAsync(
                district.Store,
                TestDistrict.App,
                Draft(source, [(Kind.Student, "email", "skip")]),
                Who,
                WhatIfQuestion.RulesOnly,
                Long,
                Token
            )
        ).ShouldBeOfType<RuleEffect.Known>();
        var gone = told.Report.TakenAlong[Kind.Enrollment];
        gone.ShouldBeGreaterThan(0);
        told.Report.Changes[Kind.Enrollment].Delete.ShouldBe(gone);
        told.Report.Changes[Kind.Enrollment].Consequences.ShouldBe(gone);

        await district.ConfigureAsync(Draft(source, [(Kind.Student, "email", "skip")]));
        await district.ImportAsync();
        (await district.RosterAsync()).Keys.Count(key => key.Kind == Kind.Enrollment).ShouldBe(before - (int)gone);
    }

    [Fact]
    public async Task Before_the_first_import_there_is_no_upload_to_look_at()
    {
        var source = new ScriptedSource(new Random(1));
        await using var district = await TestDistrict.StartAsync(source);
        await using var effects = new RuleEffects(district.WhatIfs, TimeProvider.System, NullLogger<RuleEffects>.Instance);
        (
            await effects.LookAsync(district.Store, TestDistrict.App, Draft(source, []), Who, AllKinds, Long, Token)
        ).ShouldBeOfType<RuleEffect.NoUpload>();
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    private static bool IsCounted(Issue issue) => !issue.Attribute.StartsWith(AttributeRules.MetadataPrefix, StringComparison.Ordinal);

    private static int Count(IEnumerable<Issue> issues, IssueProblem problem) => issues.Count(issue => issue.Problem == problem);

    private static async Task<TestDistrict> FilledAsync(ScriptedSource source, Random random)
    {
        var small = new SmallDistrict(random, flawed: true);
        foreach (var collection in Collections.InOrder)
        {
            foreach (var id in small.Ids(collection))
            {
                source.Records[collection][id] = small.Record(collection, id);
            }
        }

        var district = await TestDistrict.StartAsync(source);
        await district.ImportAsync();
        return district;
    }

    private static AppConfiguration Draft(
        ScriptedSource source,
        List<(Kind Kind, string Attribute, string Rule)> choices,
        List<SlowFilter>? filters = null
    )
    {
        var rules = new SlowRules();
        choices.ForEach(choice => rules.Require(choice.Kind, choice.Attribute, choice.Rule));
        rules.Filter(filters ?? []);
        return new AppConfiguration
        {
            Type = source.Type,
            Requirements = rules.Configuration(),
            Filters = rules.Filters(),
        };
    }

    private static IEnumerable<string> Touched(IReadOnlyDictionary<Kind, ChangeCounts> changes) =>
        changes.Where(change => change.Value.Any).OrderBy(change => change.Key).Select(change => $"{change.Key} {change.Value}");
}
