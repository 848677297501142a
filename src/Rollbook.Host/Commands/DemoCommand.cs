using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Nodes;
using Rollbook.Host.Output;
using Rollbook.Host.Wiring;
using Rollbook.Simulator;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Spectre.Console.Cli;
using Kind = Rollbook.Model.Kind;
using Kinds = Rollbook.Model.Kinds;

namespace Rollbook.Host.Commands;

/// <summary>
/// <c>rollbook demo</c>: a simulated Synergy district, set up and imported end to end through the same code as a real one, and held against what the simulator
/// says it has.
/// </summary>
internal sealed class DemoCommand : AsyncCommand<DemoCommand.Settings>
{
    private const string District = "demo";
    private const string App = "synergy";

    /// <inheritdoc/>
    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        await using var simulator = await SimulateCommand.StartAsync(
            new SimulatorOptions { Students = settings.Students, Seed = settings.Seed },
            cancellationToken
        );
        await using var server = await RollbookServer.BuildAsync(settings.Data, settings.Urls, cancellationToken);
        if (!settings.Exit)
        {
            await server.StartAsync(cancellationToken);
        }

        await ConfigureAsync(server.Services, simulator, cancellationToken);
        var store = (await server.Services.GetRequiredService<IInstallationStore>().OpenAsync(District, cancellationToken))!;
        var run = await ImportCommand.ImportAsync(server.Services, store, App, cancellationToken);
        var isRight = await PrintAsync(settings, simulator, store, run, cancellationToken);
        if (settings.Exit || run.State is "cancelled")
        {
            return isRight ? RunArgument.Status(run) : ExitStatus.Failed;
        }

        var output = settings.Json ? Console.Error : Console.Out;
        await server.AnnounceAsync(output, cancellationToken);
        await output.WriteLineAsync($"The simulated SIS takes scenarios at {simulator.ControlUrl}. Ctrl-C ends both.");
        await server.WaitAsync(cancellationToken);
        return RunArgument.Status(run);
    }

    private static Task<AppliedConfiguration> ConfigureAsync(
        IServiceProvider services,
        SimulatedSynergy simulator,
        CancellationToken cancellationToken
    )
    {
        var configuration = new DistrictConfiguration
        {
            Id = District,
            Name = "Demo Unified (simulated)",
            TimeZone = "America/Los_Angeles",
            Apps = new Dictionary<string, AppConfiguration>(StringComparer.Ordinal)
            {
                [App] = new()
                {
                    Type = "synergy",
                    AcceptTerms = true,
                    Delivery = new SortedDictionary<string, string>(StringComparer.Ordinal)
                    {
                        ["apiUrl"] = simulator.ApiUrl.ToString(),
                        ["tokenUrl"] = simulator.TokenUrl.ToString(),
                        ["clientId"] = simulator.ClientId,
                    },
                    Secrets = ["clientSecret"],
                },
            },
        };
        var secrets = new Dictionary<(string App, string Setting), string> { [(App, "clientSecret")] = simulator.ClientSecret };
        return services
            .GetRequiredService<Configurations>()
            .ApplyAsync(new ConfigurationFileResult.Read(configuration, secrets), "demo", cancellationToken);
    }

    /// <summary>Prints the run and, kind by kind, what the simulator says it has and what is published; true when they agree.</summary>
    private static async Task<bool> PrintAsync(
        Settings settings,
        SimulatedSynergy simulator,
        IDistrictStore store,
        RunRecord run,
        CancellationToken cancellationToken
    )
    {
        var truth = SimulatedTruth.ByKind(simulator.GetTruth());
        var totals = (await store.Roster.LatestAsync(cancellationToken))?.Totals ?? new Dictionary<Kind, long>();
        var isRight = Kinds.All.All(kind => truth[kind.Kind] == totals.GetValueOrDefault(kind.Kind));
        if (settings.Json)
        {
            var document = JsonOutput.Of(run);
            document["truth"] = new JsonObject(truth.Select(count => KeyValuePair.Create(Kinds.Of(count.Key).Name, (JsonNode?)count.Value)));
            JsonOutput.Document(document);
            return isRight;
        }

        RunOutput.Print(run);
        Console.Out.WriteLine("What the simulated SIS has, and what is published:");
        foreach (var kind in Kinds.All)
        {
            var (has, published) = (truth[kind.Kind], totals.GetValueOrDefault(kind.Kind));
            Console.Out.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {kind.Plural, -12} {has, 9:N0} {published, 9:N0}  {(has == published ? "equal" : "NOT EQUAL")}"
                )
            );
        }

        return isRight;
    }

    /// <summary>Options.</summary>
    public sealed class Settings : GlobalSettings
    {
        /// <summary>Whether to end after the import.</summary>
        [CommandOption("--exit")]
        [Description("End after the import instead of serving the console.")]
        public bool Exit { get; init; }

        /// <summary>The size of the district.</summary>
        [CommandOption("--students <N>")]
        [Description("How many students the simulated district has.")]
        [DefaultValue(2_000)]
        public int Students { get; init; } = 2_000;

        /// <summary>The seed.</summary>
        [CommandOption("--seed <N>")]
        [Description("The same seed gives the same district.")]
        [DefaultValue(1)]
        public int Seed { get; init; } = 1;

        /// <summary>Where the console listens.</summary>
        [CommandOption("--urls <URL>")]
        [Description("Where the console listens.")]
        [DefaultValue(RollbookServer.DefaultUrl)]
        public string Urls { get; init; } = RollbookServer.DefaultUrl;
    }
}
