using Rollbook.Model;
using Rollbook.Sync.Read;

namespace Rollbook.Sync.Derive;

/// <summary>
/// The collections of a run in their order, one at a time. A collection that the source does not speak of counts as unavailable, so that what is known
/// of it stays and others can refer to it.
/// </summary>
internal sealed class StageSequence(Derivation derivation) : IAsyncDisposable
{
    private readonly List<KeptUpload> opened = [];
    private CollectionStage? current;
    private int next;

    /// <summary>The stage of a collection, begun when it is not the one at work.</summary>
    /// <exception cref="InvalidOperationException">The source speaks of a collection before the one before it has ended, or again after its end.</exception>
    internal async Task<CollectionStage> EnterAsync(Collection collection, CancellationToken cancellationToken)
    {
        if (current is not null)
        {
            return current.Collection == collection
                ? current
                : throw new InvalidOperationException($"The source sent {collection} before {current.Collection} had ended.");
        }

        if ((int)collection < next)
        {
            throw new InvalidOperationException($"The source sent {collection} again after its end.");
        }

        await SkipToAsync((int)collection, cancellationToken);
        current = await BeginAsync(collection, cancellationToken);
        return current;
    }

    /// <summary>The collection at work has ended.</summary>
    internal void Leave()
    {
        next = (int)current!.Collection + 1;
        current = null;
    }

    /// <summary>The source has said everything.</summary>
    /// <exception cref="InvalidOperationException">It stopped in the middle of a collection.</exception>
    internal async Task EndAsync(CancellationToken cancellationToken)
    {
        if (current is not null)
        {
            throw new InvalidOperationException($"The source stopped in the middle of {current.Collection}.");
        }

        await SkipToAsync(Collections.InOrder.Count, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var kept in opened)
        {
            await kept.DisposeAsync();
        }

        derivation.ForgetIndexes();
    }

    private async Task SkipToAsync(int end, CancellationToken cancellationToken)
    {
        for (; next < end; next++)
        {
            await (await BeginAsync((Collection)next, cancellationToken)).UnavailableAsync(cancellationToken);
        }
    }

    private async Task<CollectionStage> BeginAsync(Collection collection, CancellationToken cancellationToken)
    {
        var kept = await KeptUpload.LoadAsync(derivation.Store.Uploads, derivation.App, derivation.Run, collection, cancellationToken);
        opened.Add(kept);
        return collection == Collection.Demographics
            ? new DemographicsStage(derivation, kept)
            : await RecordStage.BeginAsync(derivation, collection, kept, cancellationToken);
    }
}
