using System.Collections.Concurrent;
using Rollbook.Storage.Sql;

namespace Rollbook.Storage.Sqlite;

/// <summary>Districts in a folder: <c>DATA/districts/&lt;id&gt;.db</c>, one SQLite file each.</summary>
public sealed class SqliteInstallationStore : IInstallationStore
{
    private const string Extension = ".db";

    private readonly string dataFolder;
    private readonly TimeProvider time;
    private readonly ConcurrentDictionary<string, DistrictStore> open = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim opening = new(1);

    private SqliteInstallationStore(string dataFolder, TimeProvider time)
    {
        this.dataFolder = dataFolder;
        this.time = time;
    }

    private string Districts => Path.Combine(dataFolder, "districts");

    /// <summary>Opens the folder, making it where it is missing.</summary>
    public static SqliteInstallationStore Open(string dataFolder, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrEmpty(dataFolder);
        var store = new SqliteInstallationStore(Path.GetFullPath(dataFolder), time);
        Directory.CreateDirectory(store.Districts);
        return store;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DistrictInfo>> ListAsync(CancellationToken cancellationToken)
    {
        var districts = new List<DistrictInfo>();
        foreach (var id in Directory.EnumerateFiles(Districts, "*" + Extension).Select(Path.GetFileNameWithoutExtension).Where(DistrictId.IsValid).Order(StringComparer.Ordinal))
        {
            if (await OpenAsync(id!, cancellationToken) is { } store)
            {
                districts.Add(store.District);
            }
        }

        return districts;
    }

    /// <inheritdoc/>
    public async Task<IDistrictStore?> OpenAsync(string districtId, CancellationToken cancellationToken)
    {
        var known = open.TryGetValue(districtId, out var store);
        if (!DistrictId.IsValid(districtId) || (!known && !File.Exists(FileOf(districtId))))
        {
            return null;
        }

        await opening.WaitAsync(cancellationToken);
        try
        {
            // Another process may have renamed the district, so what is known is read again; the connections stay.
            return await OpenAsync(districtId, null, cancellationToken);
        }
        finally
        {
            opening.Release();
        }
    }

    /// <inheritdoc/>
    public async Task<IDistrictStore> CreateAsync(DistrictInfo district, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(district);
        DistrictId.Checked(district.Id);
        await opening.WaitAsync(cancellationToken);
        try
        {
            return (await OpenAsync(district.Id, district, cancellationToken))!;
        }
        finally
        {
            opening.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var store in open.Values)
        {
            await store.DisposeAsync();
        }

        open.Clear();
        opening.Dispose();
    }

    private string FileOf(string id) => Path.Combine(Districts, id + Extension);

    private async Task<DistrictStore?> OpenAsync(string id, DistrictInfo? wanted, CancellationToken cancellationToken)
    {
        var database = new SqliteDatabase(FileOf(id), Path.Combine(dataFolder, "locks"), id);
        if (!open.ContainsKey(id))
        {
            await database.MigrateAsync(time.GetUtcNow(), cancellationToken);
        }

        var district = wanted is null ? await DistrictRow.ReadAsync(database, cancellationToken) : await DistrictRow.WriteAsync(database, wanted, cancellationToken);
        return district is null ? null : open.AddOrUpdate(
            id,
            _ => new DistrictStore(district, database),
            (_, known) => known.District == district ? known : new DistrictStore(district, database));
    }
}
