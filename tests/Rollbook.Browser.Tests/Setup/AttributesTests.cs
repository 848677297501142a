using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Rollbook.Browser.Tests.Pages;
using Rollbook.Browser.Tests.Site;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Setup;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.Setup;

public sealed class AttributesTests(ConsoleSite site)
{
    [Fact]
    public async Task The_defaults_are_shown_by_kind_with_both_names()
    {
        var (page, _) = await StartAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Student / users" })).ToBeVisibleAsync();
        var email = Row(page, "stateId");
        await Expect(email).ToContainTextAsync("userIds.stateID");
        await Expect(email).ToContainTextAsync("Default");
        await Expect(Row(page, "sisId")).ToContainTextAsync("Always");
        await Expect(Row(page, "sisId").GetByRole(AriaRole.Link)).ToHaveCountAsync(0);
        foreach (
            var title in new[] { "School / orgs", "Calendar / academicSessions", "Class / classes", "Contact / users", "Enrollment / enrollments" }
        )
        {
            await page.GetByRole(AriaRole.Link, new() { Name = title }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = title })).ToBeVisibleAsync();
        }

        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_new_mapping_shows_its_result_while_one_types_is_saved_and_its_target_is_not_offered_again_until_it_is_removed()
    {
        var (page, app) = await StartAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "New Attribute Mapping" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "New Attribute Mapping" })).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Template", new() { Exact = true })).ToBeHiddenAsync();
        await Expect(page.GetByLabel("Name of the attribute")).ToBeHiddenAsync();
        await page.GetByLabel("Rollbook attribute").SelectOptionAsync("email");
        await page.GetByLabel("Data source attribute").SelectOptionAsync("metadata.counselor");
        await Expect(Preview(page)).ToContainTextAsync("Becomes email");
        await Expect(Preview(page)).ToContainTextAsync("Counselor 4");
        await page.GetByLabel("Data source attribute").SelectOptionAsync("demographics.sex");
        await Expect(Preview(page)).ToContainTextAsync("female");
        await page.GetByLabel("Data source attribute").SelectOptionAsync(new SelectOptionValue { Label = "Another one, named below" });
        await page.GetByLabel("Name of the attribute").FillAsync("metadata.counselor");
        await Expect(Preview(page)).ToContainTextAsync("Counselor 0");
        await Pictures.TakeAsync(page, "attributes-new-typed");
        await NewApp.Button(page, "Save mapping").ClickAsync();

        await Expect(page.GetByText("Saved.")).ToBeVisibleAsync();
        page.Url.ShouldContain("kind=student");
        await Expect(Row(page, "email")).ToContainTextAsync("metadata.counselor");
        await Expect(Row(page, "email")).ToContainTextAsync("Mapped");
        (await PairsAsync(app)).ShouldBe([new AttributePair { Target = "email", Source = "metadata.counselor" }]);

        await page.GetByRole(AriaRole.Link, new() { Name = "New Attribute Mapping" }).ClickAsync();
        await Expect(page.GetByLabel("Rollbook attribute").Locator("option[value=phone]")).ToHaveCountAsync(1);
        await Expect(page.GetByLabel("Rollbook attribute").Locator("option[value=email]")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Link, new() { Name = "Cancel" }).ClickAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Remove the mapping of email" }).ClickAsync();
        await Expect(Row(page, "email")).ToContainTextAsync("Default");
        (await PairsAsync(app)).ShouldBeEmpty();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_value_map_is_written_by_keyboard_alone()
    {
        var (page, app) = await StartAsync();
        await page.GotoAsync(NewApp.Step(app, "attributes/student?target=grades"));
        await page.GetByLabel("through a value map").FocusAsync();
        await page.Keyboard.PressAsync("Space");
        var first = page.GetByLabel("Value of the source, row 1");
        await Expect(first).ToBeVisibleAsync();
        await first.FocusAsync();
        await page.Keyboard.TypeAsync("k");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("KG");
        await Expect(Preview(page)).ToContainTextAsync("KG");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add row" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByLabel("Value of the source, row 4")).ToBeVisibleAsync();
        await page.GetByLabel("Value of the source, row 4").FocusAsync();
        await page.Keyboard.TypeAsync("07");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("7");
        await Pictures.TakeAsync(page, "attributes-map");
        await Axe.ShouldFindNothingAsync(page, "map");

        // Enter in a field saves, as everywhere.
        await page.Keyboard.PressAsync("Enter");
        await Expect(Row(page, "grades")).ToContainTextAsync("Value map, 2 values");
        var map = (await PairsAsync(app)).ShouldHaveSingleItem().Map!;
        map["k"].ShouldBe("KG");
        map["07"].ShouldBe("7");
        await page.GetByRole(AriaRole.Link, new() { Name = "Edit the mapping of grades" }).ClickAsync();
        await Expect(page.GetByLabel("Becomes, row 1")).ToHaveValueAsync("7");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_template_shows_its_result_or_where_it_is_wrong_and_is_not_saved_before_it_is_right()
    {
        var (page, app) = await StartAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Replace the default of email" }).ClickAsync();
        await page.GetByLabel("A Liquid template").CheckAsync();
        await Expect(page.GetByLabel("Data source attribute")).ToBeHiddenAsync();
        var template = page.GetByLabel("Template", new() { Exact = true });
        await template.FillAsync("{{ username | downcase }}@riverside.example");
        await Expect(Preview(page)).ToContainTextAsync("amara.okafor@riverside.example");
        await template.FillAsync("{{ username }}\n{{ username | lower }}");
        await Expect(Preview(page)).ToContainTextAsync("Line 2, column 15: there is no filter \"lower\"");
        await Axe.ShouldFindNothingAsync(page, "bad preview");
        await template.FillAsync("{% if username contains 'Fay' %}{{ username | divided_by: 0 }}{% else %}ok{% endif %}");
        await Expect(Preview(page)).ToContainTextAsync("ok");
        await template.FillAsync("{% if a %}{{ username }}");
        await NewApp.Button(page, "Save mapping").ClickAsync();

        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Line 1, column 1: {% if %} is never closed");
        (await template.GetAttributeAsync("aria-invalid")).ShouldBe("true");
        var described = (await template.GetAttributeAsync("aria-describedby"))!.Split(' ')[0];
        await Expect(page.Locator($"#{described}")).ToContainTextAsync("{% if %} is never closed");
        await Expect(template).ToHaveValueAsync("{% if a %}{{ username }}");
        await page.GetByRole(AriaRole.Alert).GetByRole(AriaRole.Link).ClickAsync();
        await Expect(template).ToBeFocusedAsync();
        await Pictures.TakeAsync(page, "attributes-template-error");
        await Axe.ShouldFindNothingAsync(page, "refused");
        (await PairsAsync(app)).ShouldBeEmpty();

        await template.FillAsync("{{ username | downcase }}@riverside.example");
        await NewApp.Button(page, "Save mapping").ClickAsync();
        await Expect(Row(page, "email")).ToContainTextAsync("{{ username | downcase }}@riverside.example");
        (await PairsAsync(app)).ShouldBe([new AttributePair { Target = "email", Template = "{{ username | downcase }}@riverside.example" }]);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task What_is_missing_is_told_at_its_field()
    {
        var (page, app) = await StartAsync();
        await page.GotoAsync(NewApp.Step(app, "attributes/student"));
        await NewApp.Button(page, "Save mapping").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Choose the Rollbook attribute that is fed.");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Choose the attribute of the data source.");
        await page.GetByLabel("Rollbook attribute").SelectOptionAsync(new SelectOptionValue { Label = "A metadata attribute, named below" });
        await page.GetByLabel("through a value map").CheckAsync();
        await NewApp.Button(page, "Save mapping").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Enter a name for the metadata attribute.");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Enter at least one value of the source and what it becomes.");
        await Axe.ShouldFindNothingAsync(page, "everything missing");
        await page.SetViewportSizeAsync(320, 640);
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(320);
        await Pictures.TakeAsync(page, "attributes-errors-narrow");

        await page.GetByLabel("Name of the metadata attribute").FillAsync("adviser");
        await page.GetByLabel("Data source attribute").SelectOptionAsync("metadata.counselor");
        await page.GetByLabel("An attribute of the data source, as it is").CheckAsync();
        await NewApp.Button(page, "Save mapping").ClickAsync();
        await Expect(Row(page, "metadata.adviser")).ToContainTextAsync("metadata.counselor");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Everything_works_with_scripts_off()
    {
        var (page, app) = await StartAsync(scripts: false);
        await page.GetByRole(AriaRole.Link, new() { Name = "New Attribute Mapping" }).ClickAsync();
        await page.GetByLabel("Rollbook attribute").SelectOptionAsync("grades");
        await page.GetByLabel("Data source attribute").SelectOptionAsync("grades");
        await page.GetByLabel("through a value map").CheckAsync();
        await page.GetByLabel("Value of the source, row 1").FillAsync("K");
        await page.GetByLabel("Becomes, row 1").FillAsync("KG");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add row" }).ClickAsync();
        await page.GetByLabel("Value of the source, row 4").FillAsync("07");
        await page.GetByLabel("Becomes, row 4").FillAsync("seven");
        await NewApp.Button(page, "Preview").ClickAsync();
        await Expect(Preview(page)).ToContainTextAsync("KG");
        await Expect(Preview(page)).ToContainTextAsync("seven");
        await page.GetByLabel("A Liquid template").CheckAsync();
        await page.GetByLabel("Template", new() { Exact = true }).FillAsync("{{ grades | first ");
        await NewApp.Button(page, "Preview").ClickAsync();
        await Expect(Preview(page)).ToContainTextAsync("Line 1, column 1: {{ is never closed");
        await page.GetByLabel("through a value map").CheckAsync();
        await NewApp.Button(page, "Save mapping").ClickAsync();
        await Expect(Row(page, "grades")).ToContainTextAsync("Value map, 2 values");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove the mapping of grades" }).ClickAsync();
        await Expect(Row(page, "grades")).ToContainTextAsync("Default");
        await NewApp.Button(page, "Next").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Data Requirements" })).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Two_people_at_the_mappings_are_told()
    {
        var (ada, app) = await StartAsync();
        var bo = await site.OpenAsync(ConsoleSite.Bo);
        await bo.GotoAsync(NewApp.Step(app, "attributes/student?target=phone"));
        await bo.GetByLabel("Data source attribute").SelectOptionAsync("sms");
        await ada.GotoAsync(NewApp.Step(app, "attributes/student?target=email"));
        await ada.GetByLabel("Data source attribute").SelectOptionAsync("username");
        await NewApp.Button(ada, "Save mapping").ClickAsync();
        await Expect(Row(ada, "email")).ToContainTextAsync("Mapped");
        await NewApp.Button(bo, "Save mapping").ClickAsync();
        await Expect(bo.GetByRole(AriaRole.Alert)).ToContainTextAsync($"{ConsoleSite.Ada} saved this step while you were at it");
        await Expect(bo.GetByLabel("Data source attribute")).ToHaveValueAsync("sms");
        await Axe.ShouldFindNothingAsync(bo, "conflict");
        await NewApp.Button(bo, "Save mapping").ClickAsync();
        await Expect(Row(bo, "phone")).ToContainTextAsync("Mapped");
        (await PairsAsync(app)).Select(pair => pair.Target).ShouldBe(["email", "phone"]);
        await ada.Context.CloseAsync();
        await bo.Context.CloseAsync();
    }

    [Fact]
    public async Task A_viewer_reads_a_mapping_with_masked_values_and_changes_nothing()
    {
        var page = await site.OpenAsync(ConsoleSite.Viewer);
        await page.GotoAsync($"/d/{ConsoleSite.District}/apps/synergy/settings/attributes");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "New Attribute Mapping" })).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Remove" })).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Link, new() { Name = "View the mapping of email" }).ClickAsync();
        await Expect(page.GetByLabel("Template", new() { Exact = true })).ToBeDisabledAsync();
        await Expect(Preview(page)).ToContainTextAsync("hidden");
        (await page.ContentAsync()).ShouldNotContain("Okafor", Case.Insensitive);
        var refused = await page.APIRequest.PostAsync($"/d/{ConsoleSite.District}/apps/synergy/attributes/student/preview");
        refused.Status.ShouldBeOneOf(400, 403, 404);
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData("attributes/pupil")]
    [InlineData("attributes/student?target=schools")]
    [InlineData("attributes/student?target=nothing")]
    public async Task What_can_not_be_mapped_has_no_page(string path)
    {
        var (page, app) = await StartAsync();
        (await page.GotoAsync(NewApp.Step(app, path)))!.Status.ShouldBe(404);
        await page.Context.CloseAsync();
    }

    private static ILocator Row(IPage page, string target) =>
        page.GetByRole(AriaRole.Row).Filter(new() { Has = page.GetByRole(AriaRole.Rowheader, new() { Name = target, Exact = true }) });

    private static ILocator Preview(IPage page) => page.GetByRole(AriaRole.Region, new() { Name = "Preview" }).First;

    private async Task<(IPage Page, string App)> StartAsync(bool scripts = true)
    {
        var setups = site.Services.GetRequiredService<Setups>();
        var store = (await site.Services.GetRequiredService<IInstallationStore>().OpenAsync(ConsoleSite.SetupDistrict, default))!;
        var setup = await setups.ActivateAsync(store, "synergy", ConsoleSite.Ada, default);
        await setups.SaveAsync(
            store,
            setup.App,
            SetupStep.AttributesMapping,
            setup.Opened(SetupStep.AttributesMapping),
            app => app,
            new Dictionary<string, string>(),
            SetupStep.AttributesMapping,
            ConsoleSite.Ada,
            default
        );
        var page = await site.OpenAsync(ConsoleSite.Ada, new() { JavaScriptEnabled = scripts });
        await page.GotoAsync(NewApp.Step(setup.App, "attributes"));
        return (page, setup.App);
    }

    private async Task<IReadOnlyList<AttributePair>> PairsAsync(string app)
    {
        var store = (await site.Services.GetRequiredService<IInstallationStore>().OpenAsync(ConsoleSite.SetupDistrict, default))!;
        var setup = await site.Services.GetRequiredService<Setups>().OpenAsync(store, app, default);
        return setup!.Configuration.Attributes.GetValueOrDefault(Kinds.Of(Kind.Student).Name) ?? [];
    }
}
