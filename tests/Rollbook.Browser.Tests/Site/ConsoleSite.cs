using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Rollbook.Browser.Tests.Double;
using Rollbook.Browser.Tests.Site;
using Rollbook.Sharing.Exports;
using Rollbook.Sources;
using Rollbook.Sources.ActiveDirectory;
using Rollbook.Sources.OneRoster;
using Rollbook.Sources.OneRosterCsv;
using Rollbook.Sources.Synergy;
using Rollbook.Storage;
using Rollbook.Storage.Installation;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Deliver;
using Rollbook.Sync.Duplicates;
using Rollbook.Sync.Lineage;
using Rollbook.Sync.Rollbacks;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Samples;
using Rollbook.Sync.Setup;
using Rollbook.Sync.Setup.Schools;
using Rollbook.Sync.WhatIf;
using Rollbook.Telling;
using Rollbook.Telling.Email;
using Rollbook.Testing;
using Rollbook.Web;
using Rollbook.Web.Features.Access;

[assembly: AssemblyFixture(typeof(ConsoleSite))]

namespace Rollbook.Browser.Tests.Site;

/// <summary>
/// The console on a real server on the loopback interface, with the sample district, and a browser. Tests see an address and accounts only, so
/// another host can stand behind them.
/// </summary>
public sealed class ConsoleSite : IAsyncLifetime
{
    internal const float Patience = 20_000;

    // Sessions end after half an hour without use, and a run of all tests may be longer; some pages want a sign-in not long ago.
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(6);

    internal const string Password = "correct horse battery staple";
    internal const string Admin = "admin@riverside.example";
    internal const string Viewer = "viewer@riverside.example";
    internal const string Granted = "granted@riverside.example";
    internal const string Operator = "operator@riverside.example";
    internal const string Both = "county@riverside.example";
    internal const string Ada = "ada@hillside.example";
    internal const string Bo = "bo@hillside.example";
    internal const string District = "riverside";

    /// <summary>A district in which tests set apps up.</summary>
    internal const string SetupDistrict = "hillside";
    internal const string EmptyDistrict = "lakeside";

    private readonly string folder = Directory.CreateTempSubdirectory("rollbook-browser-").FullName;
    private readonly ConcurrentDictionary<(string Account, long Age), Task<string>> signedIn = new();
    private readonly ConcurrentQueue<string> operatorsCodes = new();
    private readonly Stopwatch age = Stopwatch.StartNew();
    private WebApplication? app;
    private IPlaywright? playwright;

    internal Uri Address { get; private set; } = null!;

    internal IBrowser Browser { get; private set; } = null!;

    internal IServiceProvider Services => app!.Services;

    /// <summary>The folder that is open for exports.</summary>
    internal string Exports => Path.Combine(folder, "out");

    internal PacedImports Imports => (PacedImports)app!.Services.GetRequiredService<IImports>();

    public async ValueTask InitializeAsync()
    {
        // A machine that does other work as well is slow, which is no mistake of the console.
        Assertions.SetDefaultExpectTimeout(Patience);
        await StartAsync();
        playwright = await Playwright.CreateAsync();
        Browser = await Chromium.LaunchAsync(playwright);
    }

    /// <summary>A browser window of its own; signed in when an account is named. Each account signs in once, the windows share its cookie.</summary>
    internal async Task<IPage> OpenAsync(string? account, BrowserNewContextOptions? options = null)
    {
        options ??= new BrowserNewContextOptions();
        options.BaseURL = Address.ToString();
        options.ViewportSize ??= new ViewportSize { Width = 1280, Height = 800 };
        options.StorageState = account is null
            ? null
            : await signedIn.GetOrAdd((account, age.Elapsed.Ticks / Fresh.Ticks), key => SignInAsync(key.Account));
        var context = await Browser.NewContextAsync(options);
        context.SetDefaultTimeout(Patience);
        return await PatientPage.OpenAsync(context);
    }

    /// <summary>Fills in the sign-in page, which is open.</summary>
    internal static async Task SignInAsync(IPage page, string account, string password)
    {
        await page.GetByLabel("E-mail address").FillAsync(account);
        await page.GetByLabel("Password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    private async Task<string> SignInAsync(string account)
    {
        var context = await Browser.NewContextAsync(new() { BaseURL = Address.ToString() });
        var page = await PatientPage.OpenAsync(context);
        await page.GotoAsync("/sign-in");
        await SignInAsync(page, account, Password);
        if (account == Operator)
        {
            operatorsCodes.TryDequeue(out var code).ShouldBeTrue("Give the operator more recovery codes.");
            await page.GetByLabel("Code", new() { Exact = true }).FillAsync(code!);
            await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        }

        await page.WaitForURLAsync(url => !url.Contains("/sign-in", StringComparison.Ordinal));
        var state = await context.StorageStateAsync();
        await context.CloseAsync();
        return state;
    }

    /// <summary>Makes a set-up link, as the program does at its first start.</summary>
    internal async Task<string> SetupLinkAsync()
    {
        await using var scope = app!.Services.CreateAsyncScope();
        return await scope
            .ServiceProvider.GetRequiredService<SetupLinks>()
            .CreateAsync(EmptyDistrict, Role.PrimaryDistrictAdmin, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null)
        {
            await Browser.DisposeAsync();
        }

        playwright?.Dispose();
        if (app is not null)
        {
            await app.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    internal async Task StartAsync(string urls = "http://127.0.0.1:0")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(urls);
        builder.Logging.ClearProviders().AddConsole().SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddRollbookStorage(folder, null);
        builder.Services.AddSingleton<IImports, PacedImports>();
        builder.Services.AddSingleton<ISecrets, PlainSecrets>();
        builder.Services.AddSingleton<IConnector>(new SynergyConnector());
        builder.Services.AddSingleton<IConnector>(new OneRosterConnector());
        builder.Services.AddSingleton<IConnector>(new DirectoryConnector());
        builder.Services.AddSingleton<IConnector>(
            new OneRosterCsvConnector(new OneRosterCsvOptions { UploadFolder = Path.Combine(folder, "packages") })
        );
        builder.Services.AddSingleton<IExporter>(
            new OneRosterCsvExporter(new ExportOptions { WorkFolder = Path.Combine(folder, "exports"), Folders = [Exports] })
        );
        builder.Services.AddSingleton<Deliveries>();
        builder.Services.AddSingleton<Configurations>();
        builder.Services.AddSingleton<Setups>();
        builder.Services.AddSingleton<ISampleRecords, KnownSamples>();
        builder.Services.AddSingleton<BackgroundJobs>();
        builder.Services.AddSingleton(new ImportOptions(Path.Combine(folder, "work")));
        builder.Services.AddSingleton<WhatIfs>();
        builder.Services.AddSingleton<WhatIfJob>();
        builder.Services.AddSingleton<DuplicateSearches>();
        builder.Services.AddSingleton<DuplicateDecisions>();
        builder.Services.AddSingleton<RuleEffects>();
        builder.Services.AddSingleton<SaveReviews>();
        builder.Services.AddSingleton<Rehearsals>();
        builder.Services.AddSingleton<KeptRecords>();
        builder.Services.AddSingleton<Explanations>();
        builder.Services.AddSingleton<Deactivations>();
        builder.Services.AddSingleton<Purges>();
        builder.Services.AddSingleton<Surveys>();
        builder.Services.AddSingleton<SchoolBooks>();

        builder.Services.AddRollbookTelling(
            new TellingOptions
            {
                Mail = new MailOptions(
                    "mail.riverside.example",
                    587,
                    MailTls.StartTls,
                    "rollbook",
                    "unused",
                    "Rollbook <rollbook@riverside.example>",
                    []
                ),
            }
        );

        // All tests come from one address.
        builder.Services.AddSingleton(new SignInLimit(PerMinute: 10_000));
        builder.Services.AddRollbookConsole();
        app = builder.Build();
        app.MapRollbookConsole();
        await FillAsync(app.Services);
        await app.StartAsync();
        Address = new Uri(app.Urls.First());
    }

    private async Task FillAsync(IServiceProvider services)
    {
        var installation = services.GetRequiredService<IInstallationStore>();
        var riverside = await installation.CreateAsync(
            new DistrictInfo(District, "Riverside Unified", "America/Los_Angeles"),
            CancellationToken.None
        );
        await installation.CreateAsync(new DistrictInfo(EmptyDistrict, "Lakeside Elementary", "America/New_York"), CancellationToken.None);
        await installation.CreateAsync(new DistrictInfo(SetupDistrict, "Hillside Union", "America/Chicago"), CancellationToken.None);
        await new SampleDistrict(riverside, services.GetRequiredService<TimeProvider>().GetUtcNow()).FillAsync();

        await using var scope = services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<InstallationContext>();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        foreach (
            var (email, roles) in new[]
            {
                (Admin, new[] { (District, Role.PrimaryDistrictAdmin) }),
                (Viewer, [(District, Role.Viewer)]),
                (Both, [(District, Role.DistrictAdmin), (EmptyDistrict, Role.DistrictAdmin)]),
                (Ada, [(SetupDistrict, Role.PrimaryDistrictAdmin)]),
                (Bo, [(SetupDistrict, Role.DistrictAdmin)]),
                (Operator, [("", Role.Operator)]),
                (Granted, [(District, Role.Viewer)]),
                ("passkey@riverside.example", [(District, Role.DistrictAdmin)]),
                ("factor@riverside.example", [(District, Role.DistrictAdmin)]),
                ("locked@riverside.example", [(District, Role.Viewer)]),
                ("spare@riverside.example", [(District, Role.Viewer)]),
            }
        )
        {
            var user = new User
            {
                UserName = email,
                Email = email,
                DisplayName = email,
            };
            (await users.CreateAsync(user, Password)).Succeeded.ShouldBeTrue();
            if (email == Operator)
            {
                // Without a second factor there is no operating. A recovery code a sign-in, which no clock has a part in.
                (await users.ResetAuthenticatorKeyAsync(user)).Succeeded.ShouldBeTrue();
                (await users.SetTwoFactorEnabledAsync(user, enabled: true)).Succeeded.ShouldBeTrue();
                foreach (var code in (await users.GenerateNewTwoFactorRecoveryCodesAsync(user, 100))!)
                {
                    operatorsCodes.Enqueue(code);
                }
            }

            context.AddRange(
                roles.Select(role => new DistrictRole
                {
                    UserId = user.Id,
                    DistrictId = role.Item1,
                    Role = role.Item2,
                    SeesPersonalData = email == Granted,
                })
            );
        }

        await context.SaveChangesAsync();
    }
}
