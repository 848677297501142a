using Rollbook.Model;

namespace Rollbook.Storage.Tests;

/// <summary>A change set in memory.</summary>
internal sealed class MemoryChangeSet : IChangeSet
{
    private readonly Dictionary<Kind, StagedChange[]> changes;

    public MemoryChangeSet(params IEnumerable<StagedChange> changes)
    {
        this.changes = changes.GroupBy(change => change.Kind).ToDictionary(kind => kind.Key, kind => kind.OrderBy(change => change.Id).ToArray());
        Counts = this.changes.ToDictionary(
            kind => kind.Key,
            kind => new ChangeCounts(
                Count(kind.Value, Operation.Create),
                Count(kind.Value, Operation.Update),
                Count(kind.Value, Operation.Delete),
                Count(kind.Value, Operation.Rekey)
            )
        );
    }

    public IReadOnlyDictionary<Kind, ChangeCounts> Counts { get; init; }

    /// <summary>What happens before each change is handed out.</summary>
    public Action<StagedChange>? OnRead { get; init; }

    public IEnumerable<StagedChange> Read(Kind kind)
    {
        foreach (var change in changes.GetValueOrDefault(kind) ?? [])
        {
            OnRead?.Invoke(change);
            yield return change;
        }
    }

    private static long Count(StagedChange[] changes, Operation operation) => changes.LongCount(change => change.Operation == operation);
}
