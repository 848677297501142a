namespace Rollbook.Storage.Tests;

public sealed class Postgres_districts(PostgresBed bed) : DistrictCompliance(bed), IClassFixture<PostgresBed>;

public sealed class Postgres_configuration(PostgresBed bed) : ConfigurationCompliance(bed), IClassFixture<PostgresBed>;

public sealed class Postgres_runs(PostgresBed bed) : RunCompliance(bed), IClassFixture<PostgresBed>;

public sealed class Postgres_uploads(PostgresBed bed) : UploadCompliance(bed), IClassFixture<PostgresBed>;

public sealed class Postgres_publishing(PostgresBed bed) : PublishingCompliance(bed), IClassFixture<PostgresBed>;

public sealed class Postgres_values(PostgresBed bed) : ValueCompliance(bed), IClassFixture<PostgresBed>;

public sealed class Postgres_versions(PostgresBed bed) : VersionCompliance(bed), IClassFixture<PostgresBed>;

public sealed class Postgres_pages(PostgresBed bed) : PageCompliance(bed), IClassFixture<PostgresBed>;

public sealed class Postgres_filters(PostgresBed bed) : FilterCompliance(bed), IClassFixture<PostgresBed>;

public sealed class Postgres_references(PostgresBed bed) : ReferenceCompliance(bed), IClassFixture<PostgresBed>;

public sealed class Postgres_installation(PostgresBed bed) : InstallationCompliance(bed), IClassFixture<PostgresBed>;

public sealed class Postgres_audit(PostgresBed bed) : AuditCompliance(bed), IClassFixture<PostgresBed>;

public sealed class Postgres_search(PostgresBed bed) : SearchCompliance(bed), IClassFixture<PostgresBed>;

public sealed class Postgres_first_schema(PostgresBed bed) : FirstSchemaCompliance(bed), IClassFixture<PostgresBed>;

public sealed class Postgres_setup(PostgresBed bed) : SetupCompliance(bed), IClassFixture<PostgresBed>;

public sealed class Postgres_united(PostgresBed bed) : UnitedCompliance(bed), IClassFixture<PostgresBed>;

public sealed class Postgres_issues(PostgresBed bed) : IssueCompliance(bed), IClassFixture<PostgresBed>;

public sealed class Postgres_links(PostgresBed bed) : LinkCompliance(bed), IClassFixture<PostgresBed>;

public sealed class Postgres_duplicates(PostgresBed bed) : DuplicateCompliance(bed), IClassFixture<PostgresBed>;

public sealed class Postgres_staged(PostgresBed bed) : StagedCompliance(bed), IClassFixture<PostgresBed>;

public sealed class Postgres_waiting(PostgresBed bed) : WaitingCompliance(bed), IClassFixture<PostgresBed>;

public sealed class Postgres_successors(PostgresBed bed) : SuccessorCompliance(bed), IClassFixture<PostgresBed>;

public sealed class Postgres_notifications(PostgresBed bed) : NotificationCompliance(bed), IClassFixture<PostgresBed>;

public sealed class Postgres_deliveries(PostgresBed bed) : DeliveryCompliance(bed), IClassFixture<PostgresBed>;

public sealed class Postgres_rollbacks(PostgresBed bed) : RollbackCompliance(bed), IClassFixture<PostgresBed>;
