namespace Rollbook.Simulator.Tests;

/// <summary>A small district, shared by the tests that only read.</summary>
public abstract class ServedDistrict(Profile profile) : IAsyncLifetime
{
    public SimulatedSynergy Simulator { get; private set; } = null!;

    internal SynergyClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Simulator = await SimulatedSynergy.StartAsync(new SimulatorOptions { Students = 120, Profile = profile }, CancellationToken.None);
        Client = await SynergyClient.ConnectAsync(Simulator);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Simulator.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>Served by the book of OneRoster 1.1.</summary>
public sealed class CleanDistrict() : ServedDistrict(Profile.Clean11);

/// <summary>Served by the book of OneRoster 1.2.</summary>
public sealed class CleanDistrict12() : ServedDistrict(Profile.Clean12);
