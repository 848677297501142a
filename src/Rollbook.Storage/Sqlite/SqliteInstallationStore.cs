using Rollbook.Storage.Sql;

namespace Rollbook.Storage.Sqlite;

/// <summary>Districts in a folder: <c>DATA/districts/&lt;id&gt;.db</c>, one SQLite file each.</summary>
public sealed class SqliteInstallationStore : IInstallationStore
{
    private const string Extension = ".db";

    private readonly string folder;
    private readonly OpenDistricts districts;

    private SqliteInstallationStore(string dataFolder, TimeProvider time)
    {
        folder = Directory.CreateDirectory(Path.Combine(dataFolder, "districts")).FullName;
        districts = new OpenDistricts(id => new SqliteDatabase(FileOf(id), Path.Combine(dataFolder, "locks"), id), time);
    }

    /// <summary>Opens the folder, making it where it is missing.</summary>
    public static SqliteInstallationStore Open(string dataFolder, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrEmpty(dataFolder);
        return new SqliteInstallationStore(Path.GetFullPath(dataFolder), time);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DistrictInfo>> ListAsync(CancellationToken cancellationToken)
    {
        var found = new List<DistrictInfo>();
        foreach (var id in Directory.EnumerateFiles(folder, "*" + Extension).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal))
        {
            if (await OpenAsync(id!, cancellationToken) is { } store)
            {
                found.Add(store.District);
            }
        }

        return found;
    }

    /// <inheritdoc/>
    public async Task<IDistrictStore?> OpenAsync(string districtId, CancellationToken cancellationToken) =>
        DistrictId.IsValid(districtId) && File.Exists(FileOf(districtId)) ? await districts.OpenAsync(districtId, null, cancellationToken) : null;

    /// <inheritdoc/>
    public async Task<IDistrictStore> CreateAsync(DistrictInfo district, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(district);
        return (await districts.OpenAsync(DistrictId.Checked(district.Id), district, cancellationToken))!;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => districts.DisposeAsync();

    private string FileOf(string id) => Path.Combine(folder, id + Extension);
}
