using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Runs;

namespace Rollbook.Sync.Guard;

/// <summary>What a person was shown of a run that waits: its change set, less what is left out.</summary>
internal static class ShownChanges
{
    private const int RowsAtOnce = 1_000;

    /// <summary>What an approval is bound to: the hash of the change set, with that of what is left out of it where there is any.</summary>
    internal static async Task<string> HashAsync(IStagedStore staged, long run, RunReport report, CancellationToken cancellationToken)
    {
        var hash = new XxHash128();
        var any = false;
        var bytes = new byte[20];
        await foreach (var change in staged.LeftAsync(run, cancellationToken))
        {
            any = true;
            BinaryPrimitives.WriteInt32BigEndian(bytes, (int)change.Kind);
            BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(4), change.Id.Value);
            hash.Append(bytes);
        }

        return any
            ? string.Create(CultureInfo.InvariantCulture, $"{report.ChangeHash}-{hash.GetCurrentHashAsUInt128():x32}")
            : report.ChangeHash ?? "";
    }

    /// <summary>What is left out.</summary>
    internal static async Task<LeftChanges> LeftAsync(IStagedStore staged, long run, CancellationToken cancellationToken)
    {
        var records = new HashSet<(Family, RollbookId)>();
        await foreach (var change in staged.LeftAsync(run, cancellationToken))
        {
            records.Add((Kinds.Of(change.Kind).Family, change.Id));
        }

        var counts = (await staged.LeftCountsAsync(run, cancellationToken)).ToLookup(count => count.Kind);
        return new LeftChanges(
            records,
            counts.ToDictionary(
                ofKind => ofKind.Key,
                ofKind => new ChangeCounts(
                    Of(ofKind, Operation.Create),
                    Of(ofKind, Operation.Update),
                    Of(ofKind, Operation.Delete),
                    Of(ofKind, Operation.Rekey)
                )
            )
        );

        static long Of(IEnumerable<StagedCount> counts, Operation operation) =>
            counts.Where(count => count.Operation == operation).Sum(count => count.Count);
    }

    /// <summary>
    /// Whether a change set has nothing that was not shown: each change is one of those that wait, with the same values, and none that is left out. A record that is left
    /// out may be deleted with one that it refers to and whose deletion was not left out, but not because that changes, nor because everything is derived in another way; and
    /// nobody refers to one that is left out.
    /// </summary>
    internal static async Task<bool> ContainAsync(
        IDistrictStore store,
        long run,
        IChangeSet changes,
        LeftChanges left,
        bool everything,
        CancellationToken cancellationToken
    )
    {
        var gone = new HashSet<(Family Family, RollbookId Id)>();
        var goneThough = new List<(KindDefinition Kind, RollbookId Id)>();
        foreach (var kind in Kinds.All)
        {
            await using var shown = store.Staged.ReadAsync(run, kind.Kind, cancellationToken).GetAsyncEnumerator(cancellationToken);
            var isThere = await shown.MoveNextAsync();
            foreach (var change in changes.Read(kind.Kind))
            {
                while (isThere && shown.Current.Id.CompareTo(change.Id) < 0)
                {
                    isThere = await shown.MoveNextAsync();
                }

                if (
                    !isThere
                    || shown.Current.Id != change.Id
                    || shown.Current.Operation != change.Operation
                    || (change.Operation != Operation.Delete && !IsAsShown(kind, shown.Current.Row, change.Row, left))
                )
                {
                    return false;
                }

                if (left.Records.Contains((kind.Family, change.Id)))
                {
                    if (change.Operation != Operation.Delete || everything)
                    {
                        return false;
                    }

                    goneThough.Add((kind, change.Id));
                }
                else if (change.Operation == Operation.Delete && left.Records.Count > 0)
                {
                    gone.Add((kind.Family, change.Id));
                }
            }
        }

        return goneThough.Count == 0 || await GoWithAsync(store, goneThough, gone, cancellationToken);
    }

    /// <summary>Whether each of some records refers to one that goes, or to another of these.</summary>
    private static async Task<bool> GoWithAsync(
        IDistrictStore store,
        List<(KindDefinition Kind, RollbookId Id)> records,
        HashSet<(Family Family, RollbookId Id)> gone,
        CancellationToken cancellationToken
    )
    {
        var stay = new List<(Family Family, RollbookId Id, List<(Family Family, RollbookId Id)> Targets)>();
        foreach (var chunk in records.GroupBy(record => record.Kind).SelectMany(group => group.Chunk(RowsAtOnce)))
        {
            var kind = chunk[0].Kind;
            foreach (
                var (id, record) in await store.Roster.GetManyAsync(kind.Family, [.. chunk.Select(each => each.Id)], asOf: null, cancellationToken)
            )
            {
                var targets = Kinds
                    .Of(record.Row.Kind)
                    .Attributes.Where(attribute => attribute.IsReference)
                    .SelectMany(attribute => RowReader.Ids(record.Row.Get(attribute, out _)).Select(target => (attribute.Target!.Value, target)));
                stay.Add((kind.Family, id, [.. targets]));
            }
        }

        for (var before = -1; before != stay.Count; )
        {
            before = stay.Count;
            stay.RemoveAll(record => record.Targets.Exists(gone.Contains) && gone.Add((record.Family, record.Id)));
        }

        return stay.Count == 0;
    }

    private static bool IsAsShown(KindDefinition kind, Row shown, Row now, LeftChanges left)
    {
        if (shown.Bytes.Span.SequenceEqual(now.Bytes.Span))
        {
            return true;
        }

        if (left.Records.Count == 0)
        {
            return false;
        }

        var before = shown.Read();
        var after = now.Read();
        foreach (var attribute in kind.Attributes)
        {
            var was = before.Next(out var wasMissing);
            var isNow = after.Next(out var isMissing);
            if (wasMissing == isMissing && was.SequenceEqual(isNow))
            {
                continue;
            }

            if (!attribute.IsReference)
            {
                return false;
            }

            var others = RowReader.Ids(isNow).ToHashSet();
            if (
                Array.Exists(RowReader.Ids(was), id => !others.Remove(id) && !left.Records.Contains((attribute.Target!.Value, id)))
                || others.Count > 0
            )
            {
                return false;
            }
        }

        return true;
    }
}
