using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Rollbook.Browser.Tests.Site;
using Rollbook.Sync.Configuration;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.Setup;

/// <summary>Domains of Uniqueness and Master Fields of an app in force, with scripts and without.</summary>
public sealed class UnitingTests(ConsoleSite site)
{
    private static int apps;

    private readonly string app = FormattableString.Invariant($"unites-{Interlocked.Increment(ref apps)}");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Domains_are_chosen_moved_and_removed_kind_by_kind(bool scripts)
    {
        var page = await OpenAsync("domains", scripts);
        await Expect(Attribute(page, 1, 1)).ToHaveValueAsync("sisId");
        await Expect(Attribute(page, 3, 4)).ToHaveValueAsync("birthDate");
        await NewApp.PressAsync(page, "Add domain");
        await Attribute(page, 1, 5).SelectOptionAsync("Student number");
        await NewApp.PressAsync(page, "Move up domain 5");
        await Expect(Attribute(page, 1, 4)).ToHaveValueAsync("studentNumber");
        await NewApp.PressAsync(page, "Remove domain 1");
        await Expect(Attribute(page, 1, 1)).ToHaveValueAsync("stateId");
        await SaveAsync(page);
        await page.GetByRole(AriaRole.Link, new() { Name = "Contacts" }).First.ClickAsync();
        await Expect(Attribute(page, 1, 2)).ToHaveValueAsync("email");
        await NewApp.PressAsync(page, "Remove domain 2");
        await Expect(Attribute(page, 1, 2)).ToHaveCountAsync(0);
        await NewApp.PressAsync(page, "Remove domain 1");
        await Expect(page.GetByText("No domain: contacts are compared with nobody.")).ToBeVisibleAsync();
        await SaveAsync(page);

        var saved = (await SavedAsync()).DomainsOfUniqueness;
        saved["student"].Select(domain => string.Join('+', domain)).ShouldBe(["stateId", "email", "studentNumber", "givenName+familyName+birthDate"]);
        saved["contact"].ShouldBeEmpty();

        await page.GotoAsync($"/d/{ConsoleSite.SetupDistrict}/apps/{app}/settings/domains");
        await NewApp.PressAsync(page, "Use the defaults");
        await Expect(Attribute(page, 1, 1)).ToHaveValueAsync("sisId");
        await SaveAsync(page);
        (await SavedAsync()).DomainsOfUniqueness.Keys.ShouldBe(["contact"]);
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_empty_domain_and_one_that_is_there_already_are_refused_at_their_fields(bool scripts)
    {
        var page = await OpenAsync("domains", scripts);
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
        (await SavedAsync()).DomainsOfUniqueness.ShouldBeEmpty();
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Master_fields_are_generated_for_what_is_marked_and_changed_one_by_one(bool scripts)
    {
        var page = await OpenAsync("masters", scripts);
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
        await SaveAsync(page);
        await Expect(Worth(page, "Phone")).ToHaveValueAsync("DoNotOverride");

        (await SavedAsync())
            .MasterFields["student"]
            .ShouldBe(new Dictionary<string, MasterMode> { ["email"] = MasterMode.Master, ["phone"] = MasterMode.DoNotOverride }, ignoreOrder: true);
        await page.Context.CloseAsync();
    }

    private static ILocator Attribute(IPage page, int attribute, int domain) =>
        page.GetByRole(AriaRole.Combobox, new() { Name = $"Attribute {attribute} of domain {domain}", Exact = true });

    private static ILocator Worth(IPage page, string attribute) =>
        page.GetByRole(AriaRole.Combobox, new() { Name = $"{attribute}: what this source's value is worth", Exact = true });

    private static async Task SaveAsync(IPage page)
    {
        await NewApp.PressAsync(page, "Save");
        await Expect(page.GetByText("Saved. It takes effect with the next import.")).ToBeVisibleAsync();
    }

    private async Task<IPage> OpenAsync(string step, bool scripts)
    {
        await site
            .Services.GetRequiredService<Configurations>()
            .ChangeAsync(
                ConsoleSite.SetupDistrict,
                "test",
                district =>
                    district.With(
                        app,
                        new AppConfiguration
                        {
                            Type = "synergy",
                            Name = app,
                            AcceptTerms = true,
                        }
                    ),
                Token
            );
        var page = await site.OpenAsync(ConsoleSite.Ada, new() { JavaScriptEnabled = scripts });
        await page.GotoAsync($"/d/{ConsoleSite.SetupDistrict}/apps/{app}/settings/{step}");
        return page;
    }

    private async Task<AppConfiguration> SavedAsync()
    {
        var store = await site.Services.GetRequiredService<Storage.IInstallationStore>().OpenAsync(ConsoleSite.SetupDistrict, Token);
        var version = await store.ShouldNotBeNull().Configuration.LatestAsync(Token);
        return DistrictConfiguration.FromDocument(version.ShouldNotBeNull().Document).Apps[app];
    }
}
