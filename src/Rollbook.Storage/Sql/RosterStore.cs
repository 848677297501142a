using Rollbook.Model;

namespace Rollbook.Storage.Sql;

/// <summary>The published roster in tables; the work is done by the classes named here.</summary>
internal sealed class RosterStore(Database database) : IRosterStore
{
    private readonly Versions versions = new(database);
    private readonly Publisher publisher = new(database);
    private readonly Hashes hashes = new(database);
    private readonly Records records = new(database);
    private readonly RecordPager pager = new(database);
    private readonly RecordHistory history = new(database);
    private readonly SchoolCounts schools = new(database);
    private readonly VersionChanges changes = new(database);
    private readonly VersionDifferences differences = new(database);
    private readonly Purge purge = new(database);

    /// <inheritdoc/>
    public Task<RosterVersion?> LatestAsync(CancellationToken cancellationToken) => versions.LatestAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<RosterVersion?> VersionAsync(int number, CancellationToken cancellationToken) => versions.GetAsync(number, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RosterVersion>> VersionsAsync(int? before, int limit, CancellationToken cancellationToken) =>
        versions.ListAsync(before, limit, cancellationToken);

    /// <inheritdoc/>
    public Task<PublishResult> PublishAsync(Publication publication, CancellationToken cancellationToken) =>
        publisher.PublishAsync(publication, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<RollbookId, UInt128>> HashesAsync(
        Kind kind,
        IReadOnlyCollection<RollbookId> ids,
        CancellationToken cancellationToken
    ) => hashes.OfAsync(kind, ids, cancellationToken);

    /// <inheritdoc/>
    public Task HashesAsync(Kind kind, Action<RollbookId, UInt128> take, CancellationToken cancellationToken) =>
        hashes.AllAsync(kind, take, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyCollection<RollbookId>> ReferrersAsync(
        Kind kind,
        Model.Attribute attribute,
        IReadOnlyCollection<RollbookId> targets,
        CancellationToken cancellationToken
    ) => records.ReferrersAsync(kind, attribute, targets, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SchoolGroup>> CountBySchoolsAsync(Kind kind, CancellationToken cancellationToken) =>
        schools.CountAsync(kind, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<RosterRecord> ReadAsync(Kind kind, AsOf asOf, CancellationToken cancellationToken) =>
        records.ReadAsync(kind, asOf, cancellationToken);

    /// <inheritdoc/>
    public Task<RecordPage> PageAsync(RecordQuery query, CancellationToken cancellationToken) => pager.PageAsync(query, cancellationToken);

    /// <inheritdoc/>
    public Task<RosterRecord?> GetAsync(Kind kind, RollbookId id, AsOf asOf, CancellationToken cancellationToken) =>
        records.GetAsync(kind, id, asOf, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<RollbookId, RosterRecord>> GetManyAsync(
        Family family,
        IReadOnlyCollection<RollbookId> ids,
        AsOf asOf,
        CancellationToken cancellationToken
    ) => records.GetManyAsync(family, ids, asOf, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RecordChange>> HistoryAsync(Kind kind, RollbookId id, CancellationToken cancellationToken) =>
        history.OfAsync(kind, id, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<PublishedChange>> ChangesAsync(
        int version,
        Kind kind,
        Operation? operation,
        RollbookId? after,
        int limit,
        CancellationToken cancellationToken
    ) => changes.ReadAsync(version, kind, operation, after, limit, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<Kind, ChangeCounts>> CountDifferencesAsync(int from, int to, CancellationToken cancellationToken) =>
        differences.CountAsync(from, to, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<PublishedChange>> DifferencesAsync(
        int from,
        int to,
        Kind kind,
        Operation? operation,
        RollbookId? after,
        int limit,
        CancellationToken cancellationToken
    ) => differences.PageAsync(from, to, kind, operation, after, limit, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<StagedChange> BackAsync(int from, int to, Kind kind, CancellationToken cancellationToken) =>
        differences.BackAsync(from, to, kind, cancellationToken);

    /// <inheritdoc/>
    public Task<long> PurgeAsync(int oldest, CancellationToken cancellationToken) => purge.BelowAsync(oldest, cancellationToken);
}
