namespace Rollbook.Simulator.Tests;

/// <summary>A small district served by the book, shared by the tests that only read.</summary>
public sealed class CleanDistrict : IAsyncLifetime
{
    public SimulatedSynergy Simulator { get; private set; } = null!;

    internal SynergyClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Simulator = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 120, Profile = Profile.Clean11 }, CancellationToken.None);
        Client = await SynergyClient.ConnectAsync(Simulator);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Simulator.DisposeAsync();
    }
}
