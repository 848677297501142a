using Microsoft.Extensions.Logging.Abstractions;
using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Setup;
using Rollbook.Sync.Tests.Derive;
using Rollbook.Sync.WhatIf;
using Rollbook.Testing;

namespace Rollbook.Sync.Tests.WhatIf;

/// <summary>A what-if is in nobody's way, and nobody is in its.</summary>
public sealed class WhatIfTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static AppConfiguration Prefixed(string prefix) =>
        new()
        {
            Type = "scripted",
            Advanced = new AdvancedSettings { SisIdPrefix = prefix },
        };

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public async Task At_a_limit_it_says_that_the_next_import_is_held_in_the_words_of_that_run_and_below_it_does_not(int less, bool isHeld)
    {
        await using var district = await TestDistrict.StartAsync(GuardTests.Filled());
        await district.ImportAsync();
        var students = (await district.RosterAsync()).Keys.Count(key => key.Kind == Kind.Student);
        var draft = new AppConfiguration
        {
            Type = "scripted",
            Attributes = new Dictionary<string, IReadOnlyList<AttributePair>>(StringComparer.Ordinal)
            {
                ["student"] = [new AttributePair { Target = "phone", Template = "555" }],
            },
            Advanced = new AdvancedSettings
            {
                Limits = [new SyncLimit(Operation.Update, LimitScope.Source) { Kind = "student", Count = students + 1 - less }],
            },
        };
        var report = await DeriveAsync(district, draft);
        report.Changes[Kind.Student].Update.ShouldBe(students);
        report.WaitsAs.ShouldBe(isHeld ? RunState.Held : null);
        report.Holds.Count.ShouldBe(isHeld ? 1 : 0);
        report.LimitChanges.ShouldContain($"Students changed: the limit is {students + 1 - less} records; there was none.");

        await district.ConfigureAsync(draft);
        var run = await district.ImportOnceAsync();
        run.State.ShouldBe(isHeld ? "held" : "published");
        RunReport.FromJson(run.Report).Holds.ShouldBe(report.Holds);
    }

    [Fact]
    public async Task A_change_of_limits_alone_is_told_though_the_roster_stays()
    {
        await using var district = await TestDistrict.StartAsync(GuardTests.Filled());
        await district.ImportAsync();
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        var report = await DeriveAsync(
            district,
            new AppConfiguration
            {
                Type = "scripted",
                Advanced = new AdvancedSettings
                {
                    SyncHoldThreshold = 5,
                    ChangeWindows = [new ChangeWindow(today.AddDays(10), today.AddDays(20)) { SyncHoldThreshold = 40 }],
                },
            }
        );
        report.Any.ShouldBeFalse();
        report.WaitsAs.ShouldBeNull();
        report.LimitChanges[0].ShouldBe("Records deleted: the limit is 5 %, from 25 records on, instead of 10 %, from 25 records on.");
        report.LimitChanges.Count.ShouldBe(2);
        report.LimitChanges[1].ShouldContain("planned change window");
        report.LimitChanges[1].ShouldContain("Records deleted: 40 %");
        report.LimitChanges[1].ShouldEndWith("is added.");
    }

    [Fact]
    public async Task Two_what_ifs_and_an_import_at_the_same_moment_do_not_disturb_one_another()
    {
        var source = GuardTests.Filled();
        await using var district = await TestDistrict.StartAsync(source);
        await district.ImportAsync();
        var before = await district.RosterAsync();
        var reports = await Task.WhenAll(
            Task.Run(() => DeriveAsync(district, Prefixed("A-")), Token),
            Task.Run(() => DeriveAsync(district, Prefixed("B-")), Token),
            Task.Run(
                async () =>
                {
                    (await district.ImportAsync()).State.ShouldBe("unchanged");
                    return await DeriveAsync(district, Prefixed(""));
                },
                Token
            )
        );
        foreach (var report in reports.Take(2))
        {
            report.Changes.Values.Sum(counts => counts.Create).ShouldBe(before.Count);
            report.Changes.Values.Sum(counts => counts.Delete).ShouldBe(before.Count);
        }

        reports[2].Any.ShouldBeFalse();
        reports[2].Changes.Values.Sum(counts => counts.Unchanged).ShouldBe(before.Count);
        (await district.RosterAsync()).ShouldBe(before, ignoreOrder: true);
        Directory.GetFileSystemEntries(district.WorkFolder).ShouldBeEmpty();
    }

    [Fact]
    public async Task When_a_publication_comes_in_between_it_is_told_of_what_is_there_then()
    {
        var source = GuardTests.Filled();
        await using var district = await TestDistrict.StartAsync(source);
        await district.ImportAsync();
        var imported = false;
        var report = await DeriveAsync(
            district,
            Prefixed("N-"),
            new Heard(_ =>
            {
                if (!imported)
                {
                    imported = true;
                    source.Records[Collection.Enrollments].Remove(source.Records[Collection.Enrollments].Keys.First());
                    district.ImportAsync().GetAwaiter().GetResult().State.ShouldBe("published");
                }
            })
        );
        imported.ShouldBeTrue();
        report.Changes.Values.Sum(counts => counts.Delete).ShouldBe((await district.RosterAsync()).Count);
    }

    [Fact]
    public async Task It_can_be_stopped_and_leaves_nothing_behind()
    {
        var source = GuardTests.Filled();
        await using var district = await TestDistrict.StartAsync(source);
        await district.ImportAsync();
        using var stop = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(async () =>
            await district.WhatIfs.DeriveAsync(
                district.Store,
                await WhatIfQuestion.OfDraftAsync(district.Store, TestDistrict.App, Prefixed("N-"), Token),
                new Heard(_ => stop.Cancel()),
                stop.Token
            )
        );
        Directory.GetFileSystemEntries(district.WorkFolder).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_source_that_can_not_be_read_says_why()
    {
        var source = GuardTests.Filled();
        source.Failure = (10, new SourceException(SourceFailure.Transient, CheckPart.Connection, "The SIS is down."));
        await using var district = await TestDistrict.StartAsync(source);
        (await Should.ThrowAsync<SourceException>(() => DeriveAsync(district, Prefixed("")))).Message.ShouldBe("The SIS is down.");
        (await Should.ThrowAsync<SourceException>(() => DeriveAsync(district, new AppConfiguration { Type = "other" }))).Message.ShouldContain(
            "other"
        );
        Directory.GetFileSystemEntries(district.WorkFolder).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_record_that_comes_twice_in_one_read_counts_as_it_came_last()
    {
        var source = GuardTests.Filled();
        await using var district = await TestDistrict.StartAsync(source);
        source.Earlier = source.Records.ToDictionary(
            records => records.Key,
            records => new SortedDictionary<string, System.Text.Json.Nodes.JsonObject>(records.Value, StringComparer.Ordinal)
        );
        var report = await DeriveAsync(district, Prefixed(""));
        var run = await district.ImportAsync();
        RunReport.FromJson(run.Report).Changes.OrderBy(kind => kind.Key).ShouldBe(report.Changes.OrderBy(kind => kind.Key));
    }

    [Fact]
    public async Task The_job_of_a_page_tells_for_which_draft_it_was_made()
    {
        await using var district = await TestDistrict.StartAsync(GuardTests.Filled());
        await using var jobs = new BackgroundJobs(TimeProvider.System, NullLogger<BackgroundJobs>.Instance);
        var job = new WhatIfJob(district.WhatIfs, jobs);
        (await WhatIfJob.LatestAsync(district.Store, TestDistrict.App, Token)).ShouldBeNull();
        await job.StartAsync(district.Store, TestDistrict.App, Prefixed("N-"), "ada", Token);
        WhatIfPreview? preview;
        while ((preview = await WhatIfJob.LatestAsync(district.Store, TestDistrict.App, Token)) is null)
        {
            (await district.Store.Jobs.LatestAsync(TestDistrict.App, WhatIfJob.Kind, Token))!.State.ShouldNotBe(JobState.Failed);
            await Task.Delay(20, Token);
        }

        preview.IsOf(Prefixed("N-")).ShouldBeTrue();
        preview.IsOf(Prefixed("")).ShouldBeFalse();
        preview.Report.Changes[Kind.Student].Create.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task What_a_mapping_changes_for_another_app_is_told_too()
    {
        var source = TwoSchools.Source();
        await using var district = await TestDistrict.StartAsync(source);
        var north = TwoSchools.IdOf("north").ToString();
        var first = new AppConfiguration { Type = source.Type };
        var alone = first with { Name = "Second", Schools = TwoSchools.Listed(TwoSchools.Create("south")) };
        var joined = alone with { Schools = TwoSchools.Listed(TwoSchools.Join("north", north)) };
        await district.ConfigureAsync(Apps(alone));
        await district.ImportAsync();
        await district.ImportAsync("second");

        // In the file: the school's own app is derived as well, since the school comes from both then.
        var configurations = new Configurations(district.Installation, new PlainSecrets(), new MemoryAuditLog(), TimeProvider.System);
        var diffs = new ConfigurationDiffs(district.Installation, configurations, district.WhatIfs);
        (await RosterAsync(joined)).Select(app => app.App).ShouldBe(["second", TestDistrict.App]);
        var told = (await RosterAsync(joined))[1].ShouldBeOfType<RosterDiff.Derived>().Report;
        told.Changes[Kind.School].Update.ShouldBe(1);
        (await RosterAsync(alone with { Advanced = new AdvancedSettings { BulkUploadMode = false } })).Select(app => app.App).ShouldBe(["second"]);

        // In the console: the preview of the one app says so of the other.
        await using var jobs = new BackgroundJobs(TimeProvider.System, NullLogger<BackgroundJobs>.Instance);
        await new WhatIfJob(district.WhatIfs, jobs).StartAsync(district.Store, "second", joined, "ada", Token);
        WhatIfPreview? preview;
        while ((preview = await WhatIfJob.LatestAsync(district.Store, "second", Token)) is null)
        {
            (await district.Store.Jobs.LatestAsync("second", WhatIfJob.Kind, Token))!.State.ShouldNotBe(JobState.Failed);
            await Task.Delay(20, Token);
        }

        preview.Report.Notices.ShouldContain(notice => notice.Contains("the next import of Synergy changes", StringComparison.Ordinal));

        // An app that is taken out no longer feeds the school.
        await district.ConfigureAsync(Apps(joined));
        await district.ImportAsync("second");
        await district.ImportAsync();
        var without = await RosterAsync(null);
        without.Select(app => app.App).ShouldBe([TestDistrict.App, "second"]);
        without[0].ShouldBeOfType<RosterDiff.Derived>().Report.Read[Kind.School].ShouldBe(2);

        Dictionary<string, AppConfiguration> Apps(AppConfiguration? second)
        {
            var apps = new Dictionary<string, AppConfiguration>(StringComparer.Ordinal) { [TestDistrict.App] = first };
            if (second is not null)
            {
                apps["second"] = second;
            }

            return apps;
        }

        async Task<IReadOnlyList<RosterDiff>> RosterAsync(AppConfiguration? second)
        {
            var latest = DistrictConfiguration.FromDocument((await district.Store.Configuration.LatestAsync(Token))!.Document);
            var read = new ConfigurationFileResult.Read(latest with { Apps = Apps(second) }, new Dictionary<(string App, string Setting), string>());
            return (await diffs.OfAsync(read, readsSources: false, progress: null, Token)).Roster;
        }
    }

    private static async Task<WhatIfReport> DeriveAsync(TestDistrict district, AppConfiguration draft, IProgress<WhatIfProgress>? progress = null) =>
        await district.WhatIfs.DeriveAsync(
            district.Store,
            await WhatIfQuestion.OfDraftAsync(district.Store, TestDistrict.App, draft, Token),
            progress,
            Token
        );

    private sealed class Heard(Action<WhatIfProgress> hear) : IProgress<WhatIfProgress>
    {
        public void Report(WhatIfProgress value) => hear(value);
    }
}
