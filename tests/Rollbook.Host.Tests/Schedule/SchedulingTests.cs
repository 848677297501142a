using Rollbook.Host.Tests.Imports;
using Rollbook.Storage;
using Rollbook.Storage.Installation;
using Rollbook.Storage.Postgres;
using Rollbook.Storage.Sqlite;
using Rollbook.Sync.Configuration;
using Rollbook.Testing;

namespace Rollbook.Host.Tests.Schedule;

/// <summary>What was configured is carried out: at its time, once, and after a pause caught up.</summary>
public abstract class SchedulingTests(Engine engine) : IAsyncLifetime
{
    private const string District = "riverside";

    private readonly string folder = Directory.CreateTempSubdirectory("rollbook-schedule-").FullName;
    private string? postgres;
    private IInstallationStore installation = null!;
    private IDistrictStore store = null!;

    private static readonly DateTimeOffset Evening = new(2026, 12, 1, 18, 0, 0, TimeSpan.Zero);

    public async ValueTask InitializeAsync()
    {
        postgres = engine == Engine.Postgres ? await (await PostgresServer.SharedAsync()).NewDatabaseAsync() : null;
        installation = postgres is null
            ? SqliteInstallationStore.Open(folder, TimeProvider.System)
            : PostgresInstallationStore.Open(postgres, TimeProvider.System);
        store = await installation.CreateAsync(new DistrictInfo(District, "Riverside", "America/Los_Angeles"), default);
    }

    public async ValueTask DisposeAsync()
    {
        await installation.DisposeAsync();
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_schedule_is_in_force_seconds_after_it_is_saved_and_off_seconds_after_it_is_switched_off()
    {
        await using var node = await StartAsync(Evening);
        await Task.Delay(2_000);
        await SaveAsync(Every(1));
        await UntilAsync(() => node.Imports.Begun.Count >= 3);
        (await store.Runs.ListAsync(null, null, 1, default))[0]
            .ShouldSatisfyAllConditions(run => run.Trigger.ShouldBe("schedule"), run => run.StartedBy.ShouldBe("Schedule"));
        await SaveAsync(null);
        await Task.Delay(4_000);
        var begun = node.Imports.Begun.Count;
        await Task.Delay(3_000);
        node.Imports.Begun.Count.ShouldBe(begun);
        node.Log.Trouble.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_time_that_the_clock_skips_runs_once_at_the_turn()
    {
        // 02:30 in Los Angeles is skipped at 10:00 UTC.
        await SaveAsync(Daily("02:30"));
        var turn = new DateTimeOffset(2027, 3, 14, 10, 0, 0, TimeSpan.Zero);
        await using var node = await StartAsync(turn.AddSeconds(-6));
        await UntilAsync(() => !node.Imports.Begun.IsEmpty);
        node.Imports.Begun.ShouldHaveSingleItem().ShouldBeInRange(turn, turn.AddSeconds(2));
        await Task.Delay(2_000);
        node.Imports.Begun.Count.ShouldBe(1);
    }

    [Fact]
    public async Task However_many_times_were_missed_one_import_catches_up()
    {
        await SaveAsync(Daily("02:00", "14:00"));
        await using (var before = await StartAsync(Evening))
        {
            await UntilAsync(() => before.Log.Lines.Any(line => line.Contains("due at 2026-12-01 22:00:00Z")));
            before.Imports.Begun.ShouldBeEmpty();
        }

        await using var node = await StartAsync(Evening.AddDays(3));
        await UntilAsync(() => !node.Imports.Begun.IsEmpty);
        await Task.Delay(4_000);
        node.Imports.Begun.Count.ShouldBe(1);
        node.Log.Trouble.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_schedule_that_was_switched_off_while_nothing_ran_catches_nothing_up()
    {
        await SaveAsync(Daily("02:00"));
        await using (var before = await StartAsync(Evening))
        {
            await UntilAsync(() => before.Log.Lines.Any(line => line.Contains("due at")));
        }

        await SaveAsync(null);
        await using var node = await StartAsync(Evening.AddDays(3));
        await Task.Delay(4_000);
        node.Imports.Begun.ShouldBeEmpty();
    }

    [Fact]
    public async Task While_an_import_is_at_work_the_next_is_skipped_and_the_log_says_so()
    {
        await SaveAsync(Every(1));
        await using var node = await StartAsync(Evening, isSlow: true);
        await UntilAsync(() => node.Log.Lines.Any(line => line.Contains("was skipped, since run 1 of it is still at work")));
        node.Imports.Begun.Count.ShouldBe(1);
        node.Imports.End();
        await UntilAsync(() => node.Imports.Begun.Count == 2);
        node.Imports.End();
    }

    [Fact]
    public async Task An_import_that_was_stopped_with_its_program_is_done_again_at_the_next_start()
    {
        await SaveAsync(Daily("02:00"));
        var due = new DateTimeOffset(2026, 12, 2, 10, 0, 0, TimeSpan.Zero);
        await using (var before = await StartAsync(due.AddSeconds(-5), isSlow: true))
        {
            await UntilAsync(() => before.Imports.Begun.Count == 1);
        }

        (await store.Runs.GetAsync(1, default))!.State.ShouldBe("cancelled");
        await using var node = await StartAsync(due.AddSeconds(30));
        await UntilAsync(() => node.Imports.Begun.Count == 1);
        await Task.Delay(3_000);
        node.Imports.Begun.Count.ShouldBe(1);
        (await store.Runs.GetAsync(2, default))!.Trigger.ShouldBe("schedule");
    }

    [Fact]
    public async Task No_more_imports_are_at_work_at_a_time_than_the_operator_allows_and_the_others_get_their_turn()
    {
        await SaveAsync(Daily("02:00"), "a", "b", "c", "d", "e");
        var due = new DateTimeOffset(2026, 12, 2, 10, 0, 0, TimeSpan.Zero);
        await using var node = await StartAsync(due.AddSeconds(-5), isSlow: true, importsAtATime: 2);
        await UntilAsync(() => node.Imports.Begun.Count == 2);
        await Task.Delay(3_000);
        node.Imports.Begun.Count.ShouldBe(2);
        node.Imports.IsSlow = false;
        node.Imports.End();
        await UntilAsync(() => node.Imports.Begun.Count == 5);
        (await store.Runs.ListAsync(null, null, 10, default)).Select(run => run.App).Order().ShouldBe(["a", "b", "c", "d", "e"]);
    }

    /// <summary>Whether another program could take the schedule over now.</summary>
    private protected async Task<bool> IsFreeAsync()
    {
        await using var taken = SchedulerDatabase.Of(folder, postgres).TryLock();
        return taken is not null;
    }

    private protected async Task<ScheduledNode> StartAsync(DateTimeOffset now, bool isSlow = false, int importsAtATime = 4)
    {
        var node = await ScheduledNode.StartAsync(folder, postgres, new ShiftedTime(now), importsAtATime);
        node.Imports.IsSlow = isSlow;
        return node;
    }

    private protected static SyncSchedule Every(int seconds) => new() { Cron = $"0/{seconds} * * * * ?" };

    private protected static SyncSchedule Daily(params string[] times) =>
        new() { Times = [.. times.Select(time => TimeOnly.ParseExact(time, "HH:mm", null))] };

    private protected async Task SaveAsync(SyncSchedule? schedule, params string[] apps)
    {
        var configuration = new DistrictConfiguration
        {
            Id = District,
            Name = "Riverside",
            TimeZone = "America/Los_Angeles",
            Apps = (apps is [] ? ["synergy"] : apps).ToDictionary(
                app => app,
                _ => new AppConfiguration { Type = "synergy", Schedule = schedule },
                StringComparer.Ordinal
            ),
        };
        var number = await store.Configuration.LatestNumberAsync(default);
        (await store.Configuration.AddAsync(number, configuration.ToDocument(), "test", Evening, default)).ShouldNotBeNull();
    }

    private protected static async Task UntilAsync(Func<bool> isSo)
    {
        for (var i = 0; i < 300 && !isSo(); i++)
        {
            await Task.Delay(100);
        }

        isSo().ShouldBeTrue();
    }
}

public sealed class SchedulingTestsOnSqlite() : SchedulingTests(Engine.Sqlite)
{
    [Fact]
    public async Task Of_two_programs_on_one_data_folder_the_second_waits_until_the_first_has_ended()
    {
        await SaveAsync(Every(1));
        var now = new DateTimeOffset(2026, 12, 1, 18, 0, 0, TimeSpan.Zero);
        await using var first = await StartAsync(now);
        await UntilAsync(() => !first.Imports.Begun.IsEmpty);
        await using var second = await StartAsync(now);
        await UntilAsync(() => second.Log.Lines.Any(line => line.Contains("takes over when that one ends")));
        await Task.Delay(2_000);
        second.Imports.Begun.ShouldBeEmpty();
        await first.StopAsync();
        await UntilAsync(() => !second.Imports.Begun.IsEmpty);
    }

    [Fact]
    public async Task A_program_that_is_stopped_keeps_the_schedule_until_its_import_has_really_ended()
    {
        await SaveAsync(Every(1));
        await using var node = await StartAsync(new DateTimeOffset(2026, 12, 1, 18, 0, 0, TimeSpan.Zero), isSlow: true);
        await UntilAsync(() => node.Imports.Begun.Count == 1);
        var writing = new TaskCompletionSource();
        node.Imports.BeforeEnd = writing.Task;
        var stop = node.StopAsync();
        await Task.Delay(2_000);
        (await IsFreeAsync()).ShouldBeFalse();
        writing.SetResult();
        await stop;
        (await IsFreeAsync()).ShouldBeTrue();
    }
}

public sealed class SchedulingTestsOnPostgres() : SchedulingTests(Engine.Postgres)
{
    [Fact]
    public async Task Two_nodes_run_each_time_exactly_once()
    {
        await SaveAsync(Every(2));
        var now = new DateTimeOffset(2026, 12, 1, 18, 0, 0, TimeSpan.Zero);
        await using var first = await StartAsync(now);
        await using var second = await StartAsync(now);
        await UntilAsync(() => first.Imports.Begun.Count + second.Imports.Begun.Count >= 12);
        // Saved again while both run, with the same times.
        await SaveAsync(Every(2));
        await UntilAsync(() => first.Imports.Begun.Count + second.Imports.Begun.Count >= 20);
        var slots = first.Imports.Begun.Concat(second.Imports.Begun).Select(begun => begun.ToUnixTimeSeconds() / 2).Order().ToList();
        slots.ShouldBe(Enumerable.Range(0, slots.Count).Select(i => slots[0] + i));
        TestContext.Current.SendDiagnosticMessage($"{first.Imports.Begun.Count} on one node, {second.Imports.Begun.Count} on the other");
    }

    [Fact]
    public async Task An_import_of_a_node_that_is_stopped_is_taken_over_by_the_other()
    {
        await SaveAsync(Daily("02:00"));
        var due = new DateTimeOffset(2026, 12, 2, 10, 0, 0, TimeSpan.Zero);
        await using var first = await StartAsync(due.AddSeconds(-6), isSlow: true);
        await using var second = await StartAsync(due.AddSeconds(-6), isSlow: true);
        await UntilAsync(() => first.Imports.Begun.Count + second.Imports.Begun.Count == 1);
        var (stopped, other) = first.Imports.Begun.IsEmpty ? (second, first) : (first, second);
        await stopped.StopAsync();
        await UntilAsync(() => other.Imports.Begun.Count == 1);
        other.Imports.End();
    }
}
