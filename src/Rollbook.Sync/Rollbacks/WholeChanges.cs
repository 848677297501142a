using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Compare;

namespace Rollbook.Sync.Rollbacks;

/// <summary>
/// What a run would change while something is set aside: not only what its source says otherwise than before, but also what the rollback had undone. It leads from the roster
/// as it is to the one that the uploads give; costs follow both, not the roster.
/// </summary>
internal sealed class WholeChanges(IDistrictStore store, string app, string folder) : IDisposable
{
    private const int AtOnce = 1_000;

    private readonly ChangeSet changes = new(Directory.CreateDirectory(Path.Combine(folder, "whole")).FullName);

    /// <summary>The changes.</summary>
    internal IChangeSet Changes => changes;

    /// <summary>How many of them, by kind, bring back what the rollback had undone.</summary>
    internal Dictionary<Kind, long> BroughtBack { get; } = [];

    /// <summary>Whether any of them is of a record that other apps have a part in, and that the rollback concerns.</summary>
    internal bool ConcernsOthers { get; private set; }

    /// <summary>Adds to what was derived what is set aside.</summary>
    /// <param name="derived">What the run changes against what the accepted uploads give.</param>
    /// <param name="ofOthers">How many records of a kind it changes though nobody of the source belongs to them.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal async Task FillAsync(ChangeSet derived, IReadOnlyDictionary<Kind, long> ofOthers, CancellationToken cancellationToken)
    {
        foreach (var kind in Kinds.All)
        {
            long changed = 0;
            await foreach (var some in JoinAsync(kind.Kind, derived, cancellationToken).Chunk(AtOnce).WithCancellation(cancellationToken))
            {
                var published = await store.Roster.GetManyAsync(kind.Family, [.. some.Select(each => each.Id)], asOf: null, cancellationToken);
                foreach (var (id, row, isSetAside, consequence) in some)
                {
                    var before = published.TryGetValue(id, out var record) && record.Row.Kind == kind.Kind ? record.Row : (Row?)null;
                    if (Equals(before, row))
                    {
                        continue;
                    }

                    changes.Add(new StagedChange(OperationOf(before, row), kind.Kind, id, row ?? default, consequence));
                    changed += row is { } now && Has(now, app) ? 1 : 0;
                    if (isSetAside)
                    {
                        BroughtBack[kind.Kind] = BroughtBack.GetValueOrDefault(kind.Kind) + 1;
                        ConcernsOthers |= row is not null || before is { } old && !IsAlone(old);
                    }
                }
            }

            if (derived.Counts.GetValueOrDefault(kind.Kind) is { } counts)
            {
                var own = counts.Unchanged + counts.Create + counts.Update + counts.Rekey - ofOthers.GetValueOrDefault(kind.Kind);
                changes.SetUnchanged(kind.Kind, own - changed);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => changes.Dispose();

    /// <summary>The records of a kind that were derived otherwise or are set aside, by ID, with what they are to be.</summary>
    private async IAsyncEnumerable<(RollbookId Id, Row? Row, bool IsSetAside, bool Consequence)> JoinAsync(
        Kind kind,
        ChangeSet derived,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var news = derived.Read(kind).GetEnumerator();
        var hasNew = news.MoveNext();
        await foreach (var aside in store.SetAside.ReadAsync(kind, cancellationToken))
        {
            while (hasNew && news.Current.Id.CompareTo(aside.Id) < 0)
            {
                yield return Of(news.Current, isSetAside: false);
                hasNew = news.MoveNext();
            }

            if (hasNew && news.Current.Id == aside.Id)
            {
                yield return Of(news.Current, isSetAside: true);
                hasNew = news.MoveNext();
            }
            else
            {
                yield return (aside.Id, aside.Row, true, false);
            }
        }

        while (hasNew)
        {
            yield return Of(news.Current, isSetAside: false);
            hasNew = news.MoveNext();
        }
    }

    private static (RollbookId Id, Row? Row, bool IsSetAside, bool Consequence) Of(StagedChange change, bool isSetAside) =>
        (change.Id, change.Operation == Operation.Delete ? null : change.Row.Copy(), isSetAside, change.Consequence);

    private static Operation OperationOf(Row? before, Row? now) =>
        (before, now) switch
        {
            (null, _) => Operation.Create,
            (_, null) => Operation.Delete,
            ({ } old, { } current) => string.Equals(old.SisId, current.SisId, StringComparison.Ordinal) ? Operation.Update : Operation.Rekey,
        };

    private bool IsAlone(Row row) =>
        row["sources"] is not string[] sources || sources.All(source => string.Equals(source, app, StringComparison.Ordinal));

    private static bool Has(Row row, string app) => row["sources"] is string[] sources && sources.Contains(app, StringComparer.Ordinal);
}
