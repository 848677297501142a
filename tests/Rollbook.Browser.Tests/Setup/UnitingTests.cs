using Microsoft.Playwright;
using Rollbook.Browser.Tests.Pages;
using Rollbook.Browser.Tests.Site;
using Rollbook.Sync.Configuration;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.Setup;

/// <summary>Domains of Uniqueness and Master Fields of an app in force, with scripts and without.</summary>
public sealed class UnitingTests(ConsoleSite site)
{
    private readonly AppInForce app = new(site);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Domains_are_chosen_moved_and_removed_kind_by_kind(bool scripts)
    {
        var page = await app.OpenAsync("domains", scripts);
        await Expect(Attribute(page, 1, 1)).ToHaveValueAsync("sisId");
        await Expect(Attribute(page, 3, 4)).ToHaveValueAsync("birthDate");
        await NewApp.PressAsync(page, "Add domain");
        await Attribute(page, 1, 5).SelectOptionAsync("Student number");
        await NewApp.PressAsync(page, "Move up domain 5");
        await Expect(Attribute(page, 1, 4)).ToHaveValueAsync("studentNumber");
        await NewApp.PressAsync(page, "Remove domain 1");
        await Expect(Attribute(page, 1, 1)).ToHaveValueAsync("stateId");
        await AppInForce.SaveAsync(page);
        await page.GetByRole(AriaRole.Link, new() { Name = "Contacts" }).First.ClickAsync();
        await Expect(Attribute(page, 1, 2)).ToHaveValueAsync("email");
        await NewApp.PressAsync(page, "Remove domain 2");
        await Expect(Attribute(page, 1, 2)).ToHaveCountAsync(0);
        await NewApp.PressAsync(page, "Remove domain 1");
        await Expect(page.GetByText("No domain: contacts are compared with nobody.")).ToBeVisibleAsync();
        await AppInForce.SaveAsync(page);

        var saved = (await app.SavedAsync()).DomainsOfUniqueness;
        saved["student"].Select(domain => string.Join('+', domain)).ShouldBe(["stateId", "email", "studentNumber", "givenName+familyName+birthDate"]);
        saved["contact"].ShouldBeEmpty();

        await app.OpenAgainAsync(page, "domains");
        await NewApp.PressAsync(page, "Use the defaults");
        await Expect(Attribute(page, 1, 1)).ToHaveValueAsync("sisId");
        await AppInForce.SaveAsync(page);
        (await app.SavedAsync()).DomainsOfUniqueness.Keys.ShouldBe(["contact"]);
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_empty_domain_and_one_that_is_there_already_are_refused_at_their_fields(bool scripts)
    {
        var page = await app.OpenAsync("domains", scripts);
        await NewApp.PressAsync(page, "Add domain");
        await Attribute(page, 1, 2).SelectOptionAsync("SIS ID");
        await NewApp.PressAsync(page, "Save");
        var alert = page.GetByRole(AriaRole.Alert);
        await Expect(alert.GetByRole(AriaRole.Link, new() { Name = "A domain above has the same attributes. Remove one of the two." }))
            .ToBeVisibleAsync();
        await Expect(alert.GetByRole(AriaRole.Link, new() { Name = "Choose at least one attribute, or remove this domain." })).ToBeVisibleAsync();
        await Expect(Attribute(page, 1, 2)).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(Attribute(page, 1, 2)).ToHaveAccessibleDescriptionAsync("Error: A domain above has the same attributes. Remove one of the two.");
        await Expect(Attribute(page, 1, 2)).ToHaveValueAsync("sisId");
        if (scripts)
        {
            await Axe.ShouldFindNothingAsync(page, "refused domains");
        }

        (await app.SavedAsync()).DomainsOfUniqueness.ShouldBeEmpty();
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Master_fields_are_generated_for_what_is_marked_and_changed_one_by_one(bool scripts)
    {
        var page = await app.OpenAsync("masters", scripts);
        foreach (var box in await page.GetByRole(AriaRole.Checkbox).AllAsync())
        {
            await box.UncheckAsync();
        }

        await page.GetByLabel("Mark E-mail").CheckAsync();
        await page.GetByLabel("Mark Phone").CheckAsync();
        await page.GetByLabel("Mode for the attributes that are marked below").SelectOptionAsync("Do not override");
        await NewApp.PressAsync(page, "Generate");
        await Expect(Worth(page, "E-mail")).ToHaveValueAsync("DoNotOverride");
        await Expect(Worth(page, "Given name")).ToHaveValueAsync("");
        await Worth(page, "E-mail").SelectOptionAsync("Master");
        await AppInForce.SaveAsync(page);
        await Expect(Worth(page, "Phone")).ToHaveValueAsync("DoNotOverride");

        (await app.SavedAsync())
            .MasterFields["student"]
            .ShouldBe(new Dictionary<string, MasterMode> { ["email"] = MasterMode.Master, ["phone"] = MasterMode.DoNotOverride }, ignoreOrder: true);
        await page.Context.CloseAsync();
    }

    private static ILocator Attribute(IPage page, int attribute, int domain) =>
        page.GetByRole(AriaRole.Combobox, new() { Name = $"Attribute {attribute} of domain {domain}", Exact = true });

    private static ILocator Worth(IPage page, string attribute) =>
        page.GetByRole(AriaRole.Combobox, new() { Name = $"{attribute}: what this source's value is worth", Exact = true });
}
