using Microsoft.EntityFrameworkCore;

namespace Rollbook.Storage.Installation;

/// <summary>The installation in <c>DATA/rollbook.db</c>.</summary>
public sealed class SqliteInstallationContext(DbContextOptions<SqliteInstallationContext> options) : InstallationContext(options);
