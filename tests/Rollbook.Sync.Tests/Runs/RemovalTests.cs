using CsCheck;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Setup.Schools;
using Rollbook.Sync.Tests.Derive;
using Rollbook.Sync.WhatIf;

namespace Rollbook.Sync.Tests.Runs;

/// <summary>An app's data can be taken out of the roster whole, as a run like any other.</summary>
public sealed class RemovalTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_removal_empties_the_roster_and_the_kept_upload_and_says_what_it_is()
    {
        var source = GuardTests.Filled();
        await using var district = await TestDistrict.StartAsync(source);
        await district.ImportAsync();
        var before = await district.RosterAsync();
        before.ShouldNotBeEmpty();

        var run = await RemoveAsync(district);
        (run.State, run.Trigger, run.App).ShouldBe(("published", "console", TestDistrict.App));
        var report = RunReport.FromJson(run.Report);
        report.Purpose.ShouldBe(RunPurpose.Removal);
        report.Changes.Values.Sum(counts => counts.Delete).ShouldBe(before.Count);
        report.Changes.Values.Sum(counts => counts.Unchanged).ShouldBe(0);
        (await district.RosterAsync()).ShouldBeEmpty();
        (await district.RosterAsync(asOf: 1)).ShouldBe(before, ignoreOrder: true);
        (await district.Store.Roster.LatestAsync(Token))!.Reason.ShouldBe("The data of Synergy was removed.");
        (await KeptSegmentsAsync(district)).ShouldBe(0);
        Directory.Exists(district.WorkFolder).ShouldBeTrue();
        Directory.EnumerateFileSystemEntries(district.WorkFolder).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_survey_and_a_preview_found_goes_with_the_records()
    {
        await using var district = await TestDistrict.StartAsync(GuardTests.Filled());
        await district.ImportAsync();
        string[] kinds = [Surveys.Kind, WhatIfJob.Kind, "deactivation"];
        foreach (var kind in kinds)
        {
            await district.Store.Jobs.AddAsync(TestDistrict.App, kind, "ada", TimeProvider.System.GetUtcNow(), Token);
        }

        await RemoveAsync(district);

        var left = await Task.WhenAll(kinds.Select(kind => district.Store.Jobs.LatestAsync(TestDistrict.App, kind, Token)));
        left.Select(job => job?.Kind).ShouldBe([null, null, "deactivation"]);
    }

    [Fact]
    public async Task After_a_removal_an_import_brings_everything_back()
    {
        var source = GuardTests.Filled();
        await using var district = await TestDistrict.StartAsync(source);
        await district.ImportAsync();
        var before = await district.RosterAsync();
        await RemoveAsync(district);
        (await district.ImportAsync()).State.ShouldBe("published");
        (await district.RosterAsync()).ShouldBe(before, ignoreOrder: true);
    }

    [Fact]
    public async Task Whatever_came_before_a_removal_leaves_nothing() =>
        await Gen.Select(Gen.Int[0, int.MaxValue - 1], Gen.Bool)
            .SampleAsync(
                async (seed, bulk) =>
                {
                    var random = new Random(seed);
                    var source = GuardTests.Filled(seed);
                    await using var district = await TestDistrict.StartAsync(source, bulk);
                    await district.ImportAsync();
                    foreach (var records in source.Records.Values)
                    {
                        foreach (var sourcedId in records.Keys.Where(_ => random.Next(4) == 0).ToList())
                        {
                            records.Remove(sourcedId);
                        }
                    }

                    await district.ImportAsync();
                    await RemoveAsync(district);
                    (await district.RosterAsync()).ShouldBeEmpty();
                    (await KeptSegmentsAsync(district)).ShouldBe(0);
                },
                iter: 10,
                threads: 1
            );

    [Fact]
    public async Task What_was_never_imported_can_not_be_removed()
    {
        await using var district = await TestDistrict.StartAsync(new ScriptedSource(new Random(1)));
        (await district.Imports.StartRemovalAsync(TestDistrict.Id, TestDistrict.App, "ada", Token)).ShouldBeOfType<StartResult.Refused>();
        (await district.Imports.StartRemovalAsync("nobody", TestDistrict.App, "ada", Token)).ShouldBeOfType<StartResult.Refused>();
    }

    [Fact]
    public async Task An_app_that_is_no_longer_configured_can_be_removed()
    {
        var source = GuardTests.Filled();
        await using var district = await TestDistrict.StartAsync(source);
        await district.ImportAsync();
        await district.ConfigureAsync(app: null);
        (await RemoveAsync(district)).State.ShouldBe("published");
        (await district.RosterAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_removal_and_an_import_of_one_app_do_not_run_at_once()
    {
        var gate = new TaskCompletionSource();
        var source = GuardTests.Filled();
        await using var district = await TestDistrict.StartAsync(source);
        await district.ImportAsync();
        source.BeforePage = (_, token) => gate.Task.WaitAsync(token);
        var import = (
            await district.Imports.StartAsync(TestDistrict.Id, TestDistrict.App, "command", "test", Token)
        ).ShouldBeOfType<StartResult.Started>();
        (await district.Imports.StartRemovalAsync(TestDistrict.Id, TestDistrict.App, "ada", Token)).ShouldBe(
            new StartResult.AlreadyRunning(import.Run)
        );
        gate.SetResult();
        await district.Imports.WaitAsync(TestDistrict.Id, import.Run, Token);
    }

    private static async Task<RunRecord> RemoveAsync(TestDistrict district)
    {
        var started = (
            await district.Imports.StartRemovalAsync(TestDistrict.Id, TestDistrict.App, "ada", Token)
        ).ShouldBeOfType<StartResult.Started>();
        RunReport.FromJson((await district.Store.Runs.GetAsync(started.Run, Token))!.Report).Purpose.ShouldBe(RunPurpose.Removal);
        await district.Imports.WaitAsync(TestDistrict.Id, started.Run, Token);
        return (await district.Store.Runs.GetAsync(started.Run, Token))!;
    }

    private static async Task<int> KeptSegmentsAsync(TestDistrict district)
    {
        var segments = 0;
        foreach (var collection in Collections.InOrder)
        {
            segments += await district.Store.Uploads.ReadIndexAsync(TestDistrict.App, collection, Token).CountAsync(Token);
        }

        return segments;
    }
}
