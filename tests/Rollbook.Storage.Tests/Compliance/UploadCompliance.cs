using Rollbook.Model;

namespace Rollbook.Storage.Tests;

/// <summary>Kept uploads.</summary>
public abstract class UploadCompliance(TestBed bed)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Segment_numbers_are_never_given_twice()
    {
        var uploads = (await bed.NewDistrictAsync()).Uploads;
        var numbers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => uploads.NextSegmentsAsync(1, Token), Token)));
        numbers.Order().ShouldBe(Enumerable.Range(1, 20));
    }

    [Fact]
    public async Task Segments_count_once_their_run_is_published()
    {
        var store = await bed.NewDistrictAsync();
        var run = await store.StartRunAsync();
        var (first, second) = (await AppendAsync(store, run, Collection.Users), await AppendAsync(store, run, Collection.Users));
        await AppendAsync(store, run, Collection.Orgs);
        (await IndexesAsync(store, Collection.Users)).ShouldBeEmpty();
        (await store.Uploads.SegmentsAsync("synergy", Collection.Users, Token)).ShouldBeEmpty();
        (await store.Uploads.AcceptedAsync("synergy", Token)).ShouldBeNull();
        (await store.Uploads.ReadDataAsync(first, Token)).ShouldBe(DataOf(first));

        await store.Roster.PublishAsync(Publishing.Publication(run, 0, new MemoryChangeSet(Records.Create(Kind.School, "s1"))), Token);
        (await IndexesAsync(store, Collection.Users)).Select(index => index.Number).ShouldBe([first, second]);
        (await IndexesAsync(store, Collection.Users))[0].Index.ShouldBe(IndexOf(first));
        (await store.Uploads.SegmentsAsync("synergy", Collection.Users, Token)).ShouldBe([second, first]);
        (await store.Uploads.SegmentsAsync("csv", Collection.Users, Token)).ShouldBeEmpty();
        (await store.Uploads.ReadIndexAsync(second, Token)).ShouldBe(IndexOf(second));
        (await store.Uploads.ReadIndexAsync(second + 99, Token)).ShouldBeNull();
        (await store.Uploads.AcceptedAsync("synergy", Token)).ShouldBe(new AcceptedUpload(run, "fingerprint " + run));
        (await store.Uploads.AcceptedAsync("csv", Token)).ShouldBeNull();
    }

    [Fact]
    public async Task An_unchanged_run_is_accepted_too()
    {
        var store = await bed.NewDistrictAsync();
        var run = await store.StartRunAsync();
        var segment = await AppendAsync(store, run, Collection.Users);
        (await store.Roster.PublishAsync(Publishing.Publication(run, 0, new MemoryChangeSet()), Token)).ShouldBeOfType<PublishResult.Unchanged>();
        (await IndexesAsync(store, Collection.Users)).Select(index => index.Number).ShouldBe([segment]);
        (await store.Uploads.AcceptedAsync("synergy", Token))!.Run.ShouldBe(run);
        var ended = (await store.Runs.GetAsync(run, Token))!;
        (ended.State, ended.EndedAt, ended.Version, ended.Report).ShouldBe(("unchanged", Publishing.Noon, null, """{"version":null}"""));
    }

    [Fact]
    public async Task Discarding_takes_what_does_not_count_and_nothing_else()
    {
        var store = await bed.NewDistrictAsync();
        var run = await store.StartRunAsync();
        var kept = await AppendAsync(store, run, Collection.Users);
        await store.Roster.PublishAsync(Publishing.Publication(run, 0, new MemoryChangeSet()), Token);
        var failed = await store.StartRunAsync();
        var lost = await AppendAsync(store, failed, Collection.Users);
        for (var i = 0; i < 2; i++)
        {
            await store.Uploads.DiscardAsync(failed, Token);
            await store.Uploads.DiscardAsync(run, Token);
        }

        (await store.Uploads.ReadDataAsync(kept, Token)).ShouldNotBeNull();
        (await store.Uploads.ReadDataAsync(lost, Token)).ShouldBeNull();
        (await store.Uploads.NextSegmentsAsync(1, Token)).ShouldBe(lost + 1);
    }

    [Fact]
    public async Task What_ended_runs_left_is_found_and_what_counts_or_still_runs_is_spared()
    {
        var store = await bed.NewDistrictAsync();
        var (published, failed, running) = (await store.StartRunAsync(), await store.StartRunAsync("csv"), await store.StartRunAsync("ldap"));
        var kept = await AppendAsync(store, published, Collection.Users);
        var lost = await AppendAsync(store, failed, Collection.Users);
        var present = await AppendAsync(store, running, Collection.Users);
        await store.Roster.PublishAsync(Publishing.Publication(published, 0, new MemoryChangeSet()), Token);
        await store.Runs.MoveAsync(failed, "publishing", "failed", null, Publishing.Noon, Token);

        await store.Uploads.DiscardEndedAsync(Token);
        (await store.Uploads.ReadDataAsync(kept, Token)).ShouldNotBeNull();
        (await store.Uploads.ReadDataAsync(lost, Token)).ShouldBeNull();
        (await store.Uploads.ReadDataAsync(present, Token)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Segments_that_were_rewritten_go_when_the_run_is_published_and_not_before()
    {
        var store = await bed.NewDistrictAsync();
        var run = await store.StartRunAsync();
        var (old, other) = (await AppendAsync(store, run, Collection.Users), await AppendAsync(store, run, Collection.Orgs));
        await store.Roster.PublishAsync(Publishing.Publication(run, 0, new MemoryChangeSet()), Token);
        var elsewhere = await store.StartRunAsync("csv");
        var csv = await store.Uploads.NextSegmentsAsync(1, Token);
        await store.Uploads.AppendAsync("csv", elsewhere, Collection.Users, [new Segment(csv, 100, IndexOf(csv), DataOf(csv))], Token);

        var next = await store.StartRunAsync();
        var changed = await AppendAsync(store, next, Collection.Users);
        var below = await store.Uploads.NextSegmentsAsync(1, Token);
        var rewritten = await AppendAsync(store, next, Collection.Users);
        (await IndexesAsync(store, Collection.Users)).Select(index => index.Number).ShouldBe([old]);

        var publication = Publishing.Publication(next, 0, new MemoryChangeSet()) with { Rewritten = [(Collection.Users, below)] };
        (await store.Roster.PublishAsync(publication with { BaseVersion = 7 }, Token)).ShouldBeOfType<PublishResult.Outdated>();
        (await IndexesAsync(store, Collection.Users)).Select(index => index.Number).ShouldBe([old]);

        (await store.Roster.PublishAsync(publication, Token)).ShouldBeOfType<PublishResult.Unchanged>();
        (await IndexesAsync(store, Collection.Users)).Select(index => index.Number).ShouldBe([rewritten]);
        (await IndexesAsync(store, Collection.Orgs)).Select(index => index.Number).ShouldBe([other]);
        (await store.Uploads.OriginAsync(rewritten, Token)).ShouldBe(new SegmentOrigin(next, IsFirst: false));
        (await store.Uploads.OriginAsync(other, Token)).ShouldBe(new SegmentOrigin(run, IsFirst: true));
        (await store.Uploads.OriginAsync(old, Token)).ShouldBeNull();
        (await store.Uploads.ReadDataAsync(old, Token)).ShouldBeNull();
        (await store.Uploads.ReadDataAsync(changed, Token)).ShouldBeNull();
        (await store.Uploads.ReadDataAsync(csv, Token)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("held")]
    [InlineData("waiting")]
    public async Task What_a_run_that_waits_for_a_person_appended_does_not_count_and_stays(string state)
    {
        var store = await bed.NewDistrictAsync();
        var run = await store.StartRunAsync();
        var old = await AppendAsync(store, run, Collection.Users);
        await store.Roster.PublishAsync(Publishing.Publication(run, 0, new MemoryChangeSet()), Token);
        var waiting = await store.StartRunAsync();
        var (first, second) = (await AppendAsync(store, waiting, Collection.Users), await AppendAsync(store, waiting, Collection.Users));
        await AppendAsync(store, waiting, Collection.Orgs);
        await store.Runs.MoveAsync(waiting, "publishing", state, null, null, Token);

        await store.Uploads.DiscardEndedAsync(Token);
        (await IndexesAsync(store, Collection.Users)).Select(index => index.Number).ShouldBe([old]);
        (await store.Uploads.SegmentsAsync("synergy", Collection.Users, Token)).ShouldBe([old]);
        (await store.Uploads.AcceptedAsync("synergy", Token))!.Run.ShouldBe(run);
        await ShouldBeThereAsync();

        var next = await store.StartRunAsync();
        var below = await store.Uploads.NextSegmentsAsync(1, Token);
        var rewritten = await AppendAsync(store, next, Collection.Users);
        await store.Roster.PublishAsync(
            Publishing.Publication(next, 0, new MemoryChangeSet()) with
            {
                Rewritten = [(Collection.Users, below)],
            },
            Token
        );
        (await IndexesAsync(store, Collection.Users)).Select(index => index.Number).ShouldBe([rewritten]);
        (await store.Uploads.SegmentsAsync("synergy", Collection.Users, Token)).ShouldBe([rewritten]);
        (await store.Uploads.ReadDataAsync(old, Token)).ShouldBeNull();
        await ShouldBeThereAsync();

        await store.Runs.MoveAsync(waiting, state, "declined", null, Publishing.Noon, Token);
        await store.Uploads.DiscardEndedAsync(Token);
        (await store.Uploads.ReadIndexAsync(waiting, Collection.Users, Token).ToListAsync(Token)).ShouldBeEmpty();
        (await store.Uploads.ReadDataAsync(first, Token)).ShouldBeNull();

        async Task ShouldBeThereAsync()
        {
            (await store.Uploads.ReadIndexAsync(waiting, Collection.Users, Token).ToListAsync(Token))
                .Select(index => index.Number)
                .ShouldBe([first, second]);
            (await store.Uploads.ReadDataAsync(first, Token)).ShouldBe(DataOf(first));
        }
    }

    [Fact]
    public async Task The_indexes_of_a_runs_segments_are_read_whether_they_count_or_not()
    {
        var store = await bed.NewDistrictAsync();
        var run = await store.StartRunAsync();
        var (first, second) = (await AppendAsync(store, run, Collection.Users), await AppendAsync(store, run, Collection.Users));
        var org = await AppendAsync(store, run, Collection.Orgs);
        await AppendAsync(store, await store.StartRunAsync(), Collection.Users);
        await ShouldBeReadAsync();
        await store.Roster.PublishAsync(Publishing.Publication(run, 0, new MemoryChangeSet()), Token);
        await ShouldBeReadAsync();
        (await store.Uploads.ReadIndexAsync(run, Collection.Classes, Token).ToListAsync(Token)).ShouldBeEmpty();

        async Task ShouldBeReadAsync()
        {
            var indexes = await store.Uploads.ReadIndexAsync(run, Collection.Users, Token).ToListAsync(Token);
            indexes.Select(index => (index.Number, index.Records)).ShouldBe([(first, 100), (second, 100)]);
            indexes[1].Index.ShouldBe(IndexOf(second));
            (await store.Uploads.ReadIndexAsync(run, Collection.Orgs, Token).ToListAsync(Token)).ShouldHaveSingleItem().Number.ShouldBe(org);
        }
    }

    [Fact]
    public async Task A_segment_beside_older_ones_was_brought_by_its_own_run()
    {
        var store = await bed.NewDistrictAsync();
        var run = await store.StartRunAsync();
        var first = await AppendAsync(store, run, Collection.Users);
        await store.Roster.PublishAsync(Publishing.Publication(run, 0, new MemoryChangeSet()), Token);
        var next = await store.StartRunAsync();
        var second = await AppendAsync(store, next, Collection.Users);
        await store.Roster.PublishAsync(Publishing.Publication(next, 0, new MemoryChangeSet()), Token);
        (await store.Uploads.OriginAsync(first, Token)).ShouldBe(new SegmentOrigin(run, IsFirst: true));
        (await store.Uploads.OriginAsync(second, Token)).ShouldBe(new SegmentOrigin(next, IsFirst: true));
    }

    [Fact]
    public async Task A_segment_may_have_no_data()
    {
        var store = await bed.NewDistrictAsync();
        var run = await store.StartRunAsync();
        var number = await store.Uploads.NextSegmentsAsync(1, Token);
        await store.Uploads.AppendAsync(
            "synergy",
            run,
            Collection.Users,
            [new Segment(number, 0, new byte[] { 1 }, ReadOnlyMemory<byte>.Empty)],
            Token
        );
        (await store.Uploads.ReadDataAsync(number, Token)).ShouldNotBeNull().ShouldBeEmpty();
    }

    [Fact]
    public async Task Unresolved_references_are_found_by_target_and_forgotten_by_record()
    {
        var store = await bed.NewDistrictAsync();
        var (e1, e2, c1, missing, other) = (
            Records.Id(Kind.Enrollment, "e1"),
            Records.Id(Kind.Enrollment, "e2"),
            Records.Id(Kind.Class, "c1"),
            Records.Id(Kind.Student, "gone"),
            Records.Id(Kind.Student, "other")
        );
        UnresolvedReference[] all =
        [
            new(Collection.Enrollments, e1, missing, Required: true),
            new(Collection.Enrollments, e2, missing, Required: true),
            new(Collection.Classes, c1, missing, Required: false),
            new(Collection.Enrollments, e1, other, Required: true),
        ];
        await PublishAsync(store, "synergy", new UnresolvedChanges(ClearAll: true, [], all));
        await PublishAsync(store, "csv", new UnresolvedChanges(ClearAll: true, [], [all[0]]));
        (await store.Uploads.UnresolvedAsync("synergy", [missing], Token)).ShouldBe(all[..3], ignoreOrder: true);
        (await store.Uploads.UnresolvedAsync("synergy", [], Token)).ShouldBeEmpty();

        await PublishAsync(
            store,
            "synergy",
            new UnresolvedChanges(ClearAll: false, [(Collection.Enrollments, e1)], [new(Collection.Enrollments, e1, other, Required: false)])
        );
        (await store.Uploads.UnresolvedAsync("synergy", [missing, other], Token)).ShouldBe(
            [all[1], all[2], new(Collection.Enrollments, e1, other, Required: false)],
            ignoreOrder: true
        );

        await PublishAsync(store, "synergy", new UnresolvedChanges(ClearAll: true, [], []));
        (await store.Uploads.UnresolvedAsync("synergy", [missing, other], Token)).ShouldBeEmpty();
        (await store.Uploads.UnresolvedAsync("csv", [missing], Token)).Count.ShouldBe(1);
    }

    private static async Task PublishAsync(IDistrictStore store, string app, UnresolvedChanges unresolved) =>
        (
            await store.Roster.PublishAsync(Publishing.Publication(await store.StartRunAsync(app), 0, new MemoryChangeSet(), unresolved, app), Token)
        ).ShouldBeOfType<PublishResult.Unchanged>();

    private static async Task<int> AppendAsync(IDistrictStore store, long run, Collection collection)
    {
        var number = await store.Uploads.NextSegmentsAsync(1, Token);
        await store.Uploads.AppendAsync("synergy", run, collection, [new Segment(number, 100, IndexOf(number), DataOf(number))], Token);
        return number;
    }

    private static byte[] IndexOf(int number) => [(byte)number, 1];

    private static byte[] DataOf(int number) => [.. Enumerable.Repeat((byte)number, 50_000)];

    private static async Task<List<SegmentIndex>> IndexesAsync(IDistrictStore store, Collection collection) =>
        await store.Uploads.ReadIndexAsync("synergy", collection, Token).ToListAsync(Token);
}
