using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Rollbook.Browser.Tests.Pages;
using Rollbook.Browser.Tests.Site;
using Rollbook.Sync.Configuration;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.Setup;

/// <summary>The Schedule tab of an app in force, with scripts and without.</summary>
public sealed class ScheduleTests(ConsoleSite site)
{
    private static int apps;

    private readonly string app = FormattableString.Invariant($"clock-{Interlocked.Increment(ref apps)}");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_daily_schedule_is_saved_and_shown_where_one_looks_for_the_next_sync(bool scripts)
    {
        var page = await OpenAsync(scripts);
        await Expect(Toggle(page)).Not.ToBeCheckedAsync();
        await Expect(page.GetByRole(AriaRole.Radio, new() { Name = "Daily" })).ToBeHiddenAsync();
        await Toggle(page).CheckAsync();
        await page.GetByLabel("Time 1").FillAsync("02:30");
        await NewApp.Button(page, "Add time").ClickAsync();
        await page.GetByLabel("Time 2").FillAsync("14:00");
        await NewApp.Button(page, "Add time").ClickAsync();
        await NewApp.Button(page, "Remove time 3").ClickAsync();
        await Expect(page.GetByLabel("Time 3")).ToHaveCountAsync(0);
        await page.GetByLabel("End date").FillAsync("2099-06-30");
        await NewApp.Button(page, "Save").ClickAsync();
        await Expect(page.GetByText("Saved. It is in force within seconds.")).ToBeVisibleAsync();

        (await SavedAsync()).ShouldBe(new SyncSchedule { Times = [new TimeOnly(2, 30), new TimeOnly(14, 0)], Until = new DateOnly(2099, 6, 30) });
        await Expect(page.GetByLabel("Time 2")).ToHaveValueAsync("14:00");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Next three times" }).GetByRole(AriaRole.Listitem)).ToHaveCountAsync(3);
        await page.GotoAsync($"/d/{ConsoleSite.SetupDistrict}");
        var tile = page.GetByRole(AriaRole.Article, new() { Name = app, Exact = true });
        await Expect(tile).ToContainTextAsync(new System.Text.RegularExpressions.Regex(@"Next sync.*(2:30 AM|2:00 PM) C[SD]T"));
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Days_of_the_week_of_the_month_and_a_cron_expression_are_kept(bool scripts)
    {
        var page = await OpenAsync(scripts);
        await Toggle(page).CheckAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "Weekly" }).CheckAsync();
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Monday" }).CheckAsync();
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Friday" }).CheckAsync();
        await SaveAsync(page);
        (await SavedAsync()).ShouldBe(
            new SyncSchedule
            {
                Days = ScheduleDays.Weekly,
                Weekdays = [DayOfWeek.Monday, DayOfWeek.Friday],
                Times = [new TimeOnly(2, 0)],
            }
        );

        await page.GetByRole(AriaRole.Radio, new() { Name = "Monthly" }).CheckAsync();
        await page.GetByLabel("Days of the month").FillAsync("31, 15");
        await SaveAsync(page);
        (await SavedAsync()).ShouldBe(
            new SyncSchedule
            {
                Days = ScheduleDays.Monthly,
                MonthDays = [15, 31],
                Times = [new TimeOnly(2, 0)],
            }
        );

        await page.GetByRole(AriaRole.Radio, new() { Name = "Cron expression" }).CheckAsync();
        await Expect(page.GetByLabel("Time 1")).ToBeHiddenAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Cron expression" }).FillAsync("0 30 2 ? * MON-FRI");
        await SaveAsync(page);
        (await SavedAsync()).ShouldBe(new SyncSchedule { Cron = "0 30 2 ? * MON-FRI" });

        await Toggle(page).UncheckAsync();
        await SaveAsync(page);
        (await SavedAsync()).ShouldBeNull();
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_wrong_is_told_at_its_field_and_nothing_is_saved(bool scripts)
    {
        var page = await OpenAsync(scripts);
        await Toggle(page).CheckAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "Weekly" }).CheckAsync();
        await NewApp.Button(page, "Save").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert).GetByRole(AriaRole.Link, new() { Name = "Choose at least one day of the week." }))
            .ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Radio, new() { Name = "Cron expression" }).CheckAsync();
        var cron = page.GetByRole(AriaRole.Textbox, new() { Name = "Cron expression" });
        foreach (
            var (wrong, reason) in new[]
            {
                ("0 2 * * *", "Expected six fields"),
                ("0 0 25 * * ?", "can't be read"),
                ("0 0/2 * * * ?", "at least 5 minutes"),
            }
        )
        {
            await cron.FillAsync(wrong);
            await NewApp.Button(page, "Save").ClickAsync();
            await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync(reason);
            await Expect(cron).ToHaveAttributeAsync("aria-invalid", "true");
            await Expect(cron).ToHaveAccessibleDescriptionAsync(new System.Text.RegularExpressions.Regex(reason));
            await Expect(cron).ToHaveValueAsync(wrong);
        }

        if (scripts)
        {
            await Axe.ShouldFindNothingAsync(page, "schedule with an error");
            await Pictures.TakeAsync(page, "schedule-error");
        }

        (await SavedAsync()).ShouldBeNull();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_next_times_are_shown_as_one_types()
    {
        var page = await OpenAsync(scripts: true);
        await Toggle(page).CheckAsync();
        var next = page.GetByRole(AriaRole.Region, new() { Name = "Next three times" });
        await page.GetByLabel("Time 1").FillAsync("04:15");
        await Expect(next.GetByRole(AriaRole.Listitem).First).ToContainTextAsync("4:15 AM");
        await page.GetByRole(AriaRole.Radio, new() { Name = "Monthly" }).CheckAsync();
        await Expect(next).ToContainTextAsync("Enter at least one day of the month");
        await page.GetByLabel("End date").FillAsync("2020-01-01");
        await page.GetByLabel("Days of the month").FillAsync("1");
        await Expect(next).ToContainTextAsync("the schedule has ended");
        (await SavedAsync()).ShouldBeNull();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Preview_shows_the_next_times_with_scripts_off_and_says_what_daylight_saving_does()
    {
        var page = await OpenAsync(scripts: false);
        await Toggle(page).CheckAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "Cron expression" }).CheckAsync();
        var turn = NextTurn();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Cron expression" })
            .FillAsync(FormattableString.Invariant($"0 30 2 {turn.Day} {turn.Month} ?"));
        await NewApp.Button(page, "Preview").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Next three times" }))
            .ToContainTextAsync("The clock is turned forward over the time that was chosen");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Next three times" }).GetByRole(AriaRole.Listitem).First)
            .ToContainTextAsync("3:00 AM CDT");
        (await SavedAsync()).ShouldBeNull();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_keyboard_alone_is_enough()
    {
        var page = await OpenAsync(scripts: true);
        await Toggle(page).FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.GetByRole(AriaRole.Radio, new() { Name = "Daily" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(page.GetByRole(AriaRole.Radio, new() { Name = "Weekly" })).ToBeCheckedAsync();
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("Saved. It is in force within seconds.")).ToBeVisibleAsync();
        (await SavedAsync())!.Weekdays.ShouldBe([DayOfWeek.Sunday]);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Open_in_every_way_it_is_accessible_and_fits_320_pixels()
    {
        var page = await OpenAsync(scripts: true);
        await Toggle(page).CheckAsync();
        await NewApp.Button(page, "Add time").ClickAsync();
        foreach (var way in new[] { "Daily", "Weekly", "Monthly", "Cron expression" })
        {
            await page.GetByRole(AriaRole.Radio, new() { Name = way }).CheckAsync();
            await Axe.ShouldFindNothingAsync(page, way);
            await Pictures.TakeAsync(page, $"schedule-{way}");
        }

        await page.SetViewportSizeAsync(320, 640);
        foreach (var way in new[] { "Weekly", "Cron expression" })
        {
            await page.GetByRole(AriaRole.Radio, new() { Name = way }).CheckAsync();
            (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(320);
            await Pictures.TakeAsync(page, $"schedule-{way}-narrow");
        }

        await page.Context.CloseAsync();
    }

    private static ILocator Toggle(IPage page) => page.GetByRole(AriaRole.Switch, new() { Name = "Sync Schedule" });

    private static async Task SaveAsync(IPage page)
    {
        await NewApp.Button(page, "Save").ClickAsync();
        await Expect(page.GetByText("Saved. It is in force within seconds.")).ToBeVisibleAsync();
        // The next message is one of its own.
        await page.GotoAsync(page.Url);
    }

    /// <summary>The second Sunday of March, when clocks of the United States are turned forward.</summary>
    private static DateOnly NextTurn()
    {
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().Date);
        return Enumerable
            .Range(0, 2)
            .Select(years => new DateOnly(today.Year + years, 3, 8))
            .Select(first => first.AddDays((7 - (int)first.DayOfWeek) % 7))
            .First(turn => turn > today);
    }

    /// <summary>Opens the tab of an app in force of the test's own.</summary>
    private async Task<IPage> OpenAsync(bool scripts)
    {
        await Configurations.ChangeAsync(
            ConsoleSite.SetupDistrict,
            "test",
            district =>
                district with
                {
                    Apps = new Dictionary<string, AppConfiguration>(district.Apps, StringComparer.Ordinal)
                    {
                        [app] = new()
                        {
                            Type = "synergy",
                            Name = app,
                            AcceptTerms = true,
                        },
                    },
                },
            TestContext.Current.CancellationToken
        );
        var page = await site.OpenAsync(ConsoleSite.Ada, new() { JavaScriptEnabled = scripts });
        await page.GotoAsync($"/d/{ConsoleSite.SetupDistrict}/apps/{app}/settings/schedule");
        return page;
    }

    private async Task<SyncSchedule?> SavedAsync()
    {
        var store = (
            await site
                .Services.GetRequiredService<Storage.IInstallationStore>()
                .OpenAsync(ConsoleSite.SetupDistrict, TestContext.Current.CancellationToken)
        )!;
        var latest = (await store.Configuration.LatestAsync(TestContext.Current.CancellationToken))!;
        return DistrictConfiguration.FromDocument(latest.Document).Apps[app].Schedule;
    }

    private Configurations Configurations => site.Services.GetRequiredService<Configurations>();
}
