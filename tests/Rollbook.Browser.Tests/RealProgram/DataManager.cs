using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Rollbook.Browser.Tests.Pages;
using Rollbook.Browser.Tests.Site;
using Rollbook.Simulator;
using static Microsoft.Playwright.Assertions;

namespace Rollbook.Browser.Tests.RealProgram;

/// <summary>
/// A person in front of the real program. Whatever the person meets is checked for accessibility and width, and everything that the program
/// answers is written down, so that a test can say at its end what was never in it.
/// </summary>
internal sealed class DataManager : IAsyncDisposable
{
    private const string AnswersFile = "answers.har";
    private const string Email = "dolores@demo.example";
    private const string Password = "teal otters juggle";
    private readonly string folder;
    private readonly RollbookProgram program;
    private readonly bool scripts;
    private readonly List<string> pages = [];

    private DataManager(RollbookProgram program, IBrowserContext context, IPage page, bool scripts, string folder) =>
        (this.program, Context, Page, this.scripts, this.folder) = (program, context, page, scripts, folder);

    internal IPage Page { get; }

    private IBrowserContext Context { get; }

    private string Answers => Path.Combine(folder, AnswersFile);

    internal static async Task<DataManager> ArriveAsync(ConsoleSite site, RollbookProgram program, bool scripts = true, int width = 1280)
    {
        var answers = Directory.CreateTempSubdirectory("rollbook-answers-").FullName;
        var context = await site.Browser.NewContextAsync(
            new()
            {
                BaseURL = program.Address.ToString(),
                JavaScriptEnabled = scripts,
                ViewportSize = new ViewportSize { Width = width, Height = 800 },
                ColorScheme = ColorScheme.Light,
                RecordHarPath = Path.Combine(answers, AnswersFile),
                RecordHarContent = HarContentPolicy.Embed,
            }
        );
        context.SetDefaultTimeout(ConsoleSite.Patience);
        return new DataManager(program, context, await PatientPage.OpenAsync(context), scripts, answers);
    }

    internal ILocator Heading(string name) => Page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = name });

    internal ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name });

    internal ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    /// <summary>The figures of a row of the report: read, created, updated, deleted, unchanged, skipped, reported.</summary>
    internal ILocator Figures(string kind) =>
        Page.GetByRole(AriaRole.Row)
            .Filter(new() { Has = Page.GetByRole(AriaRole.Rowheader, new() { Name = kind, Exact = true }) })
            .GetByRole(AriaRole.Cell);

    /// <summary>Opens the one-time link and becomes the Primary District Admin.</summary>
    internal async Task TakeRoleAsync()
    {
        await Page.GotoAsync(program.SetupLink);
        await Expect(Page.GetByRole(AriaRole.Main)).ToContainTextAsync("Primary District Admin of");
        await LookAsync("the set-up link");
        await Page.GetByLabel("Your name").FillAsync("Dolores Eze");
        await Page.GetByLabel("E-mail address").FillAsync(Email);
        await Page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await Page.GetByLabel("Password again").FillAsync(Password);
        await Button("Create account").ClickAsync();
        await Expect(Heading("Home")).ToBeVisibleAsync();
    }

    internal async Task SignInAsync() => await ConsoleSite.SignInAsync(Page, Email, Password);

    /// <summary>Presses Run Import on the app's dashboard; the page of the new run follows.</summary>
    internal async Task RunImportAsync()
    {
        await Page.GotoAsync("/d/demo/apps/synergy");
        await Button("Run Import").ClickAsync();
        await Expect(Page).ToHaveURLAsync(new Regex("/d/demo/history/\\d+$"));
    }

    /// <summary>Waits until the run's page has become its report.</summary>
    internal async Task ShouldEndAsync(string state) => await Expect(Page.Locator(".page-head .badge")).ToHaveTextAsync(new Regex($"{state}$"));

    /// <summary>Looks at the page as it is: nothing to complain about, whatever it shows.</summary>
    internal async Task LookAsync(string state)
    {
        pages.Add(await Page.ContentAsync());
        await Pictures.TakeAsync(Page, $"real-{Page.ViewportSize!.Width}{(scripts ? "" : "-plain")}-{state.Replace(' ', '-')}");
        (await Page.GetByRole(AriaRole.Heading, new() { Level = 1 }).CountAsync()).ShouldBe(1, state);
        (await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth")).ShouldBeLessThanOrEqualTo(
            0,
            $"{state} is wider than the window"
        );
        if (scripts)
        {
            await Axe.ShouldFindNothingAsync(Page, state);
        }
    }

    /// <summary>The secret of the SIS was in no page, in no answer with its headers, and in nothing that the program wrote.</summary>
    internal async Task ShouldNeverHaveMetTheSecretAsync()
    {
        await Context.CloseAsync();
        var secret = new SimulatorOptions().ClientSecret;
        var answers = await File.ReadAllTextAsync(Answers);
        answers.ShouldContain("Primary District Admin", customMessage: "The answers were not written down, so nothing can be said about them.");
        foreach (var text in pages.Concat(AnswersIn(answers)).Append(program.Log))
        {
            text.Contains(secret, StringComparison.OrdinalIgnoreCase).ShouldBeFalse("The secret of the SIS was shown.");
        }
    }

    /// <summary>What the program answered; a person's own entries are in the requests.</summary>
    private static IEnumerable<string> AnswersIn(string har) =>
        JsonNode.Parse(har)!["log"]!["entries"]!.AsArray().Select(entry => entry!["response"]!.ToJsonString());

    public async ValueTask DisposeAsync()
    {
        await Context.CloseAsync();
        Directory.Delete(folder, recursive: true);
    }
}
