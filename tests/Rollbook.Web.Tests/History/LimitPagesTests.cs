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

/// <summary>What Delivery Config, Customize limits and planned change windows say of when a run waits, and that it is enforced.</summary>
public abstract class LimitPagesTests(ConsoleBed bed) : ReviewedDistrict(bed)
{
    [Fact]
    public async Task Follows_what_delivery_config_says_and_leaves_the_configuration_file_its_table()
    {
        var own = new SyncLimit(Model.Operation.Delete, LimitScope.Source) { Kind = "student", Count = 1 };
        await ConfigureAsync(new AdvancedSettings { Limits = [own] });
        using var admin = await Bed.SignInAsync(District, Role.DistrictAdmin);
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
        var waiting = await ImportAsync("waiting");

        // Whoever may not accept what waits does not have the next import take its place unseen.
        var loosened = await SaveAsync("Off");
        loosened.Status.ShouldBe(200);
        loosened.Main.ShouldContain($"Run {waiting} of this app waits for a decision. Until it is decided, only a Primary District Admin");
        await ShouldHaveSavedAsync(preview: true, 35);
        (await SaveAsync("35")).Status.ShouldBe(302);
        using var primary = await Bed.SignInAsync(District, Role.PrimaryDistrictAdmin);
        (await SaveAsync("Off", primary)).Status.ShouldBe(302);
        await ShouldHaveSavedAsync(preview: true, 0);
        (await admin.GetAsync(page)).Text.ShouldContain("value=\"off\"");

        async Task ShouldHaveSavedAsync(bool preview, int threshold)
        {
            var document = (await Store.Configuration.LatestAsync(Token)).ShouldNotBeNull().Document;
            var saved = DistrictConfiguration.FromDocument(document).Apps[App].Advanced;
            saved.PreviewOfDataUpload.ShouldBe(preview);
            saved.SyncHoldThreshold.ShouldBe(threshold);
            saved.Limits.ShouldBe([own]);
            saved.HoldMode.ShouldBe(preview ? HoldMode.Removals : HoldMode.Everything);
            saved.SecondPerson.ShouldBe(preview);
        }

        async Task<Answer> SaveAsync(string threshold, Visitor? by = null) =>
            await (by ?? admin).SubmitAsync(
                page,
                "step",
                ("opened", Regex.Match((await admin.GetAsync(page)).Text, "name=\"opened\" value=\"([^\"]*)\"").Groups[1].Value),
                ("go", "save"),
                ("apiUrl", Sis.ApiUrl.ToString()),
                ("tokenUrl", Sis.TokenUrl.ToString()),
                ("clientId", Sis.ClientId),
                ("bulkUploadMode", "on"),
                ("previewOfDataUpload", "on"),
                ("holdMode", "removals"),
                ("secondPerson", "on"),
                ("acceptTerms", "on"),
                ("syncHoldThreshold", threshold)
            );
    }

    [Fact]
    public async Task Customized_limits_hold_at_their_figure_and_pass_below_it()
    {
        await ConfigureAsync(new AdvancedSettings());
        await ImportAsync("published");
        using var admin = await Bed.SignInAsync(District, Role.PrimaryDistrictAdmin);
        using var viewer = await Bed.SignInAsync(District, Role.Viewer);
        var page = $"{Home}/apps/{App}/settings/limits";
        var shipped = await admin.GetAsync(page);
        shipped.Main.ShouldContain("The limits that Rollbook ships are in force");
        shipped.Main.ShouldNotContain("not saved");
        Regex.Matches(shipped.Text, "name=\"operation\\.").Count.ShouldBe(SyncLimits.Shipped(10).Count);
        var added = (await SaveAsync("add")).Main;
        added.ShouldContain("What the table shows is not saved");
        added.ShouldContain("The limits that Rollbook ships are in force");
        added.ShouldContain("Save puts what is shown in their place");
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
            refused.Main.ShouldContain("What the table shows is not saved");
            refused.Text.ShouldMatch($"id=\"{Regex.Escape(field)}\"[^>]*aria-invalid=\"true\"[^>]*aria-describedby=\"{Regex.Escape(field)}-error\"");
        }

        (await SavedAsync()).Limits.ShouldBeNull();

        // Two of forty are 5 %.
        (await SaveAsync("save", ["student", "delete", "source", "5", "", "", ""])).Location.ShouldBe(page);
        (await SavedAsync()).Limits.ShouldBe([new SyncLimit(Model.Operation.Delete, LimitScope.Source) { Kind = "student", Percent = 5 }]);
        Sis.Scenarios.Withdrawal();
        Sis.Scenarios.Withdrawal();
        await ImportAsync("held");
        await SaveAsync("save", ["student", "delete", "source", "5.01", "", "", ""]);
        await SaveAsync("save", ["student", "delete", "source", "", "3", "", ""]);
        await ImportAsync("published");
        await SaveAsync("save", ["student", "delete", "source", "", "1", "", ""]);
        Sis.Scenarios.Withdrawal();
        await ImportAsync("held");

        // The defaults are on the screen first, and in force once they are saved.
        var restored = await SaveAsync("defaults", ["student", "delete", "source", "", "1", "", ""]);
        Regex.Matches(restored.Text, "name=\"operation\\.").Count.ShouldBe(SyncLimits.Shipped(10).Count);
        (await SavedAsync()).Limits.ShouldNotBeNull();
        restored.Main.ShouldContain("What the table shows is not saved The app has its own table in force");
        restored.Main.ShouldContain("The limits in force Holds a sync when 1 record of the source's students would be deleted.");
        (await admin.GetAsync(page)).Main.ShouldNotContain("not saved");
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
        using var admin = await Bed.SignInAsync(District, Role.DistrictAdmin);
        var page = $"{Home}/apps/{App}/settings/change-windows";
        (await admin.GetAsync(page)).Main.ShouldContain("No window is planned");
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeBySystemTimeZoneId(Bed.Time.GetUtcNow(), "America/Los_Angeles").DateTime);
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

        Sis.Scenarios.Withdrawal();
        await ImportAsync("held");
        Bed.Time.Pass(TimeSpan.FromDays(2));
        using var later = await Bed.SignInAsync(District, Role.DistrictAdmin);
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

    [Fact]
    public async Task A_planned_change_window_is_told_as_it_is_evaluated_and_refused_where_it_would_have_no_effect()
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeBySystemTimeZoneId(Bed.Time.GetUtcNow(), "America/Los_Angeles").DateTime);
        SyncLimit[] table =
        [
            new(Model.Operation.Delete, LimitScope.Source) { Kind = "student", Percent = 5 },
            new(Model.Operation.Create, LimitScope.Source) { Kind = "admin", Count = 3 },
        ];
        using var admin = await Bed.SignInAsync(District, Role.DistrictAdmin);
        var off = new AdvancedSettings { SyncHoldThreshold = 0 };
        await ShouldTellAsync(off, new ChangeWindow(today, today) { Limits = table }, "when 5 % of the source's students", "when 3 records of", null);
        await ShouldTellAsync(
            new AdvancedSettings(),
            new ChangeWindow(today, today) { SyncHoldThreshold = 0, Limits = table },
            "Sync hold threshold: off.",
            "when 3 records of",
            "5 %"
        );
        await ShouldTellAsync(
            off with
            {
                Limits = table,
            },
            new ChangeWindow(today, today) { SyncHoldThreshold = 0 },
            "Sync hold threshold: off.",
            "when 3 records of",
            "5 %"
        );

        // A threshold alone, and then a table for the app.
        await ConfigureAsync(new AdvancedSettings { ChangeWindows = [new ChangeWindow(today, today) { SyncHoldThreshold = 60 }] });
        var page = $"{Home}/apps/{App}/settings/limits";
        var refused = await admin.SubmitAsync(
            page,
            "step",
            [
                ("opened", await OpenedAsync(admin, page)),
                ("go", "save"),
                .. Fields([
                    ["student", "delete", "source", "5", "", "", ""],
                ]),
            ]
        );
        refused.Status.ShouldBe(200);
        refused.Main.ShouldContain("has only a Sync hold threshold, which sets no figure of the app's own limits");
        (await SavedAsync()).Limits.ShouldBeNull();

        async Task ShouldTellAsync(AdvancedSettings settings, ChangeWindow window, string first, string second, string? never)
        {
            await ConfigureAsync(settings with { ChangeWindows = [window] });
            foreach (var place in new[] { $"{Home}/apps/{App}", $"{Home}/apps/{App}/settings/change-windows" })
            {
                var told = (await admin.GetAsync(place)).Main;
                told.ShouldContain(first);
                told.ShouldContain(second);
                if (never is not null)
                {
                    told.ShouldNotContain(never);
                }
            }
        }
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
        DistrictConfiguration.FromDocument((await Store.Configuration.LatestAsync(Token)).ShouldNotBeNull().Document).Apps[App].Advanced;
}

public sealed class LimitPagesTestsOnSqlite(ConsoleBed bed) : LimitPagesTests(bed), IClassFixture<ConsoleBed>;

public sealed class LimitPagesTestsOnPostgres(PostgresBed bed) : LimitPagesTests(bed), IClassFixture<PostgresBed>;
