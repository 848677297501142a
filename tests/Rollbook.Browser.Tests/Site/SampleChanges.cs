using Rollbook.Model;
using Rollbook.Storage;

namespace Rollbook.Browser.Tests.Site;

/// <summary>A change set put together by hand.</summary>
internal sealed class SampleChanges : IChangeSet
{
    private readonly List<StagedChange> list = [];

    public IReadOnlyDictionary<Kind, ChangeCounts> Counts =>
        list.GroupBy(change => change.Kind)
            .ToDictionary(
                group => group.Key,
                group => new ChangeCounts(
                    Of(group, Operation.Create),
                    Of(group, Operation.Update),
                    Of(group, Operation.Delete),
                    0,
                    3,
                    group.Count(change => change.Consequence)
                )
            );

    public IEnumerable<StagedChange> Read(Kind kind) => list.Where(change => change.Kind == kind).OrderBy(change => change.Id);

    internal void Add(StagedChange change) => list.Add(change);

    internal void Create((RollbookId Id, Row Row) record) =>
        list.Add(new StagedChange(Operation.Create, record.Row.Kind, record.Id, record.Row, Consequence: false));

    internal void Update((RollbookId Id, Row Row) record) =>
        list.Add(new StagedChange(Operation.Update, record.Row.Kind, record.Id, record.Row, Consequence: false));

    internal void Delete(Kind kind, RollbookId id, bool consequence = false) =>
        list.Add(new StagedChange(Operation.Delete, kind, id, new Row(kind, default), consequence));

    private static long Of(IEnumerable<StagedChange> changes, Operation operation) => changes.Count(change => change.Operation == operation);
}
