using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using Rollbook.Model;
using Rollbook.Storage;

namespace Rollbook.Browser.Tests.Double;

/// <summary>Every version is kept whole.</summary>
internal sealed class MemoryRoster(MemoryRuns runs) : IRosterStore
{
    private readonly List<(RosterVersion Version, ImmutableDictionary<Kind, ImmutableSortedDictionary<RollbookId, RosterRecord>> Records, List<PublishedChange> Changes)> versions = [];

    public Task<RosterVersion?> LatestAsync(CancellationToken cancellationToken) => Task.FromResult(versions.Count == 0 ? null : versions[^1].Version);

    public Task<RosterVersion?> VersionAsync(int number, CancellationToken cancellationToken) =>
        Task.FromResult(number < 1 || number > versions.Count ? null : versions[number - 1].Version);

    public Task<IReadOnlyList<RosterVersion>> VersionsAsync(int? before, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<RosterVersion>>([.. versions.Select(each => each.Version).Where(version => !(version.Number >= before)).Reverse().Take(limit)]);

    public Task<PublishResult> PublishAsync(Publication publication, CancellationToken cancellationToken)
    {
        var records = versions.Count == 0 ? ImmutableDictionary<Kind, ImmutableSortedDictionary<RollbookId, RosterRecord>>.Empty : versions[^1].Records;
        var changes = new List<PublishedChange>();
        var number = versions.Count + 1;
        foreach (var kind in Kinds.All.Select(each => each.Kind))
        {
            var table = records.GetValueOrDefault(kind, ImmutableSortedDictionary<RollbookId, RosterRecord>.Empty).ToBuilder();
            foreach (var change in publication.Changes.Read(kind))
            {
                var old = table.GetValueOrDefault(change.Id)?.Row;
                var row = change.Operation == Operation.Delete ? (Row?)null : change.Row.Copy();
                changes.Add(new PublishedChange(change.Operation, kind, change.Id, old, row));
                if (row is { } values)
                {
                    table[change.Id] = new RosterRecord(change.Id, values, number);
                }
                else
                {
                    table.Remove(change.Id);
                }
            }

            records = records.SetItem(kind, table.ToImmutable());
        }

        if (changes.Count == 0)
        {
            runs.Publish(publication, null);
            return Task.FromResult<PublishResult>(new PublishResult.Unchanged());
        }

        var version = new RosterVersion(
            number, publication.Run, publication.App, publication.PublishedAt, publication.PublishedBy, publication.ConfigurationVersion, publication.Reason,
            publication.Changes.Counts, records.ToDictionary(pair => pair.Key, pair => (long)pair.Value.Count));
        versions.Add((version, records, changes));
        runs.Publish(publication, number);
        return Task.FromResult<PublishResult>(new PublishResult.Published(number));
    }

    public Task<RosterRecord?> GetAsync(Kind kind, RollbookId id, int? asOf, CancellationToken cancellationToken) => Task.FromResult(Table(kind, asOf).GetValueOrDefault(id));

    public Task<IReadOnlyDictionary<RollbookId, RosterRecord>> GetManyAsync(Family family, IReadOnlyCollection<RollbookId> ids, int? asOf, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<RollbookId, RosterRecord>>(Kinds.Of(family)
            .SelectMany(kind => ids.Select(id => Table(kind.Kind, asOf).GetValueOrDefault(id)))
            .OfType<RosterRecord>().ToDictionary(record => record.Id));

    public Task<IReadOnlyList<RecordChange>> HistoryAsync(Kind kind, RollbookId id, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<RecordChange>>(
            [.. versions.AsEnumerable().Reverse().SelectMany(each => each.Changes.Where(change => change.Kind == kind && change.Id == id).Select(change => new RecordChange(each.Version, change)))]);

    public Task<IReadOnlyList<PublishedChange>> ChangesAsync(int version, Kind kind, Operation? operation, RollbookId? after, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<PublishedChange>>([.. versions[version - 1].Changes
            .Where(change => change.Kind == kind && (operation is null || change.Operation == operation) && (after is null || change.Id > after))
            .OrderBy(change => change.Id).Take(limit)]);

    public Task<RecordPage> PageAsync(RecordQuery query, CancellationToken cancellationToken)
    {
        var kind = Kinds.Of(query.Kind);
        var sort = query.Sort is null ? kind.SortAttribute : kind[query.Sort];
        var found = Table(query.Kind, query.AsOf).Values
            .Where(record => query.Search is null || Starts(record.Row[kind.SortAttribute], query.Search) || Starts(record.Row.SisId, query.Search))
            .Where(record => (query.Filters ?? []).All(filter => Holds(record.Row, kind[filter.Attribute], filter)))
            .OrderBy(record => record.Row[sort] is null).ThenBy(record => Text(record.Row[sort]), StringComparer.OrdinalIgnoreCase).ThenBy(record => record.Id).ToList();
        if (query.Descending)
        {
            found.Reverse();
        }

        // The cursor of a double may be a plain position.
        var at = query.After is null ? 0 : int.Parse(query.After, CultureInfo.InvariantCulture);
        var start = query.Backwards ? Math.Max(0, at - query.Limit) : at;
        var end = query.Backwards ? at : start + query.Limit;
        return Task.FromResult(new RecordPage(
            [.. found.Skip(start).Take(end - start)],
            end < found.Count ? end.ToString(CultureInfo.InvariantCulture) : null,
            start > 0 ? start.ToString(CultureInfo.InvariantCulture) : null));
    }

    public Task<IReadOnlyDictionary<RollbookId, UInt128>> HashesAsync(Kind kind, IReadOnlyCollection<RollbookId> ids, CancellationToken cancellationToken) =>
        throw new NotSupportedException("The console compares nothing.");

    public IAsyncEnumerable<(RollbookId Id, UInt128 Hash)> AllHashesAsync(Kind kind, CancellationToken cancellationToken) =>
        throw new NotSupportedException("The console compares nothing.");

    public Task<IReadOnlyCollection<RollbookId>> ReferrersAsync(Kind kind, Model.Attribute attribute, IReadOnlyCollection<RollbookId> targets, CancellationToken cancellationToken) =>
        throw new NotSupportedException("The console asks for pages.");

    public async IAsyncEnumerable<RosterRecord> ReadAsync(Kind kind, int? asOf, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var record in Table(kind, asOf).Values)
        {
            yield return record;
        }

        await Task.CompletedTask;
    }

    private ImmutableSortedDictionary<RollbookId, RosterRecord> Table(Kind kind, int? asOf) => versions.Count == 0
        ? ImmutableSortedDictionary<RollbookId, RosterRecord>.Empty
        : versions[(asOf ?? versions.Count) - 1].Records.GetValueOrDefault(kind, ImmutableSortedDictionary<RollbookId, RosterRecord>.Empty);

    private static bool Starts(object? value, string text) => Text(value).StartsWith(text, StringComparison.OrdinalIgnoreCase);

    private static bool Holds(Row row, Model.Attribute attribute, RecordFilter filter)
    {
        var texts = row[attribute] switch
        {
            null => [],
            string[] list => list,
            RollbookId[] ids => ids.Select(id => id.ToString()),
            var value => [Text(value)],
        };
        return filter.Condition switch
        {
            FilterCondition.Empty => !texts.Any(),
            FilterCondition.NotEmpty => texts.Any(),
            FilterCondition.Equal => texts.Any(text => string.Equals(text, filter.Value, StringComparison.OrdinalIgnoreCase)),
            FilterCondition.Contains => texts.Any(text => text.Contains(filter.Value!, StringComparison.OrdinalIgnoreCase)),
            _ => texts.Any(text => text.StartsWith(filter.Value!, StringComparison.OrdinalIgnoreCase)),
        };
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
