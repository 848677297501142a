using Microsoft.Extensions.DependencyInjection;

namespace Rollbook.Storage.Tests;

/// <summary>An empty installation on one of the databases, and districts in it as a test needs them.</summary>
public abstract class TestBed : IAsyncLifetime
{
    private int districts;
    private IInstallationStore? installation;

    public IInstallationStore Installation => installation!;

    public async ValueTask InitializeAsync()
    {
        await StartAsync();
        installation = OpenInstallation();
    }

    public async ValueTask DisposeAsync()
    {
        if (installation is not null)
        {
            await installation.DisposeAsync();
        }

        await StopAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the same installation once more, as another process would.</summary>
    public abstract IInstallationStore OpenInstallation();

    /// <summary>Registers the installation as a program does.</summary>
    public abstract void Register(IServiceCollection services);

    /// <summary>A district that no other test has.</summary>
    public Task<IDistrictStore> NewDistrictAsync() =>
        Installation.CreateAsync(
            new DistrictInfo($"d{Interlocked.Increment(ref districts)}", "Riverside Unified", "America/Los_Angeles"),
            TestContext.Current.CancellationToken
        );

    /// <summary>Sends a statement to a district's tables behind the store's back.</summary>
    public abstract Task<object?> SqlAsync(string districtId, string sql);

    /// <summary>Makes the statement that adds a school take minutes.</summary>
    public abstract Task SlowDownAsync(string districtId);

    /// <summary>Makes a district as it was kept by the first schema.</summary>
    public abstract Task RestoreAsync(string districtId);

    /// <summary>A dump from <c>Fixtures</c>, with the district's ID put in.</summary>
    protected static async Task<string> DumpAsync(string name, string districtId) =>
        (await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Fixtures", name), TestContext.Current.CancellationToken)).Replace(
            "@district",
            districtId,
            StringComparison.Ordinal
        );

    protected abstract Task StartAsync();

    protected abstract Task StopAsync();
}
