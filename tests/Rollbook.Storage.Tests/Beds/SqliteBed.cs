using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Rollbook.Storage.Sqlite;
using Rollbook.Testing;

namespace Rollbook.Storage.Tests;

public sealed class SqliteBed : TestBed
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("rollbook-storage-").FullName;

    public override IInstallationStore OpenInstallation() => SqliteInstallationStore.Open(Folder, TimeProvider.System);

    public override void Register(IServiceCollection services) => services.AddRollbookStorage(Folder, null);

    public override async Task<object?> SqlAsync(string districtId, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(Folder, "districts", districtId + ".db")};Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    public override Task SlowDownAsync(string districtId) => SqlAsync(districtId, SlowStatement.OnSqlite);

    public override async Task RestoreAsync(string districtId)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(Folder, "districts", districtId + ".db")};Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = await DumpAsync("0001-sqlite.sql", districtId);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    protected override Task StartAsync() => Task.CompletedTask;

    protected override Task StopAsync()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(Folder, recursive: true);
        return Task.CompletedTask;
    }
}
