namespace Rollbook.Storage.Tests;

/// <summary>Drafts and jobs.</summary>
public abstract class SetupCompliance(TestBed bed)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_draft_is_kept_as_it_was_saved_last()
    {
        var drafts = (await bed.NewDistrictAsync()).Drafts;
        (await drafts.GetAsync("synergy", Token)).ShouldBeNull();
        (await drafts.SaveAsync("synergy", 0, "{}", "ada", Publishing.Noon, Token)).ShouldBe(1);
        (await drafts.SaveAsync("synergy", 1, """{"a":1}""", "bo", Publishing.Noon.AddHours(1), Token)).ShouldBe(2);
        (await drafts.SaveAsync("directory", 0, "{}", "ada", Publishing.Noon, Token)).ShouldBe(1);
        var kept = new AppDraft("synergy", 2, """{"a":1}""", "bo", Publishing.Noon.AddHours(1));
        (await drafts.GetAsync("synergy", Token)).ShouldBe(kept);
        (await drafts.ListAsync(Token)).Select(draft => draft.App).ShouldBe(["directory", "synergy"]);
        (await drafts.RemoveAsync("synergy", 1, Token)).ShouldBeFalse();
        (await drafts.GetAsync("synergy", Token)).ShouldBe(kept);
        (await drafts.RemoveAsync("directory", 1, Token)).ShouldBeTrue();
        (await drafts.RemoveAsync("directory", 1, Token)).ShouldBeFalse();
        await drafts.RemoveAsync("synergy", Token);
        await drafts.RemoveAsync("synergy", Token);
        (await drafts.GetAsync("synergy", Token)).ShouldBeNull();
    }

    [Fact]
    public async Task Of_two_who_save_the_same_revision_one_is_told_and_loses_nothing()
    {
        var drafts = (await bed.NewDistrictAsync()).Drafts;
        (await drafts.SaveAsync("synergy", 0, "first", "ada", Publishing.Noon, Token)).ShouldBe(1);
        (await drafts.SaveAsync("synergy", 0, "late", "bo", Publishing.Noon, Token)).ShouldBeNull();
        var saved = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => Task.Run(() => drafts.SaveAsync("synergy", 1, $"{i}", "ada", Publishing.Noon, Token), Token))
        );
        saved.Count(revision => revision == 2).ShouldBe(1);
        saved.Count(revision => revision is null).ShouldBe(7);
        (await drafts.GetAsync("synergy", Token))!.Document.ShouldBe($"{Array.IndexOf(saved, 2)}");
    }

    [Fact]
    public async Task A_job_reports_and_ends_once()
    {
        var jobs = (await bed.NewDistrictAsync()).Jobs;
        (await jobs.LatestAsync("synergy", "survey", Token)).ShouldBeNull();
        var number = await jobs.AddAsync("synergy", "survey", "ada", Publishing.Noon, Token);
        (await jobs.ReportAsync(number, "3 of 10 schools", Publishing.Noon.AddSeconds(1), Token)).ShouldBeTrue();
        (await jobs.ReportAsync(number, null, Publishing.Noon.AddSeconds(2), Token)).ShouldBeTrue();
        (await jobs.LatestAsync("synergy", "survey", Token)).ShouldBe(
            new JobRecord(
                number,
                "synergy",
                "survey",
                JobState.Working,
                "ada",
                Publishing.Noon,
                Publishing.Noon.AddSeconds(2),
                null,
                "3 of 10 schools",
                null
            )
        );
        await jobs.EndAsync(number, JobState.Done, "{}", Publishing.Noon.AddSeconds(3), Token);
        await jobs.EndAsync(number, JobState.Failed, "late", Publishing.Noon.AddSeconds(4), Token);
        (await jobs.ReportAsync(number, "late", Publishing.Noon.AddSeconds(4), Token)).ShouldBeFalse();
        var ended = (await jobs.LatestAsync("synergy", "survey", Token))!;
        (ended.State, ended.Result, ended.EndedAt).ShouldBe((JobState.Done, "{}", Publishing.Noon.AddSeconds(3)));
    }

    [Fact]
    public async Task The_newest_job_of_an_app_and_kind_is_the_one_that_counts()
    {
        var jobs = (await bed.NewDistrictAsync()).Jobs;
        var first = await jobs.AddAsync("synergy", "survey", "ada", Publishing.Noon, Token);
        await jobs.EndAsync(first, JobState.Failed, "no", Publishing.Noon, Token);
        await jobs.AddAsync("synergy", "preview", "ada", Publishing.Noon, Token);
        await jobs.AddAsync("directory", "survey", "ada", Publishing.Noon, Token);
        var second = await jobs.AddAsync("synergy", "survey", "bo", Publishing.Noon, Token);
        (await jobs.LatestAsync("synergy", "survey", Token))!.Number.ShouldBe(second);
        (await jobs.LatestAsync("synergy", "preview", Token)).ShouldNotBeNull();
    }

    [Fact]
    public async Task The_jobs_of_an_app_can_be_forgotten_with_what_they_found()
    {
        var jobs = (await bed.NewDistrictAsync()).Jobs;
        var ended = await jobs.AddAsync("synergy", "survey", "ada", Publishing.Noon, Token);
        await jobs.EndAsync(ended, JobState.Done, "{}", Publishing.Noon, Token);
        var atWork = await jobs.AddAsync("synergy", "preview", "ada", Publishing.Noon, Token);
        await jobs.AddAsync("directory", "survey", "ada", Publishing.Noon, Token);
        await jobs.RemoveAsync("synergy", Token);
        (await jobs.LatestAsync("synergy", "survey", Token)).ShouldBeNull();
        (await jobs.ReportAsync(atWork, "late", Publishing.Noon, Token)).ShouldBeFalse();
        await jobs.EndAsync(atWork, JobState.Done, "late", Publishing.Noon, Token);
        (await jobs.LatestAsync("synergy", "preview", Token)).ShouldBeNull();
        (await jobs.LatestAsync("directory", "survey", Token)).ShouldNotBeNull();
    }
}
