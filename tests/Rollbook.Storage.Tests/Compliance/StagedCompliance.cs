using CsCheck;
using Rollbook.Model;

namespace Rollbook.Storage.Tests;

/// <summary>Change sets that wait for a person.</summary>
public abstract class StagedCompliance(TestBed bed)
{
    private const string Report = """{"held":true}""";

    private static readonly Kind[] SomeKinds = [Kind.School, Kind.Course, Kind.Student, Kind.Teacher, Kind.Enrollment];
    private static readonly RollbookId Lincoln = Records.Id(Kind.School, "lincoln");
    private static readonly RollbookId Mercer = Records.Id(Kind.School, "mercer");
    private static readonly RollbookId Tubman = Records.Id(Kind.School, "tubman");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Random_change_sets_are_read_and_counted_as_a_naive_model_says() =>
        await Gen.Int.Array[4].SampleAsync(CheckAsync, iter: 12, threads: 1);

    [Fact]
    public async Task A_run_is_moved_with_its_change_set_and_nothing_is_published()
    {
        var store = await bed.NewDistrictAsync();
        await store.PublishAsync(Student("u1", "Amy", Lincoln));
        var run = await store.StartRunAsync();
        var staged = Student("u1", "Amara", Mercer) with { Operation = Operation.Update };
        (await store.Staged.KeepAsync(run, "publishing", "held", new MemoryChangeSet(staged), Report, Token)).ShouldBeTrue();

        var held = (await store.Runs.GetAsync(run, Token))!;
        (held.State, held.Report, held.EndedAt, held.Version).ShouldBe(("held", Report, null, null));
        (await store.Runs.UndecidedAsync("synergy", Token)).ShouldBe([held]);
        (await store.Roster.LatestAsync(Token))!.Number.ShouldBe(1);
        (await store.Roster.GetAsync(Kind.Student, staged.Id, null, Token))!.Row["givenName"].ShouldBe("Amy");

        await using var installation = bed.OpenInstallation();
        var elsewhere = (await installation.OpenAsync(store.District.Id, Token))!;
        var change = (await PageAsync(elsewhere, run, Kind.Student)).ShouldHaveSingleItem();
        (change.Operation, change.Kind, change.Id, change.Old!.Value["givenName"], change.New).ShouldBe(
            (Operation.Update, Kind.Student, staged.Id, "Amy", staged.Row)
        );
        (await PageAsync(elsewhere, run + 1, Kind.Student)).ShouldBeEmpty();
        (await elsewhere.Staged.CountsAsync(run + 1, Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_record_that_moves_concerns_both_schools()
    {
        var store = await bed.NewDistrictAsync();
        await store.PublishAsync(Student("u1", "Amy", Lincoln, Tubman), Student("u2", "Bo", Lincoln), Student("u3", "Cy", Lincoln));
        var run = await KeepAsync(
            store,
            Student("u1", "Amy", Mercer, Tubman) with
            {
                Operation = Operation.Update,
            },
            Student("u3", "Cy") with
            {
                Operation = Operation.Rekey,
            },
            Student("u4", "Di"),
            Records.Delete(Kind.Student, "u2"),
            Records.Create(Kind.School, "mercer"),
            Records.Create(Kind.Enrollment, "e1", ("school", Mercer))
        );
        (await store.Staged.CountsAsync(run, Token)).ShouldBe(
            [
                new(Kind.School, Operation.Create, Mercer, 1),
                new(Kind.Student, Operation.Create, null, 1),
                new(Kind.Student, Operation.Update, Lincoln, 1),
                new(Kind.Student, Operation.Update, Mercer, 1),
                new(Kind.Student, Operation.Update, Tubman, 1),
                new(Kind.Student, Operation.Delete, Lincoln, 1),
                new(Kind.Student, Operation.Rekey, Lincoln, 1),
                new(Kind.Enrollment, Operation.Create, Mercer, 1),
            ],
            ignoreOrder: true
        );
        (await PageAsync(store, run, Kind.Student, school: Mercer)).ShouldHaveSingleItem().Id.ShouldBe(Records.Id(Kind.Student, "u1"));
        (await PageAsync(store, run, Kind.Student, school: Lincoln))
            .Select(change => change.Id)
            .ShouldBe(new[] { "u1", "u2", "u3" }.Select(id => Records.Id(Kind.Student, id)).Order());
        (await PageAsync(store, run, Kind.Student, Operation.Delete, Lincoln)).ShouldHaveSingleItem().Id.ShouldBe(Records.Id(Kind.Student, "u2"));
        (await PageAsync(store, run, Kind.Student, Operation.Delete, Mercer)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_run_would_create_is_found_by_its_id_in_any_kind_of_the_family()
    {
        var store = await bed.NewDistrictAsync();
        await store.PublishAsync(Student("u1", "Amy", Lincoln));
        var (student, teacher) = (Student("u4", "Di", Mercer), Records.Create(Kind.Teacher, "t1"));
        var changed = Student("u1", "Amara", Lincoln) with { Operation = Operation.Update };
        var run = await KeepAsync(store, changed, student, teacher, Records.Create(Kind.School, "mercer"));
        RollbookId[] asked = [student.Id, teacher.Id, changed.Id, Mercer, Records.Id(Kind.Student, "nobody")];
        var found = await store.Staged.CreatedAsync(run, Family.Person, asked, Token);
        found.Keys.ShouldBe([student.Id, teacher.Id], ignoreOrder: true);
        found[student.Id].ShouldBe(student.Row);
        (await store.Staged.CreatedAsync(run, Family.Org, asked, Token)).Keys.ShouldBe([Mercer]);
        (await store.Staged.CreatedAsync(run + 1, Family.Person, asked, Token)).ShouldBeEmpty();
        (await store.Staged.CreatedAsync(run, Family.Person, [], Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Changes_are_left_out_and_taken_in_again_by_kind_operation_school_and_record()
    {
        var store = await bed.NewDistrictAsync();
        await store.PublishAsync(Student("u1", "Amy", Lincoln), Student("u2", "Bo", Lincoln));
        var run = await KeepAsync(
            store,
            Student("u1", "Amy", Mercer, Tubman) with
            {
                Operation = Operation.Update,
            },
            Records.Delete(Kind.Student, "u2"),
            Student("u3", "Cy"),
            Records.Create(Kind.Course, "c1"),
            Records.Create(Kind.Enrollment, "e1", ("school", Mercer))
        );
        (await LeftAsync()).ShouldBeEmpty();
        await store.Staged.LeaveAsync(run, new StagedSelection(School: Mercer), isLeft: true, Token);
        await store.Staged.LeaveAsync(run, new StagedSelection(School: Tubman), isLeft: true, Token);
        (await LeftAsync()).ShouldBe([$"{Kind.Student} u1 {Operation.Update}", $"{Kind.Enrollment} e1 {Operation.Create}"]);
        (await store.Staged.LeftCountsAsync(run, Token)).ShouldBe([
            new(Kind.Student, Operation.Update, null, 1),
            new(Kind.Enrollment, Operation.Create, null, 1),
        ]);
        await store.Staged.LeaveAsync(run, new StagedSelection(Kind.Student, School: Tubman), isLeft: false, Token);
        (await LeftAsync()).ShouldBe([$"{Kind.Enrollment} e1 {Operation.Create}"]);
        await store.Staged.LeaveAsync(run, StagedSelection.All, isLeft: true, Token);
        (await LeftAsync()).Count.ShouldBe(5);
        await store.Staged.LeaveAsync(run, new StagedSelection(Operation: Operation.Create, IsWithoutSchool: true), isLeft: false, Token);
        (await LeftAsync()).ShouldBe(
            [$"{Kind.Student} u1 {Operation.Update}", $"{Kind.Student} u2 {Operation.Delete}", $"{Kind.Enrollment} e1 {Operation.Create}"],
            ignoreOrder: true
        );
        await store.Staged.LeaveAsync(run, new StagedSelection(Kind.Student, Id: Records.Id(Kind.Student, "u2")), isLeft: false, Token);
        (await store.Staged.LeftAmongAsync(run, Kind.Student, [Records.Id(Kind.Student, "u1"), Records.Id(Kind.Student, "u2")], Token)).ShouldBe([
            Records.Id(Kind.Student, "u1"),
        ]);
        (await store.Staged.LeftCountsAsync(run + 1, Token)).ShouldBeEmpty();

        (await store.Staged.LeftOfChangesAsync(run, Token)).ShouldBe(await store.Staged.LeftCountsAsync(run, Token));

        // Another change set: what it has all the same is in it again, of the rest it is remembered.
        var next = new MemoryChangeSet(Student("u4", "Di", Mercer), Student("u1", "Amy", Mercer) with { Operation = Operation.Update });
        (await store.Staged.KeepAsync(run, "held", "held", next, Report, Token)).ShouldBeTrue();
        (await LeftAsync()).ShouldBe([$"{Kind.Enrollment} e1 {Operation.Create}"]);
        (await store.Staged.LeftOfChangesAsync(run, Token)).ShouldBeEmpty();
        var read = new List<StagedChange>();
        await foreach (var change in store.Staged.ReadAsync(run, Kind.Student, Token))
        {
            read.Add(change);
        }

        read.Select(change => change.Id).ShouldBe(new[] { "u1", "u4" }.Select(id => Records.Id(Kind.Student, id)).Order());
        await store.Staged.LeaveAsync(run, StagedSelection.All, isLeft: false, Token);
        (await LeftAsync()).ShouldBeEmpty();

        async Task<IReadOnlyList<string>> LeftAsync()
        {
            var ids = new[] { "u1", "u2", "u3", "c1", "e1" };
            var left = new List<string>();
            await foreach (var change in store.Staged.LeftAsync(run, Token))
            {
                left.Add($"{change.Kind} {ids.Single(id => Records.Id(change.Kind, id) == change.Id)} {change.Operation}");
            }

            return left;
        }
    }

    [Fact]
    public async Task What_a_person_left_out_is_remembered_until_the_next_run_is_published_without_it()
    {
        var store = await bed.NewDistrictAsync();
        await store.PublishAsync(Student("u1", "Amy", Lincoln), Student("u2", "Bo", Lincoln), Student("u3", "Cy", Lincoln));
        var run = await store.StartRunAsync();
        IReadOnlySet<Kind> students = new HashSet<Kind> { Kind.Student };
        await KeepAsync(run, changes => changes.Id == Records.Id(Kind.Student, "u1"), keepsLeft: false);
        await store.Staged.LeaveAsync(run, new StagedSelection(Id: Records.Id(Kind.Student, "u2")), isLeft: true, Token);
        (await store.Staged.LeftCountsAsync(run, Token)).ShouldBe([new(Kind.Student, Operation.Delete, null, 2)]);

        // The same changes looked at anew: what is left out by itself is said again, what a person left out stays.
        await KeepAsync(run, leaves: null, keepsLeft: true);
        (await store.Staged.LeftCountsAsync(run, Token)).ShouldBe([new(Kind.Student, Operation.Delete, null, 1)]);
        await KeepAsync(run, changes => changes.Id == Records.Id(Kind.Student, "u1"), keepsLeft: true);
        (await BeforeAsync("synergy")).ShouldBeEmpty();
        await PublishAsync(run, students);
        (await BeforeAsync("synergy")).ShouldBe(["u2 Delete"]);
        (await BeforeAsync("other")).ShouldBeEmpty();

        // A run that did not ask the source knows nothing of it.
        await PublishAsync(await store.StartRunAsync(), told: null);
        (await BeforeAsync("synergy")).ShouldBe(["u2 Delete"]);

        // Nor does one for which the source did not say everything.
        await PublishAsync(await store.StartRunAsync(), new HashSet<Kind> { Kind.Teacher });
        (await BeforeAsync("synergy")).ShouldBe(["u2 Delete"]);

        // Left out again, though by no person.
        var third = await store.StartRunAsync();
        await KeepAsync(third, _ => true, keepsLeft: false);
        await store.Staged.LeaveAsync(third, StagedSelection.All, isLeft: false, Token);
        await store.Staged.LeaveAsync(third, new StagedSelection(IsLeftBefore: true), isLeft: true, Token);
        (await store.Staged.LeftAmongAsync(third, Kind.Student, [Records.Id(Kind.Student, "u1"), Records.Id(Kind.Student, "u2")], Token)).ShouldBe([
            Records.Id(Kind.Student, "u2"),
        ]);
        await store.Staged.LeaveAsync(third, StagedSelection.All, isLeft: false, Token);
        await KeepAsync(third, _ => true, keepsLeft: false);
        await PublishAsync(third, students);
        (await BeforeAsync("synergy")).ShouldBe(["u2 Delete"]);
        await PublishAsync(await store.StartRunAsync(), students);
        (await BeforeAsync("synergy")).ShouldBeEmpty();

        // What a run has changed is decided, whatever else the source said.
        var fifth = await store.StartRunAsync();
        await KeepAsync(fifth, leaves: null, keepsLeft: false);
        await store.Staged.LeaveAsync(fifth, StagedSelection.All, isLeft: true, Token);
        await PublishAsync(fifth, new HashSet<Kind>());
        (await BeforeAsync("synergy")).Count.ShouldBe(2);
        var sixth = await store.StartRunAsync();
        await KeepAsync(sixth, leaves: null, keepsLeft: false);
        await PublishAsync(sixth, new HashSet<Kind>());
        (await BeforeAsync("synergy")).ShouldBeEmpty();

        async Task KeepAsync(long number, Func<StagedChange, bool>? leaves, bool keepsLeft)
        {
            var changes = new[] { "u1", "u2" }.Select(id => Student(id, "x") with { Operation = Operation.Delete, Row = default });
            var from = (await store.Runs.GetAsync(number, Token))!.State;
            (await store.Staged.KeepAsync(number, from, "held", new MemoryChangeSet([.. changes]), Report, Token, leaves, keepsLeft)).ShouldBeTrue();
        }

        async Task PublishAsync(long number, IReadOnlySet<Kind>? told)
        {
            var from = (await store.Runs.GetAsync(number, Token))!.State;
            (from == "publishing" || await store.Runs.MoveAsync(number, from, "publishing", null, null, Token)).ShouldBeTrue();
            var latest = (await store.Roster.LatestAsync(Token))!.Number;
            (
                await store.Roster.PublishAsync(Publishing.Publication(number, latest, new MemoryChangeSet()) with { ToldOf = told }, Token)
            ).ShouldBeOfType<PublishResult.Unchanged>();
        }

        async Task<IReadOnlyList<string>> BeforeAsync(string app)
        {
            var found = new List<string>();
            await foreach (var change in store.Staged.LeftBeforeAsync(app, Token))
            {
                found.Add($"{new[] { "u1", "u2" }.Single(id => Records.Id(change.Kind, id) == change.Id)} {change.Operation}");
            }

            return found;
        }
    }

    [Fact]
    public async Task A_new_change_set_takes_the_place_of_the_one_before()
    {
        var store = await bed.NewDistrictAsync();
        var run = await KeepAsync(store, Student("u1", "Amy", Lincoln), Records.Create(Kind.Course, "c1"));
        var second = new MemoryChangeSet(Student("u2", "Bo", Mercer));
        (await store.Staged.KeepAsync(run, "held", "waiting", second, """{"n":2}""", Token)).ShouldBeTrue();
        (await store.Staged.KeepAsync(run, "waiting", "waiting", second, """{"n":3}""", Token)).ShouldBeTrue();
        (await PageAsync(store, run, Kind.Student)).ShouldHaveSingleItem().Id.ShouldBe(Records.Id(Kind.Student, "u2"));
        (await PageAsync(store, run, Kind.Course)).ShouldBeEmpty();
        (await store.Staged.CountsAsync(run, Token)).ShouldBe([new(Kind.Student, Operation.Create, Mercer, 1)]);
        var kept = (await store.Runs.GetAsync(run, Token))!;
        (kept.State, kept.Report).ShouldBe(("waiting", """{"n":3}"""));
    }

    [Fact]
    public async Task Nothing_is_written_when_the_run_is_elsewhere_or_writing_fails()
    {
        var store = await bed.NewDistrictAsync();
        var run = await KeepAsync(store, Student("u1", "Amy", Lincoln));
        var other = new MemoryChangeSet(Student("u2", "Bo", Mercer));
        (await store.Staged.KeepAsync(run, "waiting", "held", other, "never", Token)).ShouldBeFalse();
        (await store.Staged.KeepAsync(run + 7, "held", "held", other, "never", Token)).ShouldBeFalse();
        await ShouldBeAsBeforeAsync();

        var failing = new MemoryChangeSet(Student("u2", "Bo", Mercer)) { OnRead = _ => throw new InvalidDataException() };
        await Should.ThrowAsync<InvalidDataException>(() => store.Staged.KeepAsync(run, "held", "waiting", failing, "never", Token));
        await ShouldBeAsBeforeAsync();

        using var cancel = new CancellationTokenSource();
        var cancelling = new MemoryChangeSet(Student("u2", "Bo", Mercer)) { OnRead = _ => cancel.Cancel() };
        await Should.ThrowAsync<OperationCanceledException>(() => store.Staged.KeepAsync(run, "held", "waiting", cancelling, "never", cancel.Token));
        await ShouldBeAsBeforeAsync();

        async Task ShouldBeAsBeforeAsync()
        {
            (await PageAsync(store, run, Kind.Student)).ShouldHaveSingleItem().Id.ShouldBe(Records.Id(Kind.Student, "u1"));
            (await store.Staged.CountsAsync(run, Token)).ShouldHaveSingleItem().School.ShouldBe(Lincoln);
            var held = (await store.Runs.GetAsync(run, Token))!;
            (held.State, held.Report).ShouldBe(("held", Report));
        }
    }

    [Fact]
    public async Task Of_a_change_set_and_a_move_at_once_one_counts()
    {
        var store = await bed.NewDistrictAsync();
        var run = await store.StartRunAsync();
        using var reading = new SemaphoreSlim(0);
        using var go = new SemaphoreSlim(0);
        var changes = new MemoryChangeSet(Student("u1", "Amy", Lincoln))
        {
            OnRead = _ =>
            {
                reading.Release();
                go.Wait(Token);
            },
        };
        var keeping = Task.Run(() => store.Staged.KeepAsync(run, "publishing", "held", changes, Report, Token), Token);
        await reading.WaitAsync(Token);
        var moving = Task.Run(() => store.Runs.MoveAsync(run, "publishing", "failed", "failed", Publishing.Noon, Token), Token);
        // It is done at once, or waits for the only writer there can be.
        await Task.WhenAny(moving, Task.Delay(300, Token));
        go.Release();

        var kept = await keeping;
        (await moving).ShouldBe(!kept);
        (await store.Runs.GetAsync(run, Token))!.State.ShouldBe(kept ? "held" : "failed");
        (await PageAsync(store, run, Kind.Student)).Count.ShouldBe(kept ? 1 : 0);
    }

    [Fact]
    public async Task Old_values_are_those_that_the_roster_has_when_one_asks()
    {
        var store = await bed.NewDistrictAsync();
        await store.PublishAsync(Student("u1", "Amy", Lincoln), Student("u2", "Bo", Lincoln));
        var run = await KeepAsync(
            store,
            Student("u1", "Amara", Lincoln) with
            {
                Operation = Operation.Rekey,
            },
            Records.Delete(Kind.Student, "u2"),
            Student("u3", "Cy", Lincoln)
        );
        await store.PublishAsync(
            Student("u1", "Ann", Mercer) with
            {
                Operation = Operation.Update,
            },
            Records.Delete(Kind.Student, "u2"),
            Student("u3", "Cyrus", Mercer)
        );
        var changes = (await PageAsync(store, run, Kind.Student)).ToDictionary(change => change.Id);
        Of("u1").ShouldBe((Operation.Rekey, "Ann", "Amara"));
        Of("u2").ShouldBe((Operation.Delete, null, null));
        Of("u3").ShouldBe((Operation.Create, "Cyrus", "Cy"));

        (Operation, object?, object?) Of(string id)
        {
            var change = changes[Records.Id(Kind.Student, id)];
            return (change.Operation, change.Old?["givenName"], change.New?["givenName"]);
        }
    }

    [Fact]
    public async Task A_publication_that_counts_forgets_its_run_s_change_set_and_no_other()
    {
        var store = await bed.NewDistrictAsync();
        var (run, other) = (await KeepAsync(store, Student("u1", "Amy", Lincoln)), await KeepAsync(store, Student("u2", "Bo", Lincoln)));
        await store.Runs.MoveAsync(run, "held", "publishing", null, null, Token);
        var publication = Publishing.Publication(run, 0, new MemoryChangeSet(Student("u1", "Amy", Lincoln)));
        (await store.Roster.PublishAsync(publication with { BaseVersion = 7 }, Token)).ShouldBeOfType<PublishResult.Outdated>();
        (await PageAsync(store, run, Kind.Student)).ShouldHaveSingleItem();

        (await store.Roster.PublishAsync(publication, Token)).ShouldBeOfType<PublishResult.Published>();
        await ShouldBeForgottenAsync(store, run);
        (await PageAsync(store, other, Kind.Student)).ShouldHaveSingleItem();

        await store.Runs.MoveAsync(other, "held", "publishing", null, null, Token);
        (await store.Roster.PublishAsync(Publishing.Publication(other, 1, new MemoryChangeSet()), Token)).ShouldBeOfType<PublishResult.Unchanged>();
        await ShouldBeForgottenAsync(store, other);
    }

    [Fact]
    public async Task A_change_set_is_removed_once_and_others_stay()
    {
        var store = await bed.NewDistrictAsync();
        var (run, other) = (await KeepAsync(store, Student("u1", "Amy", Lincoln)), await KeepAsync(store, Student("u1", "Bo", Mercer)));
        for (var i = 0; i < 2; i++)
        {
            await store.Staged.RemoveAsync(run, Token);
            await ShouldBeForgottenAsync(store, run);
        }

        (await PageAsync(store, other, Kind.Student)).ShouldHaveSingleItem().New!.Value["givenName"].ShouldBe("Bo");
        (await store.Staged.CountsAsync(other, Token)).ShouldHaveSingleItem().School.ShouldBe(Mercer);
        (await store.Runs.GetAsync(run, Token))!.State.ShouldBe("held");
    }

    [Fact]
    public async Task What_ended_runs_left_is_forgotten_and_what_waits_is_spared()
    {
        var store = await bed.NewDistrictAsync();
        var (ended, waiting) = (await KeepAsync(store, Student("u1", "Amy", Lincoln)), await KeepAsync(store, Student("u2", "Bo", Mercer)));
        await store.Runs.MoveAsync(ended, "held", "declined", null, Publishing.Noon, Token);
        (await PageAsync(store, ended, Kind.Student)).ShouldHaveSingleItem();

        await store.Uploads.DiscardEndedAsync(Token);
        await ShouldBeForgottenAsync(store, ended);
        (await PageAsync(store, waiting, Kind.Student)).ShouldHaveSingleItem();
        (await store.Staged.CountsAsync(waiting, Token)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Many_changes_are_kept_counted_and_paged()
    {
        var store = await bed.NewDistrictAsync();
        const int Count = 25_000;
        await store.PublishAsync(Enumerable.Range(0, Count).Select(i => Student($"u{i}", "Amy", Lincoln)));
        var run = await KeepAsync(
            store,
            Enumerable
                .Range(0, Count)
                .Select(i =>
                    i % 5 == 0 ? Records.Delete(Kind.Student, $"u{i}") : Student($"u{i}", "Bo", Mercer) with { Operation = Operation.Update }
                )
        );
        (await store.Staged.CountsAsync(run, Token)).ShouldBe(
            [
                new(Kind.Student, Operation.Update, Lincoln, Count / 5 * 4),
                new(Kind.Student, Operation.Update, Mercer, Count / 5 * 4),
                new(Kind.Student, Operation.Delete, Lincoln, Count / 5),
            ],
            ignoreOrder: true
        );
        (await PageAsync(store, run, Kind.Student, Operation.Delete, Lincoln, limit: Count)).Count.ShouldBe(Count / 5);
        (await PageAsync(store, run, Kind.Student, school: Lincoln, limit: 10))
            .Select(change => change.Id)
            .ShouldBe(Enumerable.Range(0, Count).Select(i => Records.Id(Kind.Student, $"u{i}")).Order().Take(10));
    }

    private async Task CheckAsync(int[] seeds)
    {
        var store = await bed.NewDistrictAsync();
        var model = new NaiveRoster();
        await PublishAsync(1);
        await PublishAsync(2);
        var staged = model.Next(new Random(seeds[2]), SomeKinds);
        var run = await KeepAsync(store, staged);
        await PublishAsync(3);

        var places = staged.ToDictionary(change => (change.Kind, change.Id), change => SchoolsOf(model, change));
        foreach (var kind in SomeKinds)
        {
            var now = model.Read(3, kind).ToDictionary(record => record.Id, record => (Row?)record.Row);
            foreach (var school in NaiveRoster.Schools.Select(school => (RollbookId?)school).Append(null))
            {
                foreach (var operation in Enum.GetValues<Operation>().Select(operation => (Operation?)operation).Append(null))
                {
                    var expected = staged
                        .Where(change => change.Kind == kind && change.Operation == (operation ?? change.Operation))
                        .Where(change => school is null || places[(kind, change.Id)].Contains(school))
                        .OrderBy(change => change.Id)
                        .Select(change => new PublishedChange(
                            change.Operation,
                            kind,
                            change.Id,
                            now.GetValueOrDefault(change.Id),
                            change.Operation == Operation.Delete ? null : change.Row
                        ));
                    (await PagedAsync(store, run, kind, operation, school)).ShouldBe(expected);
                }
            }
        }

        (await store.Staged.CountsAsync(run, Token)).ShouldBe(
            staged
                .SelectMany(change => places[(change.Kind, change.Id)], (change, school) => (change.Kind, change.Operation, School: school))
                .CountBy(place => place)
                .Select(place => new StagedCount(place.Key.Kind, place.Key.Operation, place.Key.School, place.Value))
                .OrderBy(count => count.Kind)
                .ThenBy(count => count.Operation)
                .ThenBy(count => count.School)
        );

        async Task PublishAsync(int version)
        {
            var changes = model.Next(new Random(seeds[version == 3 ? 3 : version - 1]), SomeKinds);
            (await store.PublishAsync(changes)).ShouldBe(version);
            model.Apply(version, changes);
        }
    }

    private static List<RollbookId?> SchoolsOf(NaiveRoster model, StagedChange change)
    {
        var before = model.Read(2, change.Kind).Where(record => record.Id == change.Id).SelectMany(record => NaiveRoster.SchoolsOf(record.Row));
        var after = change.Operation == Operation.Delete ? [] : NaiveRoster.SchoolsOf(change.Row);
        if (change.Kind == Kind.School)
        {
            return [change.Id];
        }

        return [.. before.Union(after).Select(school => (RollbookId?)school).DefaultIfEmpty()];
    }

    private static StagedChange Student(string id, string name, params RollbookId[] schools) =>
        schools.Length == 0
            ? Records.Create(Kind.Student, id, ("givenName", name))
            : Records.Create(Kind.Student, id, ("givenName", name), ("schools", schools));

    private static async Task<long> KeepAsync(IDistrictStore store, params IEnumerable<StagedChange> changes)
    {
        var run = await store.StartRunAsync();
        (await store.Staged.KeepAsync(run, "publishing", "held", new MemoryChangeSet(changes), Report, Token)).ShouldBeTrue();
        return run;
    }

    private static Task<IReadOnlyList<PublishedChange>> PageAsync(
        IDistrictStore store,
        long run,
        Kind kind,
        Operation? operation = null,
        RollbookId? school = null,
        int limit = 100
    ) => store.Staged.ChangesAsync(run, kind, operation, school, null, limit, Token);

    private static async Task<List<PublishedChange>> PagedAsync(IDistrictStore store, long run, Kind kind, Operation? operation, RollbookId? school)
    {
        var all = new List<PublishedChange>();
        while (true)
        {
            var page = await store.Staged.ChangesAsync(run, kind, operation, school, all.Count == 0 ? null : all[^1].Id, 3, Token);
            all.AddRange(page);
            if (page.Count < 3)
            {
                return all;
            }
        }
    }

    /// <summary>The rows are gone, not only out of sight.</summary>
    private async Task ShouldBeForgottenAsync(IDistrictStore store, long run)
    {
        string[] tables = ["staged_change", "staged_school", "staged_left", .. Kinds.All.Select(kind => $"\"{kind.Name}_staged\"")];
        foreach (var table in tables)
        {
            Convert
                .ToInt64(
                    await bed.SqlAsync(store.District.Id, $"SELECT count(*) FROM {table} WHERE run = {run}"),
                    System.Globalization.CultureInfo.InvariantCulture
                )
                .ShouldBe(0, table);
        }
    }
}
