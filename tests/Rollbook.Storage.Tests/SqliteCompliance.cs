namespace Rollbook.Storage.Tests;

public sealed class Sqlite_districts(SqliteBed bed) : DistrictCompliance(bed), IClassFixture<SqliteBed>;

public sealed class Sqlite_configuration(SqliteBed bed) : ConfigurationCompliance(bed), IClassFixture<SqliteBed>;

public sealed class Sqlite_runs(SqliteBed bed) : RunCompliance(bed), IClassFixture<SqliteBed>;

public sealed class Sqlite_uploads(SqliteBed bed) : UploadCompliance(bed), IClassFixture<SqliteBed>;

public sealed class Sqlite_publishing(SqliteBed bed) : PublishingCompliance(bed), IClassFixture<SqliteBed>;

public sealed class Sqlite_values(SqliteBed bed) : ValueCompliance(bed), IClassFixture<SqliteBed>;

public sealed class Sqlite_versions(SqliteBed bed) : VersionCompliance(bed), IClassFixture<SqliteBed>;

public sealed class Sqlite_pages(SqliteBed bed) : PageCompliance(bed), IClassFixture<SqliteBed>;

public sealed class Sqlite_filters(SqliteBed bed) : FilterCompliance(bed), IClassFixture<SqliteBed>;

public sealed class Sqlite_references(SqliteBed bed) : ReferenceCompliance(bed), IClassFixture<SqliteBed>;

public sealed class Sqlite_installation(SqliteBed bed) : InstallationCompliance(bed), IClassFixture<SqliteBed>;

public sealed class Sqlite_audit(SqliteBed bed) : AuditCompliance(bed), IClassFixture<SqliteBed>;

public sealed class Sqlite_search(SqliteBed bed) : SearchCompliance(bed), IClassFixture<SqliteBed>;

public sealed class Sqlite_first_schema(SqliteBed bed) : FirstSchemaCompliance(bed), IClassFixture<SqliteBed>;

public sealed class Sqlite_setup(SqliteBed bed) : SetupCompliance(bed), IClassFixture<SqliteBed>;

public sealed class Sqlite_united(SqliteBed bed) : UnitedCompliance(bed), IClassFixture<SqliteBed>;

public sealed class Sqlite_issues(SqliteBed bed) : IssueCompliance(bed), IClassFixture<SqliteBed>;

public sealed class Sqlite_links(SqliteBed bed) : LinkCompliance(bed), IClassFixture<SqliteBed>;

public sealed class Sqlite_duplicates(SqliteBed bed) : DuplicateCompliance(bed), IClassFixture<SqliteBed>;

public sealed class Sqlite_staged(SqliteBed bed) : StagedCompliance(bed), IClassFixture<SqliteBed>;

public sealed class Sqlite_waiting(SqliteBed bed) : WaitingCompliance(bed), IClassFixture<SqliteBed>;

public sealed class Sqlite_successors(SqliteBed bed) : SuccessorCompliance(bed), IClassFixture<SqliteBed>;

public sealed class Sqlite_notifications(SqliteBed bed) : NotificationCompliance(bed), IClassFixture<SqliteBed>;

public sealed class Sqlite_deliveries(SqliteBed bed) : DeliveryCompliance(bed), IClassFixture<SqliteBed>;

public sealed class Sqlite_rollbacks(SqliteBed bed) : RollbackCompliance(bed), IClassFixture<SqliteBed>;
