using Rollbook.Storage;

namespace Rollbook.Browser.Tests.Double;

/// <summary>Districts in memory: enough of the store contracts for the console's pages, without a database.</summary>
internal sealed class MemoryInstallation : IInstallationStore
{
    private readonly Dictionary<string, MemoryDistrict> districts = new(StringComparer.Ordinal);

    public Task<IReadOnlyList<DistrictInfo>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<DistrictInfo>>([.. districts.Values.Select(district => district.District)]);

    public Task<IDistrictStore?> OpenAsync(string districtId, CancellationToken cancellationToken) =>
        Task.FromResult<IDistrictStore?>(districts.GetValueOrDefault(districtId));

    public Task<IDistrictStore> CreateAsync(DistrictInfo district, CancellationToken cancellationToken) =>
        Task.FromResult<IDistrictStore>(districts[district.Id] = new MemoryDistrict(district));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

internal sealed class MemoryDistrict : IDistrictStore, IConfigurationStore
{
    private readonly List<ConfigurationVersion> versions = [];

    public MemoryDistrict(DistrictInfo district)
    {
        District = district;
        Runs = new MemoryRuns();
        Roster = new MemoryRoster((MemoryRuns)Runs);
    }

    public DistrictInfo District { get; }

    public IConfigurationStore Configuration => this;

    public IRunStore Runs { get; }

    public IUploadStore Uploads => throw new NotSupportedException("The console does not read uploads.");

    public IRosterStore Roster { get; }

    public Task<IAsyncDisposable?> TryLockAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException("The console takes no locks.");

    public Task<ConfigurationVersion?> LatestAsync(CancellationToken cancellationToken) => Task.FromResult(versions.LastOrDefault());

    public Task<ConfigurationVersion?> GetAsync(int number, CancellationToken cancellationToken) => Task.FromResult(versions.ElementAtOrDefault(number - 1));

    public Task<int?> AddAsync(int expectedLatest, string document, string savedBy, DateTimeOffset savedAt, CancellationToken cancellationToken)
    {
        versions.Add(new ConfigurationVersion(versions.Count + 1, document, savedBy, savedAt));
        return Task.FromResult<int?>(versions.Count);
    }

    public Task SetSecretAsync(string name, byte[] encrypted, CancellationToken cancellationToken) => throw new NotSupportedException("The console keeps no secrets yet.");

    public Task<byte[]?> GetSecretAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException("The console keeps no secrets yet.");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
