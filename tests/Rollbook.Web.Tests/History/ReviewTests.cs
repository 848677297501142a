using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Rollbook.Simulator;
using Rollbook.Storage;
using Rollbook.Storage.Installation;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;
using Rollbook.Web.Tests.Site;

namespace Rollbook.Web.Tests.History;

/// <summary>What is shown of a run that waits, to whom, and what becomes of a decision.</summary>
public abstract class ReviewTests(ConsoleBed bed) : ReviewedDistrict(bed)
{
    [Fact]
    public async Task Shows_a_preview_and_publishes_it_when_it_is_accepted()
    {
        var run = await ImportAsync("waiting");
        using var primary = await Bed.SignInAsync(District, Role.PrimaryDistrictAdmin);
        var page = await primary.GetAsync($"{Home}/history/{run}");
        page.Main.ShouldContain("A preview waits for a person");
        page.Main.ShouldContain("With Preview of data upload every sync of the app waits for a person");
        page.Main.ShouldContain("By school");
        page.Text.ShouldContain("aria-label=\"40 students created\"");
        (await DecideAsync(primary, run, "accept", "First import: it is what the SIS has.")).Location.ShouldBe($"{Home}/history/{run}");
        await Imports.WaitAsync(District, run, Token);
        var done = (await Store.Runs.GetAsync(run, Token)).ShouldNotBeNull();
        done.State.ShouldBe("published");
        var after = (await primary.GetAsync($"{Home}/history/{run}")).Main;
        after.ShouldContain("The changes are in the roster.");
        after.ShouldMatch("Accepted by primarydistrictadmin[0-9]+@");
        after.ShouldContain("First import: it is what the SIS has.");
        after.ShouldNotContain("Decide");
        (await AuditAsync(primary)).ShouldContain($"Waiting run accepted synergy New: run {run}: First import: it is what the SIS has.");
        (await primary.GetAsync(Home)).Main.ShouldContain("Nothing needs you.");
    }

    [Fact]
    public async Task Leaves_the_roster_as_it_is_when_it_is_declined()
    {
        var run = await ImportAsync("waiting");
        using var primary = await Bed.SignInAsync(District, Role.PrimaryDistrictAdmin);
        await DecideAsync(primary, run, "decline", "The wrong year.");
        (await Store.Runs.GetAsync(run, Token)).ShouldNotBeNull().State.ShouldBe("declined");
        (await Store.Roster.LatestAsync(Token)).ShouldBeNull();
        var page = (await primary.GetAsync($"{Home}/history/{run}")).Main;
        page.ShouldContain("A person declined the import.");
        page.ShouldMatch("Declined by primarydistrictadmin[0-9]+@.* The wrong year\\.");
        (await AuditAsync(primary)).ShouldContain($"Waiting run declined synergy New: run {run}: The wrong year.");
        (await primary.GetAsync($"{Home}/history/{run}/changes")).Status.ShouldBe(404);

        // It is too late to think better of it, and that is told.
        (await PostAsync(primary, run, "accept", "Yes after all.", hash: "")).Location.ShouldBe($"{Home}/history/{run}");
        (await primary.GetAsync($"{Home}/history/{run}")).Main.ShouldContain("Nothing was done: the run does not wait any more");
        (await Store.Roster.LatestAsync(Token)).ShouldBeNull();
    }

    [Theory]
    [InlineData("accept")]
    [InlineData("decline")]
    public async Task Decides_nothing_without_a_reason_and_says_so_at_the_field(string decision)
    {
        var run = await ImportAsync("waiting");
        using var primary = await Bed.SignInAsync(District, Role.PrimaryDistrictAdmin);
        foreach (var (reason, problem) in new[] { (" \r\n", "Give a reason"), (new string('x', 501), "longer than 500 characters") })
        {
            var answer = await DecideAsync(primary, run, decision, reason);
            var page = await primary.GetAsync(answer.Location.ShouldNotBeNull());
            page.Main.ShouldContain("There is a problem");
            page.Main.ShouldContain(problem);
            page.Text.ShouldMatch("<textarea id=\"reason\"[^>]*aria-invalid=\"true\"[^>]*aria-describedby=\"reason-error reason-hint\"");
        }

        await ShouldStillWaitAsync(run);
        (await AuditAsync(primary, "?what=run.accepted")).ShouldContain("No entry matches");
        (await AuditAsync(primary, "?what=run.declined")).ShouldContain("No entry matches");
    }

    [Theory]
    [InlineData("accept", "0123456789abcdef0123456789abcdef")]
    [InlineData("accept", "")]
    [InlineData("decline", "0123456789abcdef0123456789abcdef")]
    public async Task Decides_nothing_about_other_changes_than_those_that_were_shown(string decision, string hash)
    {
        var run = await ImportAsync("waiting");
        using var primary = await Bed.SignInAsync(District, Role.PrimaryDistrictAdmin);
        const string Reason = "Looks “right”, <b>Zoë</b> says.";
        var answer = await PostAsync(primary, run, decision, Reason, hash);
        var page = await primary.GetAsync(answer.Location.ShouldNotBeNull());
        page.Main.ShouldContain("Nothing was done: the changes are others now than those that you saw. These are the new ones.");
        page.Main.ShouldContain("Decide");
        ReasonOf(page).ShouldBe(Reason);
        await ShouldStillWaitAsync(run);

        // It is there once, and on no other run's page.
        ReasonOf(await primary.GetAsync($"{Home}/history/{run}")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("accept")]
    [InlineData("decline")]
    public async Task Keeps_the_reason_in_its_field_when_the_app_is_busy(string decision)
    {
        var run = await ImportAsync("waiting");
        using var primary = await Bed.SignInAsync(District, Role.PrimaryDistrictAdmin);
        await using (await Store.TryLockAsync($"app-{App}", Token))
        {
            var answer = await DecideAsync(primary, run, decision, "The school has told us.");
            var page = await primary.GetAsync(answer.Location.ShouldNotBeNull());
            page.Main.ShouldContain("is at work. Decide when it has ended.");
            ReasonOf(page).ShouldBe("The school has told us.");
            await ShouldStillWaitAsync(run);
        }

        await DecideAsync(primary, run, decision, "The school has told us.");
        await Imports.WaitAsync(District, run, Token);
        (await Store.Runs.GetAsync(run, Token)).ShouldNotBeNull().State.ShouldBe(decision is "accept" ? "published" : "declined");
        (await primary.GetAsync($"{Home}/history/{run}")).Main.ShouldNotContain("is at work");
    }

    [Theory]
    [InlineData(Role.DistrictAdmin)]
    [InlineData(Role.Viewer)]
    public async Task Is_for_all_to_see_and_for_a_primary_district_admin_to_decide(Role role)
    {
        var run = await ImportAsync("waiting");
        using var other = await Bed.SignInAsync(District, role);
        var page = await other.GetAsync($"{Home}/history/{run}");
        page.Main.ShouldContain("A Primary District Admin accepts or declines these changes.");
        page.Main.ShouldContain("By school");
        page.Text.ShouldNotContain("name=\"decision\"");
        (await other.GetAsync(Home)).Main.ShouldContain("Needs a Primary District Admin.");
        foreach (var decision in new[] { "accept", "decline" })
        {
            (await PostAsync(other, run, decision, "I say so.", await HashAsync(run))).Status.ShouldBe(403);
        }

        await ShouldStillWaitAsync(run);
    }

    [Fact]
    public async Task Takes_no_form_that_is_not_ours_and_no_other_answer()
    {
        var run = await ImportAsync("waiting");
        using var primary = await Bed.SignInAsync(District, Role.PrimaryDistrictAdmin);
        var path = $"{Home}/history/{run}/decision";
        var hash = await HashAsync(run);
        (await primary.PostAsync(path, ("decision", "accept"), ("reason", "Forged."), ("hash", hash))).Status.ShouldBe(400);
        (await PostAsync(primary, run, "publish", "No such answer.", hash)).Status.ShouldBe(400);
        (await PostAsync(primary, run + 1, "accept", "No such run.", hash)).Status.ShouldBe(404);
        await ShouldStillWaitAsync(run);
    }

    [Fact]
    public async Task Shows_the_records_of_one_school_to_whom_they_may_be_shown()
    {
        var run = await ImportAsync("waiting");
        using var admin = await Bed.SignInAsync(District, Role.DistrictAdmin);
        var review = await admin.GetAsync($"{Home}/history/{run}");
        var (link, count, school) = SchoolLinks(review.Text).First();
        var all = await admin.GetAsync(link);
        all.Main.ShouldContain($"At {school}");
        var tabs = Regex.Match(all.Text, "aria-label=\"Entity types\".*?</nav>", RegexOptions.Singleline).Value;
        Regex
            .Matches(tabs, "class=\"count\">([0-9]+)")
            .Sum(figure => int.Parse(figure.Groups[1].Value, CultureInfo.InvariantCulture))
            .ShouldBe(count);

        var students = await admin.GetAsync($"{Home}/history/{run}/changes?kind=student");
        var title = Regex.Match(students.Text, "<strong>([^<,]+), ").Groups[1].Value;
        title.ShouldNotBeEmpty();
        (await admin.GetAsync($"{Home}/history/{run}/changes?kind=enrollment")).Text.ShouldMatch("<strong>[^<]+, [^<]+ in [^<]+</strong>");

        using var viewer = await Bed.SignInAsync(District, Role.Viewer);
        var masked = (await viewer.GetAsync($"{Home}/history/{run}/changes?kind=student")).Main;
        masked.ShouldContain("Created");
        masked.ShouldNotContain("not in the roster");
        masked.ShouldNotContain(title);
        masked.ShouldMatch("Student [^ ]+ ✓ Created");
    }

    [Fact]
    public async Task Browses_the_roster_as_it_would_be_beside_the_published_one()
    {
        await ConfigureAsync(
            new AdvancedSettings { Limits = [new SyncLimit(Model.Operation.Delete, LimitScope.Source) { Kind = "student", Count = 1 }] }
        );
        await ImportAsync("published");
        var before = await Store.Roster.ReadAsync(Model.Kind.Student, AsOf.Newest, Token).ToListAsync(Token);
        Sis.Scenarios.Withdrawal();
        var run = await ImportAsync("held");
        var gone = (await Store.Staged.ChangesAsync(run, Model.Kind.Student, Model.Operation.Delete, null, null, 10, Token)).ShouldHaveSingleItem();
        using var primary = await Bed.SignInAsync(District, Role.PrimaryDistrictAdmin);
        (await primary.GetAsync($"{Home}/history/{run}")).Text.ShouldContain($"{Home}/data?waiting={run}\">Browse the roster as it would be");
        var list = await primary.GetAsync($"{Home}/data/student?waiting={run}");
        list.Main.ShouldContain($"You see the roster as it would be after run {run}");
        list.Main.ShouldContain("39 on this page, 39 in all");
        list.Main.ShouldContain("1 would be deleted");
        list.Text.ShouldNotContain(gone.Id.ToString());
        list.Text.ShouldContain($"?waiting={run}\"");
        (await primary.GetAsync($"{Home}/data/student")).Main.ShouldContain("40 in all");

        var record = await primary.GetAsync($"{Home}/data/student/{gone.Id}?waiting={run}");
        record.Main.ShouldContain("Would be deleted");
        record.Main.ShouldContain("show the record as it is published");
        var stays = before.First(student => student.Id != gone.Id).Id;
        (await primary.GetAsync($"{Home}/data/student/{stays}?waiting={run}&tab=enrollments")).Status.ShouldBe(200);
        (await primary.GetAsync($"{Home}/data/student?waiting={run + 1000}")).Status.ShouldBe(404);

        var csv = await primary.GetAsync($"{Home}/data/student.csv?waiting={run}");
        csv.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(40);
        (await AuditAsync(primary)).ShouldContain($"afterRun: {run}");

        // What is left out is as it is now.
        (await LeaveAsync(primary, run, ("kind", "student"), ("record", gone.Id.ToString()), ("left", "true"))).Status.ShouldBeInRange(300, 303);
        var whole = await primary.GetAsync($"{Home}/data/student?waiting={run}");
        whole.Main.ShouldContain("40 in all");
        whole.Text.ShouldContain(gone.Id.ToString());

        await DecideAsync(primary, run, "decline", "Not yet.");
        var over = (await primary.GetAsync($"{Home}/data/student?waiting={run}")).Main;
        over.ShouldContain("Only the roster after a run that waits can be looked at.");
        over.ShouldNotContain("on this page");
        (await primary.GetAsync($"{Home}/data/student.csv?waiting={run}")).Status.ShouldBe(404);
        (await primary.GetAsync($"{Home}/data/student/{stays}?waiting={run}")).Location.ShouldBe($"{Home}/data/student?waiting={run}");
    }

    [Fact]
    public async Task Browses_a_first_import_and_hides_from_a_viewer_what_data_browsing_hides()
    {
        var run = await ImportAsync("waiting");
        using var admin = await Bed.SignInAsync(District, Role.DistrictAdmin);
        var list = await admin.GetAsync($"{Home}/data/student?waiting={run}");
        list.Main.ShouldContain("Nothing is published yet with the changes of run");
        list.Main.ShouldContain("40 in all");
        var name = Regex.Match(list.Text, "class=\"row-link\"[^>]*>([^<]+)</a>\\s*<span class=\"badge good\"").Groups[1].Value;
        name.ShouldNotBeEmpty();
        var path = WebUtility.HtmlDecode(Regex.Match(list.Text, "class=\"row-link\" href=\"([^\"]+)\"").Groups[1].Value);
        (await admin.GetAsync(path)).Main.ShouldContain("✓ New");

        using var viewer = await Bed.SignInAsync(District, Role.Viewer);
        foreach (var address in new[] { $"{Home}/data/student?waiting={run}", path, $"{Home}/data/student.csv?waiting={run}" })
        {
            var masked = await viewer.GetAsync(address);
            masked.Status.ShouldBe(200, address);
            masked.Text.ShouldNotContain($">{name}<");
            masked.Text.ShouldNotContain($"\n{name},");
        }

        (await viewer.GetAsync($"{Home}/data/student.csv?waiting={run}")).Text.ShouldContain("hidden");
        (await AuditAsync(admin, "?what=data.downloaded")).ShouldContain("No entry matches");
    }

    [Fact]
    public async Task Names_what_a_held_import_reached_wherever_one_looks()
    {
        await ConfigureAsync(
            new AdvancedSettings { Limits = [new SyncLimit(Model.Operation.Delete, LimitScope.Source) { Kind = "student", Count = 1 }] }
        );
        await ImportAsync("published");
        Sis.Scenarios.Withdrawal();
        var run = await ImportAsync("held");
        const string Why = "1 of the 40 students that this source has in the roster would be deleted";
        using var primary = await Bed.SignInAsync(District, Role.PrimaryDistrictAdmin);
        (await primary.GetAsync($"{Home}/history/{run}")).Main.ShouldContain(Why);
        foreach (var path in new[] { Home, $"{Home}/apps/{App}" })
        {
            var page = (await primary.GetAsync(path)).Main;
            page.ShouldContain("Held");
            page.ShouldContain(Why);
            page.ShouldContain($"Review run {run}");
        }

        (await primary.GetAsync($"{Home}/history")).Main.ShouldContain($"Held Review run {run}");

        // What waits is not forgotten when something else goes wrong afterwards.
        await Sis.DisposeAsync();
        var failed = await ImportAsync("failed");
        var home = (await primary.GetAsync(Home)).Main;
        home.ShouldContain($"Open run {failed}");
        home.ShouldContain($"Review run {run}");

        await DecideAsync(primary, run, "accept", "The student has moved away.");
        await Imports.WaitAsync(District, run, Token);
        (await Store.Runs.GetAsync(run, Token)).ShouldNotBeNull().State.ShouldBe("published");
        var after = (await primary.GetAsync($"{Home}/history/{run}")).Main;
        after.ShouldContain("It had waited because");
        after.ShouldContain(Why);
        after.ShouldNotContain("Nothing was changed");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Says_wherever_one_looks_why_a_run_that_was_accepted_waits_again(bool preview)
    {
        var one = new SyncLimit(Model.Operation.Delete, LimitScope.Source) { Kind = "student", Count = 1 };
        await ConfigureAsync(new AdvancedSettings { Limits = [one] });
        await ImportAsync("published");
        Sis.Scenarios.Withdrawal();
        await ConfigureAsync(new AdvancedSettings { Limits = [one], PreviewOfDataUpload = preview });
        var run = await ImportAsync(preview ? "waiting" : "held");
        using var primary = await Bed.SignInAsync(District, Role.PrimaryDistrictAdmin);

        // No limit is broken any more, and what would be published is something else than what was shown.
        await ConfigureAsync(new AdvancedSettings { PreviewOfDataUpload = preview, SyncHoldThreshold = 0 });
        await Bed
            .Services.GetRequiredService<Configurations>()
            .ChangeAsync(
                District,
                "test",
                configuration =>
                    configuration.With(
                        App,
                        configuration.Apps[App] with
                        {
                            Attributes = new Dictionary<string, IReadOnlyList<AttributePair>>(StringComparer.Ordinal)
                            {
                                ["student"] = [new() { Target = "email", Template = "{{ sourcedId }}@pupils.example" }],
                            },
                        }
                    ),
                Token
            );
        await DecideAsync(primary, run, "accept", "The student has moved away.");
        await Imports.WaitAsync(District, run, Token);
        (await Store.Runs.GetAsync(run, Token)).ShouldNotBeNull().State.ShouldBe(preview ? "waiting" : "held");
        const string Why =
            "Since the changes were shown, the roster or the configuration has moved on, and they are others now. Nothing was published: look at them once more.";
        foreach (var path in new[] { Home, $"{Home}/apps/{App}", $"{Home}/history/{run}" })
        {
            var page = (await primary.GetAsync(path)).Main;
            page.ShouldContain(Why, customMessage: path);
            page.ShouldNotContain("The changes became others after they were accepted. Review", customMessage: path);
        }

        await DecideAsync(primary, run, "accept", "So be it.");
        await Imports.WaitAsync(District, run, Token);
        (await Store.Runs.GetAsync(run, Token)).ShouldNotBeNull().State.ShouldBe("published");
        (await primary.GetAsync(Home)).Main.ShouldNotContain("look at them once more");
    }

    [Fact]
    public async Task Leaves_out_what_a_person_chooses_and_publishes_the_rest()
    {
        var run = await ImportAsync("waiting");
        using var primary = await Bed.SignInAsync(District, Role.PrimaryDistrictAdmin);
        using var admin = await Bed.SignInAsync(District, Role.DistrictAdmin);
        (await LeaveAsync(admin, run, ("kind", "enrollment"), ("left", "true"))).Status.ShouldBe(403);
        (await LeaveAsync(primary, run, ("left", "true"))).Location.ShouldNotBeNull();
        (await primary.GetAsync($"{Home}/history/{run}")).Main.ShouldContain("To leave everything out, decline the changes.");

        (await LeaveAsync(primary, run, ("kind", "enrollment"), ("operation", "create"), ("left", "true"))).Location.ShouldBe(
            $"{Home}/history/{run}#left-out"
        );
        var page = await primary.GetAsync($"{Home}/history/{run}");
        page.Main.ShouldMatch("Left out Take everything in again [0-9,]+ enrollments created will not be done when the rest is accepted");
        page.Main.ShouldContain("publishes these changes without what is left out");

        // A single record, by its button in the list; and another one in again.
        var list = await primary.GetAsync($"{Home}/history/{run}/changes?kind=student");
        var records = Regex.Matches(list.Text, "name=\"record\" value=\"([^\"]+)\"").Select(match => match.Groups[1].Value).ToList();
        var stale = await HashAsync(run);
        (await LeaveAsync(primary, run, ("kind", "student"), ("record", records[0]), ("left", "true"), ("back", "?kind=student"))).Location.ShouldBe(
            $"{Home}/history/{run}/changes?kind=student"
        );
        await LeaveAsync(primary, run, ("kind", "student"), ("record", records[1]), ("left", "true"));
        await LeaveAsync(primary, run, ("kind", "student"), ("record", records[1]), ("left", "false"));
        (await primary.GetAsync($"{Home}/history/{run}/changes?kind=student")).Main.ShouldContain("Left out Take in again");

        // What was shown before is no longer what would be published.
        await PostAsync(primary, run, "accept", "Looks right.", stale);
        (await primary.GetAsync($"{Home}/history/{run}")).Main.ShouldContain("the changes are others now than those that you saw");
        await SendAsync(
            primary,
            run,
            "left",
            ("hash", stale),
            ("kind", "student"),
            ("record", records[1]),
            ("left", "true"),
            ("back", "?kind=student")
        );
        (await primary.GetAsync($"{Home}/history/{run}/changes?kind=student")).Main.ShouldContain("Nothing was done. The changes are others now");
        await ShouldStillWaitAsync(run);

        await DecideAsync(primary, run, "accept", "All but the enrollments.");
        await Imports.WaitAsync(District, run, Token);
        (await Store.Runs.GetAsync(run, Token)).ShouldNotBeNull().State.ShouldBe("published");
        (await primary.GetAsync($"{Home}/history/{run}")).Main.ShouldMatch("Left out: 1 student created and [0-9,]+ enrollments created");
        (await Store.Roster.PageAsync(new RecordQuery(Model.Kind.Enrollment, Limit: 1), Token)).Records.ShouldBeEmpty();
        (await AuditAsync(primary)).ShouldContain($"Changes left out synergy New: run {run}: enrollment, create");

        // The next import asks again, and the same answer takes one press.
        var again = await ImportAsync("waiting");
        (await primary.GetAsync($"{Home}/history/{again}")).Main.ShouldContain("Leave out again what was left out before");
        await LeaveAsync(primary, again, ("left", "true"), ("before", "true"));
        (await primary.GetAsync($"{Home}/history/{again}")).Main.ShouldMatch(
            "Left out Take everything in again 1 student created and [0-9,]+ enrollments created will not be done"
        );
        (await AuditAsync(primary)).ShouldContain($"Changes left out synergy New: run {again}: what was left out before");
        await ConfigureAsync(new AdvancedSettings());
        (await primary.GetAsync($"{Home}/history/{await ImportAsync("held")}")).Main.ShouldContain(
            "1 student would be created or changed that a person left out when the last changes were accepted"
        );
    }

    [Fact]
    public async Task Takes_in_again_what_was_left_out_of_a_run_that_waits_again()
    {
        await ConfigureAsync(new AdvancedSettings());
        await ImportAsync("published");
        await ConfigureAsync(new AdvancedSettings { PreviewOfDataUpload = true });
        Sis.Scenarios.MassWipe(0.4);
        var run = await ImportAsync("waiting");
        using var primary = await Bed.SignInAsync(District, Role.PrimaryDistrictAdmin);
        foreach (var kind in new[] { "student", "enrollment" })
        {
            await LeaveAsync(primary, run, ("kind", kind), ("left", "true"));
        }

        // Students who stay lose a contact, which was not shown.
        (await AcceptAsync("waiting")).ShouldMatch(
            "some of the changes come otherwise .* students deleted and [0-9,]+ enrollments deleted will not be done"
        );
        await LeaveAsync(primary, run, ("left", "false"));
        var page = (await primary.GetAsync($"{Home}/history/{run}")).Main;
        page.ShouldContain("What was left out before is taken in again. Accept computes the changes anew and shows them");
        page.ShouldNotContain("will not be done");
        (await AcceptAsync("waiting")).ShouldContain("What was left out before is taken in again, and is among the changes now.");
        await AcceptAsync("published");
        (await primary.GetAsync($"{Home}/data/student")).Main.ShouldContain("24 in all");

        async Task<string> AcceptAsync(string end)
        {
            await DecideAsync(primary, run, "accept", "They have left.");
            await Imports.WaitAsync(District, run, Token);
            (await Store.Runs.GetAsync(run, Token)).ShouldNotBeNull().State.ShouldBe(end);
            return (await primary.GetAsync($"{Home}/history/{run}")).Main;
        }
    }

    [Fact]
    public async Task Asks_a_second_person_where_the_app_says_so()
    {
        await ConfigureAsync(new AdvancedSettings { PreviewOfDataUpload = true, SecondPerson = true });
        var run = await ImportAsync("waiting");
        using var first = await Bed.SignInAsync(District, Role.PrimaryDistrictAdmin);
        using var second = await Bed.SignInAsync(District, Role.PrimaryDistrictAdmin);
        (await first.GetAsync($"{Home}/history/{run}")).Main.ShouldContain("Two people have to accept these changes");
        await DecideAsync(first, run, "accept", "I have looked.");
        (await first.GetAsync($"{Home}/history/{run}")).Main.ShouldContain("Your agreement is kept.");
        await ShouldStillWaitAsync(run);
        await DecideAsync(first, run, "accept", "Once more.");
        (await first.GetAsync($"{Home}/history/{run}")).Main.ShouldContain("You have accepted these changes already.");
        (await second.GetAsync($"{Home}/history/{run}")).Main.ShouldContain("has accepted these changes: “I have looked.”");
        await DecideAsync(second, run, "accept", "So have I.");
        await Imports.WaitAsync(District, run, Token);
        (await Store.Runs.GetAsync(run, Token)).ShouldNotBeNull().State.ShouldBe("published");
        (await second.GetAsync($"{Home}/history/{run}")).Main.ShouldContain("First accepted by");
    }

    [Fact]
    public async Task Data_Rollover_is_begun_and_ended_in_the_console_and_enforced()
    {
        await ConfigureAsync(new AdvancedSettings());
        using var admin = await Bed.SignInAsync(District, Role.DistrictAdmin);
        using var viewer = await Bed.SignInAsync(District, Role.Viewer);
        var page = $"{Home}/administration/data-rollover";
        (await viewer.GetAsync(page)).Status.ShouldBe(403);
        (await admin.GetAsync(page)).Main.ShouldContain("No period");
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeBySystemTimeZoneId(Bed.Time.GetUtcNow(), "America/Los_Angeles").DateTime);
        foreach (
            var (from, until, problem) in new[]
            {
                ("", "2030-01-01", "Give the first day as a date."),
                ("2030-01-01", "x", "Give the last day as a date."),
                ("2030-01-02", "2030-01-01", "The last day is before the first."),
                ("2020-01-01", "2020-01-02", "The last day is over."),
            }
        )
        {
            var refused = await SaveAsync("suspend", from, until);
            (await admin.GetAsync(refused.Location.ShouldNotBeNull())).Main.ShouldContain(problem);
        }

        (await SaveAsync("suspend", $"{today:yyyy-MM-dd}", $"{today.AddDays(1):yyyy-MM-dd}")).Location.ShouldBe(page);
        var saved = await admin.GetAsync(page);
        saved.Main.ShouldMatch("Suspend data import [^ ]+ In force");
        (await Imports.StartAsync(District, App, "console", "test", Token)).ShouldBeOfType<StartResult.Refused>().IsSuspended.ShouldBeTrue();
        (await AuditAsync(admin)).ShouldContain("district.rollover");
        foreach (var place in new[] { Home, $"{Home}/apps/{App}" })
        {
            (await viewer.GetAsync(place)).Main.ShouldContain("Data Rollover suspends data import until");
        }

        var key = Regex.Match(saved.Text, "name=\"period\" value=\"([^\"]+)\"").Groups[1].Value;
        (await admin.PostAsync($"{page}/remove", (Visitor.Field, await admin.TokenAsync(Home)), ("period", key))).Location.ShouldBe(page);
        (await admin.GetAsync(page)).Main.ShouldContain("No period");
        await SaveAsync("noDeletions", $"{today:yyyy-MM-dd}", $"{today:yyyy-MM-dd}");
        foreach (var place in new[] { Home, $"{Home}/apps/{App}" })
        {
            (await viewer.GetAsync(place)).Main.ShouldContain("Data Rollover disables data deletion until");
        }

        await ImportAsync("published");

        async Task<Answer> SaveAsync(string mode, string from, string until) =>
            await admin.PostAsync($"{page}/add", (Visitor.Field, await admin.TokenAsync(Home)), ("mode", mode), ("from", from), ("until", until));
    }

    /// <summary>What the field of the reason has in it.</summary>
    private static string ReasonOf(Answer page) =>
        WebUtility.HtmlDecode(Regex.Match(page.Text, "<textarea id=\"reason\"[^>]*>([^<]*)</textarea>").Groups[1].Value);

    private static IEnumerable<(string Path, int Count, string School)> SchoolLinks(string html) =>
        Regex
            .Matches(html, "href=\"([^\"]+changes\\?school=[^\"]+)\"\\s+aria-label=\"([0-9,]+) records created at ([^\"]+)\"")
            .Select(match =>
                (
                    WebUtility.HtmlDecode(match.Groups[1].Value),
                    int.Parse(match.Groups[2].Value.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture),
                    WebUtility.HtmlDecode(match.Groups[3].Value)
                )
            );
}

public sealed class ReviewTestsOnSqlite(ConsoleBed bed) : ReviewTests(bed), IClassFixture<ConsoleBed>;

public sealed class ReviewTestsOnPostgres(PostgresBed bed) : ReviewTests(bed), IClassFixture<PostgresBed>;
