using System.Runtime.CompilerServices;
using Rollbook.Model;
using Rollbook.Storage;

namespace Rollbook.Sharing.Tests.Csv;

/// <summary>One version of a roster, as far as an export reads it.</summary>
internal sealed class RosterInMemory(RosterVersion version, IReadOnlyList<RosterRecord> records) : IRosterStore
{
    public Task<RosterVersion?> LatestAsync(CancellationToken cancellationToken) => Task.FromResult<RosterVersion?>(version);

    public Task<RosterVersion?> VersionAsync(int number, CancellationToken cancellationToken) =>
        Task.FromResult(number == version.Number ? version : null);

    public async IAsyncEnumerable<RosterRecord> ReadAsync(Kind kind, AsOf asOf, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var record in records.Where(record => record.Row.Kind == kind).OrderBy(record => record.Id))
        {
            yield return record;
        }
    }

    public Task<IReadOnlyList<RosterVersion>> VersionsAsync(int? before, int limit, CancellationToken cancellationToken) => throw NotAsked();

    public Task<PublishResult> PublishAsync(Publication publication, CancellationToken cancellationToken) => throw NotAsked();

    public Task<IReadOnlyDictionary<RollbookId, UInt128>> HashesAsync(
        Kind kind,
        IReadOnlyCollection<RollbookId> ids,
        CancellationToken cancellationToken
    ) => throw NotAsked();

    public Task HashesAsync(Kind kind, Action<RollbookId, UInt128> take, CancellationToken cancellationToken) => throw NotAsked();

    public Task<IReadOnlyCollection<RollbookId>> ReferrersAsync(
        Kind kind,
        Model.Attribute attribute,
        IReadOnlyCollection<RollbookId> targets,
        CancellationToken cancellationToken
    ) => throw NotAsked();

    public Task<IReadOnlyList<SchoolGroup>> CountBySchoolsAsync(Kind kind, CancellationToken cancellationToken) => throw NotAsked();

    public Task<RecordPage> PageAsync(RecordQuery query, CancellationToken cancellationToken) => throw NotAsked();

    public Task<RosterRecord?> GetAsync(Kind kind, RollbookId id, AsOf asOf, CancellationToken cancellationToken) => throw NotAsked();

    public Task<IReadOnlyDictionary<RollbookId, RosterRecord>> GetManyAsync(
        Family family,
        IReadOnlyCollection<RollbookId> ids,
        AsOf asOf,
        CancellationToken cancellationToken
    ) => throw NotAsked();

    public Task<IReadOnlyList<RecordChange>> HistoryAsync(Kind kind, RollbookId id, CancellationToken cancellationToken) => throw NotAsked();

    public Task<IReadOnlyList<PublishedChange>> ChangesAsync(
        int version,
        Kind kind,
        Operation? operation,
        RollbookId? after,
        int limit,
        CancellationToken cancellationToken
    ) => throw NotAsked();

    public Task<IReadOnlyDictionary<Kind, ChangeCounts>> CountDifferencesAsync(int from, int to, CancellationToken cancellationToken) =>
        throw NotAsked();

    public Task<IReadOnlyList<PublishedChange>> DifferencesAsync(
        int from,
        int to,
        Kind kind,
        Operation? operation,
        RollbookId? after,
        int limit,
        CancellationToken cancellationToken
    ) => throw NotAsked();

    public IAsyncEnumerable<StagedChange> BackAsync(int from, int to, Kind kind, CancellationToken cancellationToken) => throw NotAsked();

    public Task<long> PurgeAsync(int oldest, CancellationToken cancellationToken) => throw NotAsked();

    private static InvalidOperationException NotAsked() => new("An export reads versions and records, nothing else.");
}
