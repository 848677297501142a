namespace Rollbook.Storage.Sql;

/// <summary>The districts that have been opened; each is migrated once, when it is opened first.</summary>
internal sealed class OpenDistricts(Func<string, Database> databaseOf, TimeProvider time) : IAsyncDisposable
{
    private readonly Dictionary<string, (Database Database, DistrictStore? Store)> districts = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim opening = new(1);

    /// <summary>Opens a district whose tables exist, or (with <paramref name="wanted"/>) makes or renames it; null when nobody has made it.</summary>
    public async Task<DistrictStore?> OpenAsync(string id, DistrictInfo? wanted, CancellationToken cancellationToken)
    {
        await opening.WaitAsync(cancellationToken);
        try
        {
            var (database, store) = await MigratedAsync(id, cancellationToken);
            // Read even when it is known, because another process may have renamed it.
            var district = wanted is null
                ? await DistrictRow.ReadAsync(database, cancellationToken)
                : await DistrictRow.WriteAsync(database, wanted, cancellationToken);
            if (district is not null && store?.District != district)
            {
                store = new DistrictStore(district, database);
                districts[id] = (database, store);
            }

            return store;
        }
        finally
        {
            opening.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var (database, _) in districts.Values)
        {
            await database.DisposeAsync();
        }

        districts.Clear();
        opening.Dispose();
    }

    private async Task<(Database Database, DistrictStore? Store)> MigratedAsync(string id, CancellationToken cancellationToken)
    {
        if (districts.TryGetValue(id, out var known))
        {
            return known;
        }

        var database = databaseOf(id);
        try
        {
            await database.MigrateAsync(time.GetUtcNow(), cancellationToken);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }

        districts[id] = (database, null);
        return (database, null);
    }
}
