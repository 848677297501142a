using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Rollbook.Host.Tests.Imports;
using Rollbook.Simulator;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;

namespace Rollbook.Host.Tests.Program;

/// <summary>The schedule of real programs: <c>rollbook serve</c>, alone and two on one database, killed without warning.</summary>
public sealed class ScheduleProgramTests
{
    private const string District = "riverside";

    [Fact]
    public async Task Two_servers_run_each_due_import_once()
    {
        await using var sis = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 60, Seed = 5 });
        await using var installation = await Installation.NewAsync(Engine.Postgres);
        await using var first = await Server.StartAsync(installation, "first");
        await using var second = await Server.StartAsync(installation, "second");
        await ApplyAsync(installation, sis);

        await using var opened = installation.Open();
        var store = (await opened.OpenAsync(District, default))!;
        await ScheduleAsync(store, "0/10 * * * * ?");
        await Server.UntilAsync(async () => (await store.Runs.ListAsync(null, null, 10, default)).Count(run => run.EndedAt is not null) >= 4, 240);

        var runs = await store.Runs.ListAsync(null, null, 10, default);
        runs.ShouldAllBe(run => run.Trigger == "schedule" && run.StartedBy == "Schedule");
        // A machine that is busy may skip a time while an import is at work; none may run twice.
        runs.Select(run => run.StartedAt.ToUnixTimeSeconds() / 10).ShouldBeUnique();
        runs.Where(run => run.EndedAt is not null).ShouldAllBe(run => run.State == "published" || run.State == "unchanged");
    }

    [Fact]
    public async Task The_import_of_a_server_that_is_killed_is_taken_over_by_the_other_within_a_minute()
    {
        await using var sis = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 200, Seed = 5 });
        await using var installation = await Installation.NewAsync(Engine.Postgres);
        await using var first = await Server.StartAsync(installation, "first");
        await using var second = await Server.StartAsync(installation, "second");
        await ApplyAsync(installation, sis);
        await using var opened = installation.Open();
        var store = (await opened.OpenAsync(District, default))!;

        sis.Faults = sis.Faults with { FirstByteDelayMilliseconds = 1_000 };
        await ScheduleAsync(store, OnceAt(TimeSpan.FromSeconds(20)));
        await Server.UntilAsync(() => Task.FromResult(first.IsAtWork || second.IsAtWork), 120);
        await (first.IsAtWork ? first : second).KillAsync();
        var clock = Stopwatch.StartNew();
        sis.Faults = sis.Faults with { FirstByteDelayMilliseconds = 0 };

        await Server.UntilAsync(async () => await store.Runs.GetAsync(2, default) is not null, 90);
        var taken = clock.Elapsed;
        await Server.UntilAsync(async () => (await store.Runs.GetAsync(2, default))!.EndedAt is not null, 120);
        TestContext.Current.SendDiagnosticMessage($"taken over after {taken.TotalSeconds:0.0} s, published after {clock.Elapsed.TotalSeconds:0.0} s");
        taken.ShouldBeLessThan(TimeSpan.FromSeconds(60));
        await CheckAsync(store);
    }

    [Fact]
    public async Task An_import_that_was_killed_with_the_only_server_is_done_again_when_that_starts_and_both_is_told()
    {
        await using var sis = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 200, Seed = 5 });
        await using var installation = await Installation.NewAsync(Engine.Sqlite);
        await using var receiver = await Receiver.StartAsync();
        installation.Environment["WEBHOOK_SECRET"] = "a-secret-of-more-than-24-letters";
        var webhook = $"  notifications: {{ webhook: {{ url: \"{receiver.Url}\", secret: \"${{env:WEBHOOK_SECRET}}\" }} }}\napps:";
        var file = await installation.WriteAsync(sis, District);
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("apps:", webhook, StringComparison.Ordinal));
        (await installation.RunAsync("apply", "-f", file)).Error.ShouldBeEmpty();
        await using (var killed = await Server.StartAsync(installation, null))
        {
            await using var opened = installation.Open();
            var store = (await opened.OpenAsync(District, default))!;
            sis.Faults = sis.Faults with { FirstByteDelayMilliseconds = 1_000 };
            await ScheduleAsync(store, OnceAt(TimeSpan.FromSeconds(20)));
            await Server.UntilAsync(() => Task.FromResult(killed.IsAtWork), 120);
            await killed.KillAsync();
            sis.Faults = sis.Faults with { FirstByteDelayMilliseconds = 0 };
        }

        await using var again = await Server.StartAsync(installation, null);
        await using var after = installation.Open();
        var runs = (await after.OpenAsync(District, default))!;
        await Server.UntilAsync(async () => await runs.Runs.GetAsync(2, default) is { EndedAt: not null }, 120);
        await CheckAsync(runs);

        // Told by the program that started after the one that died.
        await Server.UntilAsync(() => Task.FromResult(receiver.Calls.Count >= 2), 60);
        receiver
            .Calls.Select(call => (call["type"]!.GetValue<string>(), call["data"]!["run"]!.GetValue<int>()))
            .ShouldBe([("failed", 1), ("recovered", 2)]);
    }

    [Fact]
    public async Task The_command_line_shows_the_schedule_and_its_next_times()
    {
        await using var sis = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 20, Seed = 5 });
        await using var installation = await Installation.NewAsync(Engine.Sqlite);
        await ApplyAsync(installation, sis, "    schedule: { days: [monday, friday], times: [\"02:00\", \"14:30\"], until: 2099-06-30 }");

        var json = await installation.RunAsync("schedule", "--json");
        json.Status.ShouldBe(0, json.Error);
        var app = JsonNode.Parse(json.Output)!.AsArray().ShouldHaveSingleItem()!;
        app["app"]!.GetValue<string>().ShouldBe("synergy");
        app["timeZone"]!.GetValue<string>().ShouldBe("America/Los_Angeles");
        app["schedule"]!.ToJsonString().ShouldBe("""{"days":["monday","friday"],"times":["02:00","14:30"],"until":"2099-06-30"}""");
        var next = app["next"]!.AsArray().Select(time => DateTimeOffset.Parse(time!.GetValue<string>(), CultureInfo.InvariantCulture)).ToList();
        next.Count.ShouldBe(3);
        next.ShouldBe(next.Order());
        next[0].ShouldBeGreaterThan(TimeProvider.System.GetUtcNow());

        var words = await installation.RunAsync("schedule", "synergy");
        words.Output.ShouldContain("synergy: monday, friday at 02:00, 14:30, until 2099-06-30, America/Los_Angeles");
        (await installation.RunAsync("schedule", "nobody")).Status.ShouldBe(2);
    }

    [Fact]
    public async Task A_shortest_interval_that_is_none_is_refused()
    {
        await using var installation = await Installation.NewAsync(Engine.Sqlite);
        installation.Environment["ROLLBOOK_Schedule__ShortestInterval"] = "soon";
        var answer = await installation.RunAsync("versions");
        answer.Status.ShouldBe(2);
        answer.Error.ShouldContain("Schedule:ShortestInterval");
    }

    private static async Task ApplyAsync(Installation installation, SimulatedSynergy sis, string more = "")
    {
        var answer = await installation.RunAsync("apply", "-f", await installation.WriteAsync(sis, District, more));
        answer.Status.ShouldBe(0, answer.Error);
    }

    /// <summary>Saves a schedule, as a console does.</summary>
    private static async Task ScheduleAsync(IDistrictStore store, string cron)
    {
        var latest = (await store.Configuration.LatestAsync(default))!;
        var configuration = DistrictConfiguration.FromDocument(latest.Document);
        configuration = configuration with
        {
            Apps = configuration.Apps.ToDictionary(
                app => app.Key,
                app => app.Value with { Schedule = new SyncSchedule { Cron = cron } },
                StringComparer.Ordinal
            ),
        };
        (
            await store.Configuration.AddAsync(latest.Number, configuration.ToDocument(), "test", TimeProvider.System.GetUtcNow(), default)
        ).ShouldNotBeNull();
    }

    /// <summary>A cron expression for one moment of each day, in the time zone of the district.</summary>
    private static string OnceAt(TimeSpan fromNow)
    {
        var at = TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow() + fromNow, TimeZoneInfo.FindSystemTimeZoneById("America/Los_Angeles"));
        return FormattableString.Invariant($"{at.Second} {at.Minute} {at.Hour} * * ?");
    }

    private static async Task CheckAsync(IDistrictStore store)
    {
        var runs = (await store.Runs.ListAsync(null, null, 10, default)).OrderBy(run => run.Number).ToList();
        runs.Select(run => run.State).ShouldBe(["failed", "published"]);
        RunReport.FromJson(runs[0].Report).Failure!.Message.ShouldContain("stopped while this import ran");
        runs.ShouldAllBe(run => run.Trigger == "schedule" && run.StartedBy == "Schedule");
    }
}
