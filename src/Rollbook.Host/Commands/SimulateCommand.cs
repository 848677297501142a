using System.ComponentModel;
using System.Text.Json.Nodes;
using Rollbook.Host.Output;
using Rollbook.Simulator;
using Spectre.Console.Cli;

namespace Rollbook.Host.Commands;

/// <summary><c>rollbook simulate</c>: the simulated Synergy SIS alone, until Ctrl-C.</summary>
internal sealed class SimulateCommand : AsyncCommand<SimulateCommand.Settings>
{
    private static readonly Dictionary<string, Profile> Profiles = new(StringComparer.Ordinal)
    {
        ["synergy-like"] = Profile.SynergyLike,
        ["clean-1.1"] = Profile.Clean11,
        ["hostile"] = Profile.Hostile,
        ["clean-1.2"] = Profile.Clean12,
    };

    /// <inheritdoc/>
    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        if (!Profiles.TryGetValue(settings.Profile, out var profile))
        {
            throw CommandFailure.Usage($"There is no profile {settings.Profile}. Profiles are: {string.Join(", ", Profiles.Keys)}.");
        }

        await using var simulator = await StartAsync(
            new SimulatorOptions
            {
                Profile = profile,
                Students = settings.Students,
                Schools = settings.Schools,
                Seed = settings.Seed,
                Url = settings.Urls,
                EnrollmentsPerStudent = settings.EnrollmentsPerStudent,
                PageCache = settings.PageCache,
            },
            cancellationToken
        );
        Print(settings, simulator);
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (cancellationToken.Register(end.SetResult))
        {
            await end.Task;
        }

        return ExitStatus.Done;
    }

    internal static async Task<SimulatedSynergy> StartAsync(SimulatorOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await SimulatedSynergy.StartAsync(options, cancellationToken);
        }
        catch (ArgumentException exception)
        {
            throw CommandFailure.Usage(exception.Message);
        }
        catch (IOException exception)
        {
            throw new CommandFailure(ExitStatus.Failed, $"The simulated SIS can't listen there: {exception.Message}");
        }
    }

    private static void Print(Settings settings, SimulatedSynergy simulator)
    {
        if (settings.Json)
        {
            JsonOutput.Document(
                new JsonObject
                {
                    ["apiUrl"] = simulator.ApiUrl.ToString(),
                    ["tokenUrl"] = simulator.TokenUrl.ToString(),
                    ["clientId"] = simulator.ClientId,
                    ["clientSecret"] = simulator.ClientSecret,
                    ["controlUrl"] = simulator.ControlUrl.ToString(),
                }
            );
            return;
        }

        Console.Out.WriteLine("A simulated Synergy SIS is running; no real one is involved.");
        Console.Out.WriteLine($"  API URL        {simulator.ApiUrl}");
        Console.Out.WriteLine($"  Token URL      {simulator.TokenUrl}");
        Console.Out.WriteLine($"  Client ID      {simulator.ClientId}");
        Console.Out.WriteLine($"  Client Secret  {simulator.ClientSecret}");
        Console.Out.WriteLine($"  Control URL    {simulator.ControlUrl}");
        Console.Out.WriteLine("Ctrl-C ends it.");
    }

    /// <summary>Options.</summary>
    public sealed class Settings : GlobalSettings
    {
        /// <summary>How it behaves.</summary>
        [CommandOption("--profile <P>")]
        [Description("How it behaves: synergy-like, clean-1.1, clean-1.2 or hostile.")]
        [DefaultValue("synergy-like")]
        public string Profile { get; init; } = "synergy-like";

        /// <summary>The size of the district.</summary>
        [CommandOption("--students <N>")]
        [Description("How many students the district has.")]
        [DefaultValue(2_000)]
        public int Students { get; init; } = 2_000;

        /// <summary>How many schools.</summary>
        [CommandOption("--schools <N>")]
        [Description("How many schools the district has; as many as schools of common sizes make when left out.")]
        public int? Schools { get; init; }

        /// <summary>The seed.</summary>
        [CommandOption("--seed <N>")]
        [Description("The same seed gives the same district.")]
        [DefaultValue(1)]
        public int Seed { get; init; } = 1;

        /// <summary>Where it listens.</summary>
        [CommandOption("--urls <URL>")]
        [Description("Where it listens; a free loopback port when left out.")]
        public string? Urls { get; init; }

        /// <summary>Enrollments a student.</summary>
        [CommandOption("--enrollments-per-student <N>")]
        [Description("How many enrollments a student has, about.")]
        [DefaultValue(7)]
        public int EnrollmentsPerStudent { get; init; } = 7;

        /// <summary>Where pages are kept ready.</summary>
        [CommandOption("--page-cache <DIR>")]
        [Description("A folder in which to keep pages ready, for measurements.")]
        public string? PageCache { get; init; }
    }
}
