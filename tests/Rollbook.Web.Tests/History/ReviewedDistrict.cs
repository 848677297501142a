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

/// <summary>A district of its own with a simulated SIS, whose runs wait for a person until a test configures it otherwise; with the program's own imports.</summary>
public abstract class ReviewedDistrict(ConsoleBed bed) : IAsyncLifetime
{
    protected const string App = "synergy";
    private static int districts;

    protected string District { get; } = FormattableString.Invariant($"review-{Interlocked.Increment(ref districts)}");

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected ConsoleBed Bed => bed;

    protected SimulatedSynergy Sis { get; private set; } = null!;

    protected IDistrictStore Store { get; private set; } = null!;

    protected IImports Imports => bed.Services.GetRequiredService<IImports>();

    protected string Home => $"/d/{District}";

    protected virtual int Students => 40;

    public async ValueTask InitializeAsync()
    {
        Sis = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = Students, Seed = 5 }, Token);
        Store = await bed
            .Services.GetRequiredService<IInstallationStore>()
            .CreateAsync(new DistrictInfo(District, "Review Unified", "America/Los_Angeles"), Token);
        await ConfigureAsync(new AdvancedSettings { PreviewOfDataUpload = true });
        await Store.Configuration.SetSecretAsync($"{App}/clientSecret", bed.Services.GetRequiredService<ISecrets>().Protect(Sis.ClientSecret), Token);
    }

    public async ValueTask DisposeAsync()
    {
        await Sis.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected Task ConfigureAsync(AdvancedSettings advanced) =>
        Bed
            .Services.GetRequiredService<Configurations>()
            .ChangeAsync(
                District,
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
                                ["apiUrl"] = Sis.ApiUrl.ToString(),
                                ["tokenUrl"] = Sis.TokenUrl.ToString(),
                                ["clientId"] = Sis.ClientId,
                            },
                        }
                    ),
                Token
            );

    protected async Task<long> ImportAsync(string end)
    {
        var run = (await Imports.StartAsync(District, App, "console", "test", Token)).ShouldBeOfType<StartResult.Started>().Run;
        await Imports.WaitAsync(District, run, Token);
        var record = (await Store.Runs.GetAsync(run, Token)).ShouldNotBeNull();
        record.State.ShouldBe(end, record.Report);
        return run;
    }

    protected async Task<string> HashAsync(long run) => await Imports.ShownAsync(Store, (await Store.Runs.GetAsync(run, Token))!, Token);

    private protected async Task<Answer> LeaveAsync(Visitor visitor, long run, params (string, string)[] fields) =>
        await visitor.PostAsync(
            $"{Home}/history/{run}/left",
            [(Visitor.Field, await visitor.TokenAsync(Home)), ("hash", await HashAsync(run)), .. fields]
        );

    protected async Task ShouldStillWaitAsync(long run)
    {
        (await Store.Runs.GetAsync(run, Token)).ShouldNotBeNull().State.ShouldBe("waiting");
        (await Store.Roster.LatestAsync(Token)).ShouldBeNull();
    }

    private protected async Task<string> AuditAsync(Visitor visitor, string filter = "") =>
        (await visitor.GetAsync($"{Home}/administration/audit-log{filter}")).Main;

    /// <summary>Sends the form of the run's page, with what it carries.</summary>
    private protected async Task<Answer> DecideAsync(Visitor visitor, long run, string decision, string reason)
    {
        var page = await visitor.GetAsync($"{Home}/history/{run}");
        return await PostAsync(visitor, run, decision, reason, Regex.Match(page.Text, "name=\"hash\" value=\"([^\"]+)\"").Groups[1].Value);
    }

    private protected async Task<Answer> PostAsync(Visitor visitor, long run, string decision, string reason, string hash) =>
        await visitor.PostAsync(
            $"{Home}/history/{run}/decision",
            (Visitor.Field, await visitor.TokenAsync(Home)),
            ("decision", decision),
            ("reason", reason),
            ("hash", hash)
        );

    /// <summary>Sends a form of the run's pages.</summary>
    private protected async Task<Answer> SendAsync(Visitor visitor, long run, string what, params (string, string)[] fields) =>
        await visitor.PostAsync($"{Home}/history/{run}/{what}", [(Visitor.Field, await visitor.TokenAsync(Home)), .. fields]);
}
