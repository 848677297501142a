using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.Extensions.DependencyInjection;

namespace Rollbook.Storage.Installation;

/// <summary>Lets <c>dotnet ef migrations add</c> make a SQLite context; it connects to nothing.</summary>
internal sealed class SqliteDesignTime : IDesignTimeDbContextFactory<SqliteInstallationContext>
{
    /// <inheritdoc/>
    public SqliteInstallationContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<SqliteInstallationContext>().UseApplicationServiceProvider(DesignTimeServices.Create());
        InstallationOptions.UseFile(options, Path.GetTempPath());
        return new SqliteInstallationContext(((DbContextOptionsBuilder<SqliteInstallationContext>)options).Options);
    }
}

/// <summary>Lets <c>dotnet ef migrations add</c> make a PostgreSQL context; it connects to nothing.</summary>
internal sealed class PostgresDesignTime : IDesignTimeDbContextFactory<PostgresInstallationContext>
{
    /// <inheritdoc/>
    public PostgresInstallationContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<PostgresInstallationContext>().UseApplicationServiceProvider(DesignTimeServices.Create());
        InstallationOptions.UseSchema(options, "Host=localhost");
        return new PostgresInstallationContext(((DbContextOptionsBuilder<PostgresInstallationContext>)options).Options);
    }
}

/// <summary>What Identity asks for while the model is built: the version of its tables.</summary>
internal static class DesignTimeServices
{
    /// <summary>The services with that version.</summary>
    public static IServiceProvider Create() =>
        new ServiceCollection()
            .Configure<IdentityOptions>(options => options.Stores.SchemaVersion = IdentitySchemaVersions.Version3)
            .BuildServiceProvider();
}
