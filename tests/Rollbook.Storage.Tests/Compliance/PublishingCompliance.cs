using Rollbook.Model;

namespace Rollbook.Storage.Tests;

/// <summary>Publication happens wholly or not at all, and one after the other.</summary>
public abstract class PublishingCompliance(TestBed bed)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_publication_makes_a_version_and_ends_the_run()
    {
        var store = await bed.NewDistrictAsync();
        var run = await store.StartRunAsync();
        var result = await store.Roster.PublishAsync(
            Publishing.Publication(
                run,
                0,
                new MemoryChangeSet(Records.Create(Kind.School, "s1"), Records.Create(Kind.School, "s2"), Records.Create(Kind.Course, "c1"))
            ),
            Token
        );
        result.ShouldBe(new PublishResult.Published(1));

        var version = (await store.Roster.LatestAsync(Token))!;
        (version.Number, version.Run, version.App, version.PublishedAt, version.PublishedBy, version.ConfigurationVersion, version.Reason).ShouldBe(
            (1, run, "synergy", Publishing.Noon, "ada", 3, "because")
        );
        version.Changes[Kind.School].ShouldBe(new ChangeCounts(Create: 2));
        version.Totals[Kind.School].ShouldBe(2);
        version.Totals[Kind.Student].ShouldBe(0);
        var ended = (await store.Runs.GetAsync(run, Token))!;
        (ended.State, ended.Version, ended.EndedAt, ended.Report).ShouldBe(("published", 1, Publishing.Noon, """{"version":1}"""));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task A_run_ends_when_all_is_written_and_not_when_its_publication_begins(int changes)
    {
        var store = await bed.NewDistrictAsync();
        var run = await store.StartRunAsync();
        var now = Publishing.Noon;
        var set = new MemoryChangeSet(Enumerable.Range(0, changes).Select(i => Records.Create(Kind.School, $"s{i}")))
        {
            OnRead = _ => now = now.AddMinutes(1),
        };
        var publication = Publishing.Publication(run, 0, set) with { Now = () => now };
        await store.Roster.PublishAsync(publication, Token);
        (await store.Runs.GetAsync(run, Token))!.EndedAt.ShouldBe(Publishing.Noon.AddMinutes(changes));
        (await store.Roster.LatestAsync(Token))?.PublishedAt.ShouldBe(Publishing.Noon.AddMinutes(changes));
    }

    [Fact]
    public async Task Changes_against_an_older_version_are_refused_and_change_nothing()
    {
        var store = await bed.NewDistrictAsync();
        await store.PublishAsync(Records.Create(Kind.School, "s1"));
        var run = await store.StartRunAsync();
        var late = Publishing.Publication(run, 0, new MemoryChangeSet(Records.Create(Kind.School, "s2")));
        (await store.Roster.PublishAsync(late, Token)).ShouldBe(new PublishResult.Outdated(1));
        (await store.Roster.PublishAsync(late with { BaseVersion = 2 }, Token)).ShouldBe(new PublishResult.Outdated(1));
        (await store.Runs.GetAsync(run, Token))!.State.ShouldBe("publishing");
        (await store.Roster.ReadAsync(Kind.School, null, Token).CountAsync(Token)).ShouldBe(1);
    }

    [Fact]
    public async Task A_run_in_another_state_is_refused_and_changes_nothing()
    {
        var store = await bed.NewDistrictAsync();
        var run = await store.StartRunAsync();
        await store.Runs.MoveAsync(run, "publishing", "cancelled", null, Publishing.Noon, Token);
        var publication = Publishing.Publication(run, 0, new MemoryChangeSet(Records.Create(Kind.School, "s2")));
        (await store.Roster.PublishAsync(publication, Token)).ShouldBe(new PublishResult.Refused("cancelled"));
        (await store.Roster.PublishAsync(publication with { Run = 77 }, Token)).ShouldBe(new PublishResult.Refused("missing"));
        (await store.Roster.LatestAsync(Token)).ShouldBeNull();
        (await store.Uploads.AcceptedAsync("synergy", Token)).ShouldBeNull();
    }

    [Fact]
    public async Task A_publication_that_is_repeated_is_refused()
    {
        var store = await bed.NewDistrictAsync();
        var publication = Publishing.Publication(await store.StartRunAsync(), 0, new MemoryChangeSet(Records.Create(Kind.School, "s1")));
        await store.Roster.PublishAsync(publication, Token);
        (await store.Roster.PublishAsync(publication, Token)).ShouldBe(new PublishResult.Refused("published"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(700)]
    [InlineData(20_500)]
    public async Task A_publication_cut_short_leaves_nothing(int survived)
    {
        var store = await bed.NewDistrictAsync();
        await store.PublishAsync(Records.Create(Kind.School, "old", ("name", "Old")), Records.Create(Kind.School, "older"));
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var seen = 0;
        var changes = Enumerable
            .Range(0, 21_000)
            .Select(i => Records.Create(Kind.Student, $"s{i}"))
            .Append(Records.Update(Kind.School, "old", ("name", "New")))
            .Append(Records.Delete(Kind.School, "older"));
        var set = new MemoryChangeSet(changes)
        {
            OnRead = _ =>
            {
                if (++seen > survived)
                {
                    cancel.Cancel();
                }
            },
        };
        var run = await store.StartRunAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => store.Roster.PublishAsync(Publishing.Publication(run, 1, set), cancel.Token));

        (await store.Roster.LatestAsync(Token))!.Number.ShouldBe(1);
        (await store.Roster.ReadAsync(Kind.Student, null, Token).AnyAsync(Token)).ShouldBeFalse();
        (await store.Roster.GetAsync(Kind.School, Records.Id(Kind.School, "old"), null, Token))!.Row["name"].ShouldBe("Old");
        (await store.Runs.GetAsync(run, Token))!.State.ShouldBe("publishing");
        (await store.Roster.PublishAsync(Publishing.Publication(run, 1, new MemoryChangeSet(changes)), Token)).ShouldBe(
            new PublishResult.Published(2)
        );
    }

    [Fact]
    public async Task While_one_publishes_another_program_opens_reads_and_asks_it_to_stop_without_waiting()
    {
        var store = await bed.NewDistrictAsync();
        await store.PublishAsync(Records.Create(Kind.School, "old"));
        var (reached, go) = (new TaskCompletionSource(), new ManualResetEventSlim());
        var set = new MemoryChangeSet(Records.Create(Kind.School, "s1"), Records.Create(Kind.Student, "s2"))
        {
            OnRead = change =>
            {
                if (change.Kind == Kind.Student)
                {
                    reached.TrySetResult();
                    go.Wait(TimeSpan.FromMinutes(1), Token).ShouldBeTrue();
                }
            },
        };
        var run = await store.StartRunAsync();
        var publishing = Task.Run(() => store.Roster.PublishAsync(Publishing.Publication(run, 1, set), Token), Token);
        await reached.Task;

        var clock = System.Diagnostics.Stopwatch.StartNew();
        await using (var installation = bed.OpenInstallation())
        {
            var other = (await installation.OpenAsync(store.District.Id, Token))!;
            (await other.Roster.LatestAsync(Token))!.Number.ShouldBe(1);
            (await other.Runs.RequestCancelAsync(run, Token)).ShouldBeTrue();
            (await store.Runs.IsCancelRequestedAsync(run, Token)).ShouldBeTrue();
        }

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(1));
        publishing.IsCompleted.ShouldBeFalse();
        go.Set();
        (await publishing).ShouldBe(new PublishResult.Published(2));
    }

    [Fact]
    public async Task A_statement_that_takes_minutes_is_interrupted_and_leaves_nothing()
    {
        var store = await bed.NewDistrictAsync();
        await store.PublishAsync(Records.Create(Kind.Course, "c1"));
        await bed.SlowDownAsync(store.District.Id);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var clock = new System.Diagnostics.Stopwatch();
        var set = new MemoryChangeSet(Records.Create(Kind.School, "s1"))
        {
            OnRead = _ =>
            {
                cancel.CancelAfter(TimeSpan.FromMilliseconds(200));
                clock.Start();
            },
        };
        var run = await store.StartRunAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => store.Roster.PublishAsync(Publishing.Publication(run, 1, set), cancel.Token));
        clock.Elapsed.ShouldBeInRange(TimeSpan.FromMilliseconds(150), TimeSpan.FromSeconds(2));
        (await store.Roster.ReadAsync(Kind.School, null, Token).AnyAsync(Token)).ShouldBeFalse();
        (await store.PublishAsync(Records.Delete(Kind.Course, "c1"))).ShouldBe(2);
    }

    [Fact]
    public async Task Interrupted_at_any_moment_it_is_cancelled_or_published_and_nothing_else()
    {
        var store = await bed.NewDistrictAsync();
        var random = new Random(11);
        StagedChange[] changes =
        [
            .. Enumerable
                .Range(0, 2_000)
                .Select(i => Records.Create(Kind.School, $"s{i:0000}", ("name", $"School {i}")))
                .OrderBy(change => change.Id),
            .. Enumerable
                .Range(0, 2_000)
                .Select(i => Records.Create(Kind.Course, $"c{i:0000}", ("title", $"Course {i}")))
                .OrderBy(change => change.Id),
        ];
        StagedChange[] back =
        [
            .. Enumerable.Range(0, 2_000).Select(i => Records.Delete(Kind.School, $"s{i:0000}")).OrderBy(change => change.Id),
            .. Enumerable.Range(0, 2_000).Select(i => Records.Delete(Kind.Course, $"c{i:0000}")).OrderBy(change => change.Id),
        ];
        await store.PublishAsync(changes);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await store.PublishAsync(back);
        var typical = clock.Elapsed;
        var (published, cancelled, version) = (0, 0, 2);
        for (var round = 0; round < 60; round++)
        {
            using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var run = await store.StartRunAsync();
            cancel.CancelAfter(random.NextDouble() * 1.2 * typical);
            try
            {
                var set = new MemoryChangeSet(version % 2 == 0 ? changes : back);
                (await store.Roster.PublishAsync(Publishing.Publication(run, version, set), cancel.Token)).ShouldBe(
                    new PublishResult.Published(++version)
                );
                published++;
            }
            catch (OperationCanceledException)
            {
                cancelled++;
            }

            // The connection that was interrupted is whole again, or was not given back.
            (await store.Roster.LatestAsync(Token))!.Number.ShouldBe(version);
        }

        (published * cancelled).ShouldBeGreaterThan(0, $"{published} published, {cancelled} cancelled");
    }

    [Fact]
    public async Task A_change_set_that_does_not_fit_the_roster_is_refused_whole()
    {
        var store = await bed.NewDistrictAsync();
        await store.PublishAsync(Records.Create(Kind.School, "s1"));
        await Should.ThrowAsync<InvalidOperationException>(() =>
            store.PublishAsync(Records.Create(Kind.School, "s2"), Records.Update(Kind.School, "nowhere"))
        );
        await Should.ThrowAsync<InvalidOperationException>(() => store.PublishAsync(Records.Delete(Kind.School, "nowhere")));
        await Should.ThrowAsync<Exception>(() => store.PublishAsync(Records.Create(Kind.School, "s1")));
        var miscounted = new MemoryChangeSet(Records.Create(Kind.School, "s2"))
        {
            Counts = new Dictionary<Kind, ChangeCounts> { [Kind.School] = new(Create: 2) },
        };
        await Should.ThrowAsync<InvalidOperationException>(async () =>
            await store.Roster.PublishAsync(Publishing.Publication(await store.StartRunAsync(), 1, miscounted), Token)
        );
        (await store.Roster.LatestAsync(Token))!.Number.ShouldBe(1);
        (await store.Roster.ReadAsync(Kind.School, null, Token).CountAsync(Token)).ShouldBe(1);
    }

    [Fact]
    public async Task Of_many_publishers_at_once_exactly_one_wins()
    {
        var store = await bed.NewDistrictAsync();
        var publications = new List<Publication>();
        for (var i = 0; i < 6; i++)
        {
            publications.Add(Publishing.Publication(await store.StartRunAsync(), 0, new MemoryChangeSet(Records.Create(Kind.School, $"s{i}"))));
        }

        var results = await Task.WhenAll(publications.Select(publication => Task.Run(() => store.Roster.PublishAsync(publication, Token), Token)));
        results.Count(result => result is PublishResult.Published).ShouldBe(1);
        results.Count(result => result == new PublishResult.Outdated(1)).ShouldBe(5);
        (await store.Roster.ReadAsync(Kind.School, null, Token).CountAsync(Token)).ShouldBe(1);
    }

    [Fact]
    public async Task A_reader_in_the_middle_sees_the_version_it_began_with_and_does_not_hold_up_the_writer()
    {
        var store = await bed.NewDistrictAsync();
        await store.PublishAsync(Enumerable.Range(0, 2_000).Select(i => Records.Create(Kind.School, $"s{i}", ("name", "Old"))));
        await using var reader = store.Roster.ReadAsync(Kind.School, null, Token).GetAsyncEnumerator(Token);
        (await reader.MoveNextAsync()).ShouldBeTrue();
        await store.PublishAsync(Enumerable.Range(0, 2_000).Select(i => Records.Update(Kind.School, $"s{i}", ("name", "New"))));
        var names = new List<object?> { reader.Current.Row["name"] };
        while (await reader.MoveNextAsync())
        {
            names.Add(reader.Current.Row["name"]);
        }

        names.Count.ShouldBe(2_000);
        names.ShouldAllBe(name => Equals(name, "Old"));
    }

    [Fact]
    public async Task A_hundred_thousand_records_are_published_read_and_deleted()
    {
        var store = await bed.NewDistrictAsync();
        await store.PublishAsync(Enumerable.Range(0, 100_000).Select(i => Records.Create(Kind.Enrollment, $"e{i}", ("role", "student"))));
        await store.PublishAsync(Enumerable.Range(0, 10_000).Select(i => Records.Update(Kind.Enrollment, $"e{i}", ("role", "teacher"))));
        await store.PublishAsync(Enumerable.Range(0, 50_000).Select(i => Records.Delete(Kind.Enrollment, $"e{i}")));
        (await store.Roster.ReadAsync(Kind.Enrollment, null, Token).CountAsync(Token)).ShouldBe(50_000);
        (await store.Roster.ReadAsync(Kind.Enrollment, 2, Token).CountAsync(record => record.Row["role"] is "teacher", Token)).ShouldBe(10_000);
        (await store.Roster.LatestAsync(Token))!.Totals[Kind.Enrollment].ShouldBe(50_000);
        var hashes = await store.Roster.HashesAsync(
            Kind.Enrollment,
            [.. Enumerable.Range(0, 100_000).Select(i => Records.Id(Kind.Enrollment, $"e{i}"))],
            Token
        );
        hashes.Count.ShouldBe(50_000);
        hashes[Records.Id(Kind.Enrollment, "e99999")].ShouldBe(Records.Row(Kind.Enrollment, "e99999", ("role", "student")).Hash);
    }

    [Fact]
    public async Task A_student_who_becomes_a_teacher_keeps_the_id_in_one_version()
    {
        var store = await bed.NewDistrictAsync();
        await store.PublishAsync(Records.Create(Kind.Student, "p1", ("familyName", "Byron")));
        await store.PublishAsync(Records.Delete(Kind.Student, "p1"), Records.Create(Kind.Teacher, "p1", ("familyName", "Lovelace")));
        var id = Records.Id(Kind.Student, "p1");
        (await store.Roster.GetManyAsync(Family.Person, [id], null, Token))[id].Row.Kind.ShouldBe(Kind.Teacher);
        (await store.Roster.GetManyAsync(Family.Person, [id], 1, Token))[id].Row.Kind.ShouldBe(Kind.Student);
        var version = (await store.Roster.LatestAsync(Token))!;
        (version.Totals[Kind.Student], version.Totals[Kind.Teacher]).ShouldBe((0, 1));
    }
}
