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

/// <summary>What is shown of a run that waits, to whom, and what becomes of a decision; with the program's own imports from a simulated SIS.</summary>
public abstract class ReviewTests(ConsoleBed bed) : IAsyncLifetime
{
    private const string App = "synergy";
    private static int districts;

    private readonly string district = FormattableString.Invariant($"review-{Interlocked.Increment(ref districts)}");
    private SimulatedSynergy sis = null!;
    private IDistrictStore store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IImports Imports => bed.Services.GetRequiredService<IImports>();

    private string Home => $"/d/{district}";

    public async ValueTask InitializeAsync()
    {
        sis = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 40, Seed = 5 }, Token);
        store = await bed
            .Services.GetRequiredService<IInstallationStore>()
            .CreateAsync(new DistrictInfo(district, "Review Unified", "America/Los_Angeles"), Token);
        await ConfigureAsync(new AdvancedSettings { PreviewOfDataUpload = true });
        await store.Configuration.SetSecretAsync($"{App}/clientSecret", bed.Services.GetRequiredService<ISecrets>().Protect(sis.ClientSecret), Token);
    }

    public async ValueTask DisposeAsync()
    {
        await sis.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Shows_a_preview_and_publishes_it_when_it_is_accepted()
    {
        var run = await ImportAsync("waiting");
        using var primary = await bed.SignInAsync(district, Role.PrimaryDistrictAdmin);
        var page = await primary.GetAsync($"{Home}/history/{run}");
        page.Main.ShouldContain("A preview waits for a person");
        page.Main.ShouldContain("With Preview of data upload every sync of the app waits for a person");
        page.Main.ShouldContain("By school");
        page.Text.ShouldContain("aria-label=\"40 students created\"");
        (await DecideAsync(primary, run, "accept", "First import: it is what the SIS has.")).Location.ShouldBe($"{Home}/history/{run}");
        await Imports.WaitAsync(district, run, Token);
        var done = (await store.Runs.GetAsync(run, Token)).ShouldNotBeNull();
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
        using var primary = await bed.SignInAsync(district, Role.PrimaryDistrictAdmin);
        await DecideAsync(primary, run, "decline", "The wrong year.");
        (await store.Runs.GetAsync(run, Token)).ShouldNotBeNull().State.ShouldBe("declined");
        (await store.Roster.LatestAsync(Token)).ShouldBeNull();
        var page = (await primary.GetAsync($"{Home}/history/{run}")).Main;
        page.ShouldContain("A person declined the import.");
        page.ShouldMatch("Declined by primarydistrictadmin[0-9]+@.* The wrong year\\.");
        (await AuditAsync(primary)).ShouldContain($"Waiting run declined synergy New: run {run}: The wrong year.");
        (await primary.GetAsync($"{Home}/history/{run}/changes")).Status.ShouldBe(404);

        // It is too late to think better of it, and that is told.
        (await PostAsync(primary, run, "accept", "Yes after all.", hash: "")).Location.ShouldBe($"{Home}/history/{run}");
        (await primary.GetAsync($"{Home}/history/{run}")).Main.ShouldContain("Nothing was done: the run does not wait any more");
        (await store.Roster.LatestAsync(Token)).ShouldBeNull();
    }

    [Theory]
    [InlineData("accept")]
    [InlineData("decline")]
    public async Task Decides_nothing_without_a_reason_and_says_so_at_the_field(string decision)
    {
        var run = await ImportAsync("waiting");
        using var primary = await bed.SignInAsync(district, Role.PrimaryDistrictAdmin);
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
        using var primary = await bed.SignInAsync(district, Role.PrimaryDistrictAdmin);
        var answer = await PostAsync(primary, run, decision, "Looks right.", hash);
        var page = (await primary.GetAsync(answer.Location.ShouldNotBeNull())).Main;
        page.ShouldContain("Nothing was done: the changes are others now than those that you saw. These are the new ones.");
        page.ShouldContain("Decide");
        await ShouldStillWaitAsync(run);
    }

    [Theory]
    [InlineData(Role.DistrictAdmin)]
    [InlineData(Role.Viewer)]
    public async Task Is_for_all_to_see_and_for_a_primary_district_admin_to_decide(Role role)
    {
        var run = await ImportAsync("waiting");
        using var other = await bed.SignInAsync(district, role);
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
        using var primary = await bed.SignInAsync(district, Role.PrimaryDistrictAdmin);
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
        using var admin = await bed.SignInAsync(district, Role.DistrictAdmin);
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

        using var viewer = await bed.SignInAsync(district, Role.Viewer);
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
        var before = await store.Roster.ReadAsync(Model.Kind.Student, AsOf.Newest, Token).ToListAsync(Token);
        sis.Scenarios.Withdrawal();
        var run = await ImportAsync("held");
        var gone = (await store.Staged.ChangesAsync(run, Model.Kind.Student, Model.Operation.Delete, null, null, 10, Token)).ShouldHaveSingleItem();
        using var primary = await bed.SignInAsync(district, Role.PrimaryDistrictAdmin);
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
        using var admin = await bed.SignInAsync(district, Role.DistrictAdmin);
        var list = await admin.GetAsync($"{Home}/data/student?waiting={run}");
        list.Main.ShouldContain("Nothing is published yet with the changes of run");
        list.Main.ShouldContain("40 in all");
        var name = Regex.Match(list.Text, "class=\"row-link\"[^>]*>([^<]+)</a>\\s*<span class=\"badge good\"").Groups[1].Value;
        name.ShouldNotBeEmpty();
        var path = WebUtility.HtmlDecode(Regex.Match(list.Text, "class=\"row-link\" href=\"([^\"]+)\"").Groups[1].Value);
        (await admin.GetAsync(path)).Main.ShouldContain("✓ New");

        using var viewer = await bed.SignInAsync(district, Role.Viewer);
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
        sis.Scenarios.Withdrawal();
        var run = await ImportAsync("held");
        const string Why = "1 of the 40 students that this source has in the roster would be deleted";
        using var primary = await bed.SignInAsync(district, Role.PrimaryDistrictAdmin);
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
        await sis.DisposeAsync();
        var failed = await ImportAsync("failed");
        var home = (await primary.GetAsync(Home)).Main;
        home.ShouldContain($"Open run {failed}");
        home.ShouldContain($"Review run {run}");

        await DecideAsync(primary, run, "accept", "The student has moved away.");
        await Imports.WaitAsync(district, run, Token);
        (await store.Runs.GetAsync(run, Token)).ShouldNotBeNull().State.ShouldBe("published");
        var after = (await primary.GetAsync($"{Home}/history/{run}")).Main;
        after.ShouldContain("It had waited because");
        after.ShouldContain(Why);
        after.ShouldNotContain("Nothing was changed");
    }

    [Fact]
    public async Task Leaves_out_what_a_person_chooses_and_publishes_the_rest()
    {
        var run = await ImportAsync("waiting");
        using var primary = await bed.SignInAsync(district, Role.PrimaryDistrictAdmin);
        using var admin = await bed.SignInAsync(district, Role.DistrictAdmin);
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
        await ShouldStillWaitAsync(run);

        await DecideAsync(primary, run, "accept", "All but the enrollments.");
        await Imports.WaitAsync(district, run, Token);
        (await store.Runs.GetAsync(run, Token)).ShouldNotBeNull().State.ShouldBe("published");
        (await primary.GetAsync($"{Home}/history/{run}")).Main.ShouldMatch("Left out: 1 student created and [0-9,]+ enrollments created");
        (await store.Roster.PageAsync(new RecordQuery(Model.Kind.Enrollment, Limit: 1), Token)).Records.ShouldBeEmpty();
        (await AuditAsync(primary)).ShouldContain($"Changes left out synergy New: run {run}: enrollment, create");
        await ImportAsync("waiting");
    }

    [Fact]
    public async Task Asks_a_second_person_where_the_app_says_so()
    {
        await ConfigureAsync(new AdvancedSettings { PreviewOfDataUpload = true, SecondPerson = true });
        var run = await ImportAsync("waiting");
        using var first = await bed.SignInAsync(district, Role.PrimaryDistrictAdmin);
        using var second = await bed.SignInAsync(district, Role.PrimaryDistrictAdmin);
        (await first.GetAsync($"{Home}/history/{run}")).Main.ShouldContain("Two people have to accept these changes");
        await DecideAsync(first, run, "accept", "I have looked.");
        (await first.GetAsync($"{Home}/history/{run}")).Main.ShouldContain("Your agreement is kept.");
        await ShouldStillWaitAsync(run);
        await DecideAsync(first, run, "accept", "Once more.");
        (await first.GetAsync($"{Home}/history/{run}")).Main.ShouldContain("You have accepted these changes already.");
        (await second.GetAsync($"{Home}/history/{run}")).Main.ShouldContain("has accepted these changes: “I have looked.”");
        await DecideAsync(second, run, "accept", "So have I.");
        await Imports.WaitAsync(district, run, Token);
        (await store.Runs.GetAsync(run, Token)).ShouldNotBeNull().State.ShouldBe("published");
        (await second.GetAsync($"{Home}/history/{run}")).Main.ShouldContain("First accepted by");
    }

    [Fact]
    public async Task Data_Rollover_is_begun_and_ended_in_the_console_and_enforced()
    {
        await ConfigureAsync(new AdvancedSettings());
        using var admin = await bed.SignInAsync(district, Role.DistrictAdmin);
        using var viewer = await bed.SignInAsync(district, Role.Viewer);
        var page = $"{Home}/administration/data-rollover";
        (await viewer.GetAsync(page)).Status.ShouldBe(403);
        (await admin.GetAsync(page)).Main.ShouldContain("No period");
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeBySystemTimeZoneId(bed.Time.GetUtcNow(), "America/Los_Angeles").DateTime);
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
        (await Imports.StartAsync(district, App, "console", "test", Token)).ShouldBeOfType<StartResult.Refused>().IsSuspended.ShouldBeTrue();
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

    [Fact]
    public async Task Follows_what_delivery_config_says_and_leaves_the_configuration_file_its_table()
    {
        var own = new SyncLimit(Model.Operation.Delete, LimitScope.Source) { Kind = "student", Count = 1 };
        await ConfigureAsync(new AdvancedSettings { Limits = [own] });
        using var admin = await bed.SignInAsync(district, Role.DistrictAdmin);
        var page = $"{Home}/apps/{App}/settings/delivery";
        (await admin.GetAsync(page)).Main.ShouldContain("The app has its own table of 1 limit, which stays");
        foreach (var wrong in new[] { "0", "101", "ten", "", "9.5", "-1" })
        {
            var refused = await SaveAsync(wrong);
            refused.Status.ShouldBe(200, wrong);
            refused.Text.ShouldMatch("<input id=\"syncHoldThreshold\"[^>]*aria-invalid=\"true\"[^>]*aria-describedby=\"syncHoldThreshold-error ");
            refused.Text.ShouldContain($"value=\"{wrong}\"");
        }

        await ShouldHaveSavedAsync(preview: false, SyncLimits.DefaultThreshold);
        (await SaveAsync(" 35 % ")).Status.ShouldBe(302);
        await ShouldHaveSavedAsync(preview: true, 35);
        await ImportAsync("waiting");
        (await SaveAsync("Off")).Status.ShouldBe(302);
        await ShouldHaveSavedAsync(preview: true, 0);
        (await admin.GetAsync(page)).Text.ShouldContain("value=\"off\"");

        async Task ShouldHaveSavedAsync(bool preview, int threshold)
        {
            var document = (await store.Configuration.LatestAsync(Token)).ShouldNotBeNull().Document;
            var saved = DistrictConfiguration.FromDocument(document).Apps[App].Advanced;
            saved.PreviewOfDataUpload.ShouldBe(preview);
            saved.SyncHoldThreshold.ShouldBe(threshold);
            saved.Limits.ShouldBe([own]);
            saved.HoldMode.ShouldBe(preview ? HoldMode.Removals : HoldMode.Everything);
            saved.SecondPerson.ShouldBe(preview);
        }

        async Task<Answer> SaveAsync(string threshold) =>
            await admin.SubmitAsync(
                page,
                "step",
                ("opened", Regex.Match((await admin.GetAsync(page)).Text, "name=\"opened\" value=\"([^\"]*)\"").Groups[1].Value),
                ("go", "save"),
                ("apiUrl", sis.ApiUrl.ToString()),
                ("tokenUrl", sis.TokenUrl.ToString()),
                ("clientId", sis.ClientId),
                ("bulkUploadMode", "on"),
                ("previewOfDataUpload", "on"),
                ("holdMode", "removals"),
                ("secondPerson", "on"),
                ("syncHoldThreshold", threshold)
            );
    }

    [Fact]
    public async Task Customized_limits_hold_at_their_figure_and_pass_below_it()
    {
        await ConfigureAsync(new AdvancedSettings());
        await ImportAsync("published");
        using var admin = await bed.SignInAsync(district, Role.DistrictAdmin);
        using var viewer = await bed.SignInAsync(district, Role.Viewer);
        var page = $"{Home}/apps/{App}/settings/limits";
        var shipped = await admin.GetAsync(page);
        shipped.Main.ShouldContain("The limits that Rollbook ships are in force");
        Regex.Matches(shipped.Text, "name=\"operation\\.").Count.ShouldBe(SyncLimits.Shipped(10).Count);
        WebUtility.HtmlDecode(shipped.Text).ShouldContain("Holds a sync when 25 % of the source's enrollments would be deleted, from 25 records on.");
        (await viewer.GetAsync(page)).Text.ShouldNotContain("Add limit");

        foreach (
            var (limit, field, problem) in new[]
            {
                (new[] { "student", "delete", "source", "0", "", "", "" }, "percent.0", "is not above 0 and up to 100"),
                (["student", "delete", "source", "101", "", "", ""], "percent.0", "is not above 0 and up to 100"),
                (["student", "delete", "source", "", "0", "", ""], "count.0", "is not a whole number from 1"),
                (["student", "delete", "source", "", "", "", ""], "percent.0", "needs a percentage or a number of records"),
                (["student", "delete", "source", "5", "", "-1", ""], "leastRecords.0", "is not a whole number"),
                (["student", "delete", "source", "5", "", "", "x"], "leastPopulation.0", "is not a whole number"),
                (["pupil", "delete", "source", "5", "", "", ""], "kind.0", "Choose the entity type"),
                (["student", "drop", "source", "5", "", "", ""], "operation.0", "Choose what limit 1 counts"),
                (["calendar", "delete", "school", "5", "", "", ""], "scope.0", "Calendars are not at a school"),
            }
        )
        {
            var refused = await SaveAsync("save", limit);
            refused.Status.ShouldBe(200, field);
            refused.Main.ShouldContain(problem);
            refused.Text.ShouldMatch($"id=\"{Regex.Escape(field)}\"[^>]*aria-invalid=\"true\"[^>]*aria-describedby=\"{Regex.Escape(field)}-error\"");
        }

        (await SavedAsync()).Limits.ShouldBeNull();

        // Two of forty are 5 %.
        (await SaveAsync("save", ["student", "delete", "source", "5", "", "", ""])).Location.ShouldBe(page);
        (await SavedAsync()).Limits.ShouldBe([new SyncLimit(Model.Operation.Delete, LimitScope.Source) { Kind = "student", Percent = 5 }]);
        sis.Scenarios.Withdrawal();
        sis.Scenarios.Withdrawal();
        await ImportAsync("held");
        await SaveAsync("save", ["student", "delete", "source", "5.01", "", "", ""]);
        await SaveAsync("save", ["student", "delete", "source", "", "3", "", ""]);
        await ImportAsync("published");
        await SaveAsync("save", ["student", "delete", "source", "", "1", "", ""]);
        sis.Scenarios.Withdrawal();
        await ImportAsync("held");

        // The defaults are on the screen first, and in force once they are saved.
        var restored = await SaveAsync("defaults", ["student", "delete", "source", "", "1", "", ""]);
        Regex.Matches(restored.Text, "name=\"operation\\.").Count.ShouldBe(SyncLimits.Shipped(10).Count);
        (await SavedAsync()).Limits.ShouldNotBeNull();
        await SaveAsync(
            "save",
            [
                .. SyncLimits
                    .Shipped(10)
                    .Select(limit =>
                        new[]
                        {
                            limit.Kind ?? "",
                            limit.Operation.ToString().ToLowerInvariant(),
                            limit.Scope.ToString().ToLowerInvariant(),
                            limit.Percent!.Value.ToString(CultureInfo.InvariantCulture),
                            "",
                            limit.LeastRecords.ToString(CultureInfo.InvariantCulture),
                            "",
                        }
                    ),
            ]
        );
        (await SavedAsync()).Limits.ShouldBeNull();
        await ImportAsync("published");

        async Task<Answer> SaveAsync(string go, params string[][] limits) =>
            await admin.SubmitAsync(page, "step", [("opened", await OpenedAsync(admin, page)), ("go", go), .. Fields(limits)]);
    }

    [Fact]
    public async Task A_planned_change_window_of_the_console_is_enforced_and_ends_by_itself()
    {
        await ConfigureAsync(new AdvancedSettings());
        await ImportAsync("published");
        using var admin = await bed.SignInAsync(district, Role.DistrictAdmin);
        var page = $"{Home}/apps/{App}/settings/change-windows";
        (await admin.GetAsync(page)).Main.ShouldContain("No window is planned");
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeBySystemTimeZoneId(bed.Time.GetUtcNow(), "America/Los_Angeles").DateTime);
        string Day(int days) => today.AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await AddAsync(Day(10), Day(12), "off");
        (await admin.GetAsync(page)).Main.ShouldMatch("Sync hold threshold: off\\. [^ ]+ Planned");
        foreach (
            var (from, until, threshold, problem) in new[]
            {
                ("", Day(1), "50", "Give the first day as a date."),
                (Day(0), "", "50", "Give the last day as a date."),
                (Day(1), Day(0), "50", "The last day is before the first."),
                (Day(-2), Day(-1), "50", "The last day is over."),
                (Day(0), Day(1), "101", "is not a whole percentage"),
                (Day(0), Day(1), "", "Give these days a Sync hold threshold, or limits of their own."),
                (Day(5), Day(10), "50", "There is a window from"),
            }
        )
        {
            var refused = await AddAsync(from, until, threshold);
            refused.Status.ShouldBe(200, problem);
            refused.Main.ShouldContain(problem);
        }

        // Its own table: one pupil is too many until tomorrow.
        await AddAsync(Day(0), Day(1), "", ["student", "delete", "source", "", "1", "", ""]);
        (await SavedAsync()).ChangeWindows!.Count.ShouldBe(2);
        foreach (var place in new[] { $"{Home}/apps/{App}", $"{Home}/apps/{App}/settings/delivery" })
        {
            var shown = (await admin.GetAsync(place)).Main;
            shown.ShouldContain("A planned change window is in force until");
            shown.ShouldContain("Holds a sync when 1 record of the source's students would be deleted.");
        }

        sis.Scenarios.Withdrawal();
        await ImportAsync("held");
        bed.Time.Pass(TimeSpan.FromDays(2));
        using var later = await bed.SignInAsync(district, Role.DistrictAdmin);
        (await later.GetAsync($"{Home}/apps/{App}")).Main.ShouldNotContain("A planned change window is in force");
        (await later.GetAsync(page)).Main.ShouldContain("Ended");
        await ImportAsync("published");
        await later.SubmitAsync(page, "step", ("opened", await OpenedAsync(later, page)), ("go", $"drop {Day(0)}"));
        (await SavedAsync()).ChangeWindows.ShouldHaveSingleItem().SyncHoldThreshold.ShouldBe(0);

        async Task<Answer> AddAsync(string from, string until, string threshold, params string[][] limits) =>
            await admin.SubmitAsync(
                page,
                "step",
                [
                    ("opened", await OpenedAsync(admin, page)),
                    ("go", "save"),
                    ("from", from),
                    ("until", until),
                    ("threshold", threshold),
                    ("own", limits.Length > 0 ? "on" : ""),
                    .. Fields(limits),
                ]
            );
    }

    private static IEnumerable<(string, string)> Fields(string[][] limits) =>
        limits.SelectMany(
            (limit, place) =>
                new[] { "kind", "operation", "scope", "percent", "count", "leastRecords", "leastPopulation" }.Zip(
                    limit,
                    (name, value) => (FormattableString.Invariant($"{name}.{place}"), value)
                )
        );

    private static async Task<string> OpenedAsync(Visitor visitor, string page) =>
        Regex.Match((await visitor.GetAsync(page)).Text, "name=\"opened\" value=\"([^\"]*)\"").Groups[1].Value;

    private async Task<AdvancedSettings> SavedAsync() =>
        DistrictConfiguration.FromDocument((await store.Configuration.LatestAsync(Token)).ShouldNotBeNull().Document).Apps[App].Advanced;

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

    private Task ConfigureAsync(AdvancedSettings advanced) =>
        bed
            .Services.GetRequiredService<Configurations>()
            .ChangeAsync(
                district,
                "test",
                configuration =>
                    configuration.With(
                        App,
                        new AppConfiguration
                        {
                            Type = "synergy",
                            Name = "Synergy",
                            AcceptTerms = true,
                            Secrets = ["clientSecret"],
                            Schools = SchoolsMapping.Automatic,
                            Advanced = advanced,
                            Delivery = new Dictionary<string, string>
                            {
                                ["apiUrl"] = sis.ApiUrl.ToString(),
                                ["tokenUrl"] = sis.TokenUrl.ToString(),
                                ["clientId"] = sis.ClientId,
                            },
                        }
                    ),
                Token
            );

    private async Task<long> ImportAsync(string end)
    {
        var run = (await Imports.StartAsync(district, App, "console", "test", Token)).ShouldBeOfType<StartResult.Started>().Run;
        await Imports.WaitAsync(district, run, Token);
        var record = (await store.Runs.GetAsync(run, Token)).ShouldNotBeNull();
        record.State.ShouldBe(end, record.Report);
        return run;
    }

    private async Task<string> HashAsync(long run) => await Imports.ShownAsync(store, (await store.Runs.GetAsync(run, Token))!, Token);

    private async Task<Answer> LeaveAsync(Visitor visitor, long run, params (string, string)[] fields) =>
        await visitor.PostAsync(
            $"{Home}/history/{run}/left",
            [(Visitor.Field, await visitor.TokenAsync(Home)), ("hash", await HashAsync(run)), .. fields]
        );

    private async Task ShouldStillWaitAsync(long run)
    {
        (await store.Runs.GetAsync(run, Token)).ShouldNotBeNull().State.ShouldBe("waiting");
        (await store.Roster.LatestAsync(Token)).ShouldBeNull();
    }

    private async Task<string> AuditAsync(Visitor visitor, string filter = "") =>
        (await visitor.GetAsync($"{Home}/administration/audit-log{filter}")).Main;

    /// <summary>Sends the form of the run's page, with what it carries.</summary>
    private async Task<Answer> DecideAsync(Visitor visitor, long run, string decision, string reason)
    {
        var page = await visitor.GetAsync($"{Home}/history/{run}");
        return await PostAsync(visitor, run, decision, reason, Regex.Match(page.Text, "name=\"hash\" value=\"([^\"]+)\"").Groups[1].Value);
    }

    private async Task<Answer> PostAsync(Visitor visitor, long run, string decision, string reason, string hash) =>
        await visitor.PostAsync(
            $"{Home}/history/{run}/decision",
            (Visitor.Field, await visitor.TokenAsync(Home)),
            ("decision", decision),
            ("reason", reason),
            ("hash", hash)
        );
}

public sealed class ReviewTestsOnSqlite(ConsoleBed bed) : ReviewTests(bed), IClassFixture<ConsoleBed>;

public sealed class ReviewTestsOnPostgres(PostgresBed bed) : ReviewTests(bed), IClassFixture<PostgresBed>;
