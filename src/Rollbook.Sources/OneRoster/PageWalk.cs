using Rollbook.Model;

namespace Rollbook.Sources.OneRoster;

/// <summary>
/// Walks over the pages of one endpoint by the number of rows received, never by the number asked for. The end is never taken on the word of one
/// answer (an empty page, a page that repeats and an error beyond the last record all are looked into), and a source that changes under the read
/// is noticed: a false end and a row that slipped through between two pages both delete records.
/// </summary>
internal sealed class PageWalk(PageSource source, OneRosterOptions options, int limit, long start)
{
    private const int MostStepsBack = 100;
    private readonly long start = start;
    private readonly PatientPages pages = new(source, options, limit);
    private readonly PagesAhead ahead = new(source, options.ReadTimeout);
    private UInt128 lastFingerprint;
    private RollbookId? lastKey;
    private int lastRows;
    private long? lastTotal;
    private int stepsBack;

    /// <summary>The offset of the next page: rows received so far, and those skipped at the start.</summary>
    public long Offset { get; private set; } = start;

    /// <summary>The source's totals so far.</summary>
    public Totals Totals { get; } = new();

    /// <summary>What the person should know, since it was last asked for.</summary>
    public Queue<string> Notices => pages.Notices;

    /// <summary>The next step; after anything but <see cref="WalkStep.Rows"/> the walk is over.</summary>
    /// <exception cref="SourceException">The read failed.</exception>
    public async Task<WalkStep> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await StepAsync(cancellationToken);
        }
        catch (RequestFailure failure) when (Offset == start && failure.Fault is Fault.NotFound or Fault.Forbidden)
        {
            return new WalkStep.Refused(failure);
        }
        catch (RequestFailure failure)
        {
            throw failure.ToSourceException(source.Endpoint.Path);
        }
    }

    /// <summary>Gives up pages that are on their way.</summary>
    public ValueTask StopAsync() => ahead.ClearAsync();

    private async Task<WalkStep> StepAsync(CancellationToken cancellationToken)
    {
        for (var empty = 1; ; empty++)
        {
            var page = await FetchAsync(cancellationToken);
            if (page is null)
            {
                return new WalkStep.End();
            }

            Totals.See(page.Total);
            if (page.Rows == 0)
            {
                page.Dispose();
                if (await AtEmptyPageAsync(empty, cancellationToken) is { } step)
                {
                    return step;
                }

                await pages.PauseAsync(cancellationToken);
                continue;
            }

            if (MayHaveMoved(page) && !await IsStillBeforeAsync(cancellationToken))
            {
                page.Dispose();
                return await StepBackAsync(cancellationToken);
            }

            if (Repeats(page))
            {
                page.Dispose();
                return Totals.Believed(Offset) == Offset || await LookBeyondAsync(cancellationToken) is Beyond.Nothing
                    ? new WalkStep.End()
                    : new WalkStep.Unstable("the same page came twice");
            }

            return Advance(page);
        }
    }

    private WalkStep.Rows Advance(Page page)
    {
        (lastRows, lastFingerprint, lastTotal) = (page.Rows, page.Fingerprint, page.Total);
        lastKey = page.Count > 0 ? page.Records[^1].Key : lastKey;
        Offset += page.Rows;
        return new WalkStep.Rows(page);
    }

    // The same records, or a shorter last page that ends with the record the page before ended with.
    private bool Repeats(Page page) =>
        (page.Rows == lastRows && page.Fingerprint == lastFingerprint) || (page.Count > 0 && page.Records[^1].Key == lastKey);

    // A total that stays says that nothing came or went between two pages; one that changes, or none, says nothing.
    private bool MayHaveMoved(Page page) => Offset > start && (page.Total is null || page.Total != lastTotal);

    /// <summary>Whether the row before this offset still is the last one read.</summary>
    private async Task<bool> IsStillBeforeAsync(CancellationToken cancellationToken)
    {
        using var row = await pages.GetAsync(Offset - 1, 1, cancellationToken);
        return row.Rows > 0 && (row.Count == 0 || lastKey is null || row.Records[0].Key == lastKey);
    }

    /// <summary>Finds the last record read some rows back, and goes on behind it.</summary>
    private async Task<WalkStep> StepBackAsync(CancellationToken cancellationToken)
    {
        await ahead.ClearAsync();
        var from = Math.Max(0, Offset - Math.Clamp(lastRows / 2, 1, ResumePoint.Overlap));
        var page = await pages.GetShrinkingAsync(from, isFirst: false, cancellationToken);
        Totals.See(page.Total);
        if (++stepsBack > MostStepsBack || lastKey is not { } key || !page.DropThrough(key))
        {
            page.Dispose();
            return new WalkStep.Unstable("records changed while they were read");
        }

        Offset = from;
        return Advance(page);
    }

    /// <summary>What an empty page comes to; null to ask again.</summary>
    private async Task<WalkStep?> AtEmptyPageAsync(int empty, CancellationToken cancellationToken)
    {
        if (Totals.Believed(Offset) == Offset)
        {
            return new WalkStep.End();
        }

        if (Offset == start)
        {
            return empty > 1 ? new WalkStep.End() : null;
        }

        return await LookBeyondAsync(cancellationToken) switch
        {
            Beyond.Nothing => new WalkStep.End(),
            Beyond.Something when empty < options.Tries => null,
            Beyond.Something => throw new RequestFailure(
                Fault.ErrorBody,
                CheckPart.Roster,
                "It answers with an empty page though more records follow."
            ),
            _ => await StepBackAsync(cancellationToken),
        };
    }

    /// <summary>The page at the offset; null when it answers with an error because nothing is there.</summary>
    private async Task<Page?> FetchAsync(CancellationToken cancellationToken)
    {
        if (await ahead.TakeAsync(Offset, pages.Limit, lastRows, Totals.Believed(Offset), cancellationToken) is { } early)
        {
            return early;
        }

        var isFirst = Offset == start;
        (pages.WaitsOutErrors, pages.WaitsOutMissing) = (isFirst, false);
        try
        {
            return await pages.GetShrinkingAsync(Offset, isFirst, cancellationToken);
        }
        catch (RequestFailure failure) when (!isFirst && failure.Fault is Fault.NotFound or Fault.ServerError)
        {
            return await LookBeyondAsync(cancellationToken) is Beyond.Nothing ? null : await FetchPatientlyAsync(cancellationToken);
        }
    }

    private async Task<Page> FetchPatientlyAsync(CancellationToken cancellationToken)
    {
        (pages.WaitsOutErrors, pages.WaitsOutMissing) = (true, true);
        try
        {
            return await pages.GetShrinkingAsync(Offset, isFirst: false, cancellationToken);
        }
        catch (RequestFailure failure) when (failure.Fault is Fault.NotFound)
        {
            throw new RequestFailure(Fault.ErrorBody, CheckPart.Roster, $"{failure.Message} It had given pages before.", inner: failure);
        }
    }

    // A page from the last row on: a single row has nothing behind it, whatever the source does at offsets beyond its end.
    private async Task<Beyond> LookBeyondAsync(CancellationToken cancellationToken)
    {
        (pages.WaitsOutErrors, pages.WaitsOutMissing) = (true, true);
        try
        {
            using var page = await pages.GetShrinkingAsync(Offset - 1, isFirst: false, cancellationToken);
            return page.Rows switch
            {
                0 => Beyond.Unclear,
                1 => Beyond.Nothing,
                _ => Beyond.Something,
            };
        }
        catch (RequestFailure failure) when (failure.Fault is Fault.NotFound or Fault.BadRequest)
        {
            return Beyond.Unclear;
        }
    }

    private enum Beyond
    {
        Nothing,
        Something,
        Unclear,
    }
}
