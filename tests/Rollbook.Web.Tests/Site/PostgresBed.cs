using Microsoft.Extensions.DependencyInjection;
using Rollbook.Storage;
using Rollbook.Testing;

namespace Rollbook.Web.Tests.Site;

/// <summary>The same on PostgreSQL.</summary>
public sealed class PostgresBed : ConsoleBed
{
    protected override async Task ReplaceStorageAsync(IServiceCollection services, string data) =>
        services.AddRollbookStorage(data, await (await PostgresServer.SharedAsync()).NewDatabaseAsync());
}
