using Npgsql;
using Rollbook.Storage.Sql;

namespace Rollbook.Storage.Postgres;

/// <summary>Districts in a PostgreSQL database: <c>district_&lt;id&gt;</c>, one schema each.</summary>
public sealed class PostgresInstallationStore : IInstallationStore
{
    private readonly NpgsqlDataSource source;
    private readonly OpenDistricts districts;

    private PostgresInstallationStore(string connectionString, TimeProvider time)
    {
        source = NpgsqlDataSource.Create(connectionString);
        districts = new OpenDistricts(id => new PostgresDatabase(connectionString, SchemaOf(id)), time);
    }

    /// <summary>Prepares to use the database, which must exist and store UTF-8; it is first connected to when something is asked of it.</summary>
    public static PostgresInstallationStore Open(string connectionString, TimeProvider time)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        return new PostgresInstallationStore(connectionString, time);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DistrictInfo>> ListAsync(CancellationToken cancellationToken)
    {
        List<string> ids;
        await using (var connection = await source.OpenConnectionAsync(cancellationToken))
        {
            ids = await connection.ListAsync(
                "SELECT replace(substr(nspname, 10), '_', '-') FROM pg_namespace WHERE nspname LIKE 'district\\_%'",
                reader => reader.GetString(0),
                cancellationToken
            );
        }

        var found = new List<DistrictInfo>();
        foreach (var id in ids.Order(StringComparer.Ordinal))
        {
            if (await OpenAsync(id, cancellationToken) is { } store)
            {
                found.Add(store.District);
            }
        }

        return found;
    }

    /// <inheritdoc/>
    public async Task<IDistrictStore?> OpenAsync(string districtId, CancellationToken cancellationToken) =>
        DistrictId.IsValid(districtId) && await ExistsAsync(districtId, cancellationToken)
            ? await districts.OpenAsync(districtId, null, cancellationToken)
            : null;

    /// <inheritdoc/>
    public async Task<IDistrictStore> CreateAsync(DistrictInfo district, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(district);
        return (await districts.OpenAsync(DistrictId.Checked(district.Id), district, cancellationToken))!;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await districts.DisposeAsync();
        await source.DisposeAsync();
    }

    private static string SchemaOf(string id) => "district_" + id.Replace('-', '_');

    private async Task<bool> ExistsAsync(string id, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return await connection.NumberAsync("SELECT 1 FROM pg_namespace WHERE nspname = @schema", cancellationToken, ("schema", SchemaOf(id)))
            is not null;
    }
}
