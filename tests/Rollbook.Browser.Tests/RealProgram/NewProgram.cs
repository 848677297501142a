using Rollbook.Simulator;

namespace Rollbook.Browser.Tests.RealProgram;

/// <summary><c>rollbook serve</c> on a fresh data folder with a district that has no app, and beside it a simulated SIS that it knows nothing of yet.</summary>
internal sealed class NewProgram : RollbookProgram
{
    internal const string District = "riverside";

    private NewProgram(string folder, SimulatedSynergy sis)
        : base(folder, "serve") => Sis = sis;

    /// <summary>The SIS.</summary>
    internal SimulatedSynergy Sis { get; }

    internal static async Task<NewProgram> StartAsync(SimulatorOptions? options = null)
    {
        var sis = await SimulatedSynergy.StartAsync(options ?? new SimulatorOptions { Students = 200 });
        var folder = NewFolder();
        var file = Path.Combine(folder, "district.yaml");
        await File.WriteAllTextAsync(file, $"district:\n  id: {District}\n  name: Riverside Unified\n  timeZone: America/Los_Angeles\n");
        (await RunAsync(folder, ["apply", "-f", file])).Status.ShouldBe(0);
        return await ReadyAsync(new NewProgram(folder, sis));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Sis.DisposeAsync();
    }
}
