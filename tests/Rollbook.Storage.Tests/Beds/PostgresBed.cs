using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Rollbook.Storage.Postgres;
using Rollbook.Testing;

namespace Rollbook.Storage.Tests;

public sealed class PostgresBed : TestBed
{
    public string ConnectionString { get; private set; } = "";

    public override IInstallationStore OpenInstallation() => PostgresInstallationStore.Open(ConnectionString, TimeProvider.System);

    public override void Register(IServiceCollection services) => services.AddRollbookStorage(Path.GetTempPath(), ConnectionString);

    public override async Task<object?> SqlAsync(string districtId, string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString + $";Pooling=false;Search Path=district_{districtId.Replace('-', '_')}");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    public override Task SlowDownAsync(string districtId) => SqlAsync(districtId, SlowStatement.OnPostgres);

    public override async Task RestoreAsync(string districtId)
    {
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(await DumpAsync("0001-postgres.sql", districtId), connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    protected override async Task StartAsync() => ConnectionString = await (await PostgresServer.SharedAsync()).NewDatabaseAsync();

    protected override Task StopAsync() => Task.CompletedTask;
}
