using CsCheck;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Quality;
using Rollbook.Sync.Runs;

namespace Rollbook.Sync.Tests.Derive;

/// <summary>
/// Whatever the history of imports, the issues that are kept, what they lack, and what the reports count of them are those that the last upload alone gives to
/// a district that has never seen another.
/// </summary>
public sealed class IssuePropertyTests
{
    [Fact]
    public Task In_bulk_mode_issues_are_those_of_the_last_upload_alone() =>
        Gen.Int[0, int.MaxValue - 1].SampleAsync(seed => HistoryAsync(seed, bulk: true), iter: 35, threads: 2);

    [Fact]
    public Task Without_bulk_mode_they_are_too() =>
        Gen.Int[0, int.MaxValue - 1].SampleAsync(seed => HistoryAsync(seed, bulk: false), iter: 35, threads: 2);

    /// <summary>Histories in which this was once not so.</summary>
    [Theory]
    [InlineData(298671869, true)]
    public Task Of_these_histories_too(int seed, bool bulk) => HistoryAsync(seed, bulk);

    private static async Task HistoryAsync(int seed, bool bulk)
    {
        var random = new Random(seed);
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

        AppConfiguration app = null!;
        for (var import = 0; import < 6; import++)
        {
            if (import % 3 == 0)
            {
                app = Choose(random, source, small, bulk);
                await district.ConfigureAsync(app);
            }

            source.Only = import == 0 || bulk ? null : [];
            if (import > 0)
            {
                RulesPropertyTests.Change(source, small, random, bulk, source.Only);
            }

            var report = RunReport.FromJson((await district.ImportAsync()).Report);
            report.Failure.ShouldBeNull();
            source.Only = null;
            await using var fresh = await TestDistrict.StartAsync(source, bulk);
            await fresh.ConfigureAsync(app);
            var expected = RunReport.FromJson((await fresh.ImportAsync()).Report);
            var which = $"seed {seed}, import {import}";
            var (kept, anew) = (await KeptAsync(district.Store), await KeptAsync(fresh.Store));
            kept.Except(anew, StringComparer.Ordinal).ShouldBeEmpty(which);
            anew.Except(kept, StringComparer.Ordinal).ShouldBeEmpty(which);
            report.Quality.ShouldBe(expected.Quality, ignoreOrder: true, which);
            report.NotMapped.ShouldBe(expected.NotMapped, ignoreOrder: true, which);
            await ShouldAddUpAsync(district, report, which);
        }
    }

    private static AppConfiguration Choose(Random random, ScriptedSource source, SmallDistrict small, bool bulk)
    {
        var rules = new SlowRules();
        RulesPropertyTests
            .Choose(random)
            .Where(choice => choice.Item1 != Kind.School)
            .ToList()
            .ForEach(rule => rules.Require(rule.Item1, rule.Item2, rule.Item3));
        rules.Filter(RulesPropertyTests.ChooseFilters(random));
        return new AppConfiguration
        {
            Type = source.Type,
            Advanced = new AdvancedSettings { BulkUploadMode = bulk },
            Schools = SchoolsMapping.Automatic with { LeftOut = [.. small.Ids(Collection.Orgs).Where(_ => random.Next(4) == 0)] },
            Requirements = rules.Configuration(),
            Filters = random.Next(2) == 0 ? rules.Filters() : [],
        };
    }

    /// <summary>What the report says of each kind is what is kept and what is in the roster; and no record is left out without a cause.</summary>
    private static async Task ShouldAddUpAsync(TestDistrict district, RunReport report, string which)
    {
        var kept = (await district.Store.Issues.PageAsync(new IssueQuery(Limit: 100_000), default)).Issues.Select(issue => issue.Issue).ToList();
        var roster = (await district.RecordsAsync()).Keys.CountBy(record => record.Kind).ToDictionary();
        var targets = await district.Store.Issues.TargetsAsync(TestDistrict.App, default);
        var causes = RootCauses.Of(await district.Store.Issues.CountAsync(TestDistrict.App, default), targets, report);
        foreach (var kind in Kinds.All.Select(definition => definition.Kind))
        {
            var counts = report.Quality.GetValueOrDefault(kind) ?? new QualityCounts();
            var (skipped, notMapped) = (report.Skipped.GetValueOrDefault(kind), report.NotMapped.GetValueOrDefault(kind));
            counts.Imported.ShouldBe(roster.GetValueOrDefault(kind), which);
            counts.Error.ShouldBe(Records(IssueRule.Report), which);
            (Records(IssueRule.Skip) + Records(IssueRule.Required)).ShouldBe(skipped - notMapped, which);
            (counts.Skipped + counts.LeftOut).ShouldBe(skipped + report.Filtered.GetValueOrDefault(kind), which);
            causes
                .Where(cause => cause.IsChosen)
                .Sum(cause => cause.Skipped.GetValueOrDefault(kind))
                .ShouldBe(counts.LeftOut - report.Filtered.GetValueOrDefault(kind), which);
            causes
                .Where(cause => !cause.IsChosen && cause is not RootCause.Value { Rule: IssueRule.Skip })
                .Sum(cause => cause.Skipped.GetValueOrDefault(kind))
                .ShouldBeLessThanOrEqualTo(counts.Skipped, which);

            long Records(IssueRule rule) => kept.Where(issue => issue.Kind == kind && issue.Rule == rule).DistinctBy(issue => issue.Record).Count();
        }

        causes.Sum(cause => cause.Skipped.Values.Sum() + cause.Errors).ShouldBe(kept.Count + report.NotMapped.Values.Sum(), which);
    }

    private static async Task<IReadOnlyList<string>> KeptAsync(IDistrictStore store) =>
        [
            .. (await store.Issues.PageAsync(new IssueQuery(Limit: 100_000), default))
                .Issues.Select(kept => kept.Issue.ToString())
                .Order(StringComparer.Ordinal),
        ];
}
