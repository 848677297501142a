using System.Runtime.CompilerServices;
using Rollbook.Model;
using Rollbook.Storage;

namespace Rollbook.Sync.Rollbacks;

/// <summary>
/// The newest version with what a rollback has set aside laid over it: the roster as the accepted uploads give it. Past versions are what they were.
/// </summary>
internal sealed class DerivedRoster(IRosterStore roster, ISetAsideStore setAside) : IRosterStore
{
    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<RollbookId, UInt128>> HashesAsync(
        Kind kind,
        IReadOnlyCollection<RollbookId> ids,
        CancellationToken cancellationToken
    )
    {
        var hashes = new Dictionary<RollbookId, UInt128>(await roster.HashesAsync(kind, ids, cancellationToken));
        foreach (var (id, record) in await setAside.GetAsync(kind, ids, cancellationToken))
        {
            if (record.Row is { } row)
            {
                hashes[id] = row.Hash;
            }
            else
            {
                hashes.Remove(id);
            }
        }

        return hashes;
    }

    /// <inheritdoc/>
    public async Task HashesAsync(Kind kind, Action<RollbookId, UInt128> take, CancellationToken cancellationToken)
    {
        var aside = new Dictionary<RollbookId, UInt128?>();
        await foreach (var record in setAside.ReadAsync(kind, cancellationToken))
        {
            aside[record.Id] = record.Row?.Hash;
        }

        await roster.HashesAsync(
            kind,
            (id, hash) =>
            {
                if (!aside.ContainsKey(id))
                {
                    take(id, hash);
                }
            },
            cancellationToken
        );
        foreach (var (id, hash) in aside)
        {
            if (hash is { } derived)
            {
                take(id, derived);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyCollection<RollbookId>> ReferrersAsync(
        Kind kind,
        Model.Attribute attribute,
        IReadOnlyCollection<RollbookId> targets,
        CancellationToken cancellationToken
    )
    {
        var found = new HashSet<RollbookId>(await roster.ReferrersAsync(kind, attribute, targets, cancellationToken));
        var wanted = targets.ToHashSet();
        await foreach (var record in setAside.ReadAsync(kind, cancellationToken))
        {
            if (record.Row is { } row && RowReader.Ids(row.Get(attribute, out _)).Any(wanted.Contains))
            {
                found.Add(record.Id);
            }
            else
            {
                found.Remove(record.Id);
            }
        }

        return found;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SchoolGroup>> CountBySchoolsAsync(Kind kind, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<string, SchoolGroup>(StringComparer.Ordinal);
        foreach (var group in await roster.CountBySchoolsAsync(kind, cancellationToken))
        {
            Add(counts, group);
        }

        var definition = Kinds.Of(kind);
        await foreach (var some in setAside.ReadAsync(kind, cancellationToken).Chunk(AtOnce).WithCancellation(cancellationToken))
        {
            var published = await roster.GetManyAsync(definition.Family, [.. some.Select(record => record.Id)], asOf: null, cancellationToken);
            foreach (var record in some)
            {
                if (published.TryGetValue(record.Id, out var now) && now.Row.Kind == kind)
                {
                    Add(counts, GroupOf(definition, now.Row, -1));
                }

                if (record.Row is { } row)
                {
                    Add(counts, GroupOf(definition, row, 1));
                }
            }
        }

        return [.. counts.Values.Where(group => group.Count > 0)];
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<RosterRecord> ReadAsync(Kind kind, AsOf asOf, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var records = roster.ReadAsync(kind, asOf, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var hasRecord = await records.MoveNextAsync();
        if (asOf.IsNewest)
        {
            await foreach (var aside in setAside.ReadAsync(kind, cancellationToken))
            {
                while (hasRecord && records.Current.Id.CompareTo(aside.Id) < 0)
                {
                    yield return records.Current;
                    hasRecord = await records.MoveNextAsync();
                }

                if (hasRecord && records.Current.Id == aside.Id)
                {
                    hasRecord = await records.MoveNextAsync();
                }

                if (RecordOf(aside) is { } record)
                {
                    yield return record;
                }
            }
        }

        while (hasRecord)
        {
            yield return records.Current;
            hasRecord = await records.MoveNextAsync();
        }
    }

    /// <inheritdoc/>
    public async Task<RosterRecord?> GetAsync(Kind kind, RollbookId id, AsOf asOf, CancellationToken cancellationToken) =>
        asOf.IsNewest && (await setAside.GetAsync(kind, [id], cancellationToken)).GetValueOrDefault(id) is { } aside
            ? RecordOf(aside)
            : await roster.GetAsync(kind, id, asOf, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<RollbookId, RosterRecord>> GetManyAsync(
        Family family,
        IReadOnlyCollection<RollbookId> ids,
        AsOf asOf,
        CancellationToken cancellationToken
    )
    {
        var found = await roster.GetManyAsync(family, ids, asOf, cancellationToken);
        if (!asOf.IsNewest || ids.Count == 0)
        {
            return found;
        }

        var laid = new Dictionary<RollbookId, RosterRecord>(found);
        var asides = new List<SetAside>();
        foreach (var kind in Kinds.Of(family))
        {
            asides.AddRange((await setAside.GetAsync(kind.Kind, ids, cancellationToken)).Values);
        }

        // Somebody may have been of one kind and be of another: first who goes, then who comes.
        foreach (var aside in asides.Where(aside => aside.Row is null && laid.TryGetValue(aside.Id, out var now) && now.Row.Kind == aside.Kind))
        {
            laid.Remove(aside.Id);
        }

        foreach (var record in asides.Select(RecordOf).OfType<RosterRecord>())
        {
            laid[record.Id] = record;
        }

        return laid;
    }

    /// <inheritdoc/>
    public Task<RosterVersion?> LatestAsync(CancellationToken cancellationToken) => roster.LatestAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<RosterVersion?> VersionAsync(int number, CancellationToken cancellationToken) => roster.VersionAsync(number, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RosterVersion>> VersionsAsync(int? before, int limit, CancellationToken cancellationToken) =>
        roster.VersionsAsync(before, limit, cancellationToken);

    /// <inheritdoc/>
    public Task<PublishResult> PublishAsync(Publication publication, CancellationToken cancellationToken) =>
        throw new NotSupportedException("What is derived is published against the roster as it is.");

    /// <inheritdoc/>
    public Task<RecordPage> PageAsync(RecordQuery query, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Pages are of the roster as it is.");

    /// <inheritdoc/>
    public Task<IReadOnlyList<RecordChange>> HistoryAsync(Kind kind, RollbookId id, CancellationToken cancellationToken) =>
        roster.HistoryAsync(kind, id, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<PublishedChange>> ChangesAsync(
        int version,
        Kind kind,
        Operation? operation,
        RollbookId? after,
        int limit,
        CancellationToken cancellationToken
    ) => roster.ChangesAsync(version, kind, operation, after, limit, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<Kind, ChangeCounts>> CountDifferencesAsync(int from, int to, CancellationToken cancellationToken) =>
        roster.CountDifferencesAsync(from, to, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<PublishedChange>> DifferencesAsync(
        int from,
        int to,
        Kind kind,
        Operation? operation,
        RollbookId? after,
        int limit,
        CancellationToken cancellationToken
    ) => roster.DifferencesAsync(from, to, kind, operation, after, limit, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<StagedChange> BackAsync(int from, int to, Kind kind, CancellationToken cancellationToken) =>
        roster.BackAsync(from, to, kind, cancellationToken);

    /// <inheritdoc/>
    public Task<long> PurgeAsync(int oldest, CancellationToken cancellationToken) => roster.PurgeAsync(oldest, cancellationToken);

    private const int AtOnce = 5_000;

    private static RosterRecord? RecordOf(SetAside aside) => aside.Row is { } row ? new RosterRecord(aside.Id, row, Since: 0) : null;

    private static SchoolGroup GroupOf(KindDefinition kind, Row row, long count) =>
        new(RowReader.Texts(row.Get(kind["sources"], out _)), RowReader.Ids(row.Get(kind.SchoolAttribute!, out _)), count);

    private static void Add(Dictionary<string, SchoolGroup> counts, SchoolGroup group)
    {
        var key = $"{string.Join(' ', group.Sources)}\n{string.Join(' ', group.Schools)}";
        counts[key] = counts.TryGetValue(key, out var known) ? known with { Count = known.Count + group.Count } : group;
    }
}
