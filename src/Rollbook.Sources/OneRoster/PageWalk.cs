using Polly;
using Polly.Retry;

namespace Rollbook.Sources.OneRoster;

/// <summary>What the next step over an endpoint gave.</summary>
internal abstract record WalkStep
{
    /// <summary>A page of at least one row.</summary>
    public sealed record Rows(Page Page) : WalkStep;

    /// <summary>There is no more, and that was made sure of.</summary>
    public sealed record End : WalkStep;

    /// <summary>Offsets do not mean what they should: what was read may have gaps.</summary>
    public sealed record Unstable(string Why) : WalkStep;

    /// <summary>The endpoint can't be read at all (not there, or forbidden).</summary>
    public sealed record Refused(RequestFailure Failure) : WalkStep;
}

/// <summary>
/// Walks over the pages of one endpoint by the number of rows received, never by the number asked for. The end is never taken on the word of one
/// answer: an empty page, a page that repeats and an error beyond the last record all are looked into, since a false end deletes records.
/// </summary>
internal sealed class PageWalk
{
    private readonly PageSource source;
    private readonly OneRosterOptions options;
    private readonly long start;
    private readonly ResiliencePipeline retries;
    private readonly PagesAhead ahead;
    private int limit;
    private bool patient;
    private UInt128 lastFingerprint;
    private int lastRows;
    private byte[] lastId = [];

    public PageWalk(PageSource source, OneRosterOptions options, int limit, long start)
    {
        (this.source, this.options, this.limit, this.start, Offset) = (source, options, limit, start, start);
        ahead = new PagesAhead(source, options.ReadTimeout);
        retries = options.Tries < 2 ? ResiliencePipeline.Empty : new ResiliencePipelineBuilder { TimeProvider = options.Time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = options.Tries - 1,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.FirstDelay,
                MaxDelay = options.LongestDelay,
                DelayGenerator = args => ValueTask.FromResult(Pause(args.Outcome.Exception as RequestFailure, args.AttemptNumber)),
                ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is RequestFailure failure && IsWorthATry(failure)),
            })
            .Build();
    }

    /// <summary>The offset of the next page: rows received so far, and those skipped at the start.</summary>
    public long Offset { get; private set; }

    /// <summary>The source's totals so far.</summary>
    public Totals Totals { get; } = new();

    /// <summary>What the person should know, since it was last asked for.</summary>
    public Queue<string> Notices { get; } = new();

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
                if (await EndAtEmptyPageAsync(empty, cancellationToken) is { } end)
                {
                    return end;
                }

                await Task.Delay(options.FirstDelay, options.Time, cancellationToken);
                continue;
            }

            if (Repeats(page))
            {
                page.Dispose();
                return Totals.Believed(Offset) == Offset || await LookBeyondAsync(cancellationToken) is Beyond.Nothing
                    ? new WalkStep.End()
                    : new WalkStep.Unstable("the same page came twice");
            }

            (lastRows, lastFingerprint, lastId) = (page.Rows, page.Fingerprint, page.LastId);
            Offset += page.Rows;
            return new WalkStep.Rows(page);
        }
    }

    // The same records, or a shorter last page that ends with the record the page before ended with.
    private bool Repeats(Page page) =>
        (page.Rows == lastRows && page.Fingerprint == lastFingerprint) || (page.LastId.Length > 0 && page.LastId.AsSpan().SequenceEqual(lastId));

    /// <summary>The end, if an empty page is one; null to ask again.</summary>
    private async Task<WalkStep?> EndAtEmptyPageAsync(int empty, CancellationToken cancellationToken)
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
            Beyond.Something => throw new RequestFailure(Fault.ErrorBody, CheckPart.Roster, "It answers with an empty page though more records follow."),
            _ => new WalkStep.Unstable("an offset that was read before is empty now"),
        };
    }

    /// <summary>The page at the offset; null when it answers with an error because nothing is there.</summary>
    private async Task<Page?> FetchAsync(CancellationToken cancellationToken)
    {
        if (await ahead.TakeAsync(Offset, limit, lastRows, Totals.Believed(Offset), cancellationToken) is { } early)
        {
            return early;
        }

        patient = Offset == start;
        try
        {
            return await FetchShrinkingAsync(cancellationToken);
        }
        catch (RequestFailure failure) when (!patient && failure.Fault is Fault.NotFound or Fault.ServerError)
        {
            patient = true;
            return await LookBeyondAsync(cancellationToken) is Beyond.Nothing ? null : await FetchShrinkingAsync(cancellationToken);
        }
    }

    private async Task<Page> FetchShrinkingAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var page = await GetAsync(Offset, limit, cancellationToken);
                if (page.SortWasRefused && source.Sorts)
                {
                    DropSort();
                }

                return page;
            }
            catch (RequestFailure failure) when (failure.AsksForLess && limit > OneRosterOptions.SmallestPage)
            {
                await ahead.ClearAsync();
                limit = Math.Max(OneRosterOptions.SmallestPage, limit / 2);
                Notices.Enqueue($"The SIS answered slowly or not at all; pages of {source.Endpoint.Path} were halved to {limit}.");
                await Task.Delay(options.FirstDelay, options.Time, cancellationToken);
            }
            catch (RequestFailure failure) when (failure.Fault is Fault.BadRequest && source.Sorts && Offset == start)
            {
                DropSort();
            }
        }
    }

    private void DropSort()
    {
        source.Sorts = false;
        Notices.Enqueue($"The SIS does not sort {source.Endpoint.Path} by sourcedId; its own order was taken.");
    }

    // A page from the last row on: a single row has nothing behind it, whatever the source does at offsets beyond its end.
    private async Task<Beyond> LookBeyondAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var page = await GetAsync(Offset - 1, limit, cancellationToken);
            return page.Rows switch { 0 => Beyond.Unclear, 1 => Beyond.Nothing, _ => Beyond.Something };
        }
        catch (RequestFailure failure) when (failure.Fault is Fault.NotFound or Fault.BadRequest)
        {
            return Beyond.Unclear;
        }
    }

    private ValueTask<Page> GetAsync(long offset, int rows, CancellationToken cancellationToken) => retries.ExecuteAsync(
        async token => await source.GetAsync(offset, rows, options.ReadTimeout, token), cancellationToken);

    // Rates usually are counted by the minute: who is told to slow down and not for how long waits that out.
    private TimeSpan? Pause(RequestFailure? failure, int attempt) => failure switch
    {
        { RetryAfter: { } asked } => asked,
        { Fault: Fault.Busy } => TimeSpan.FromTicks(Math.Min(options.LongestDelay.Ticks, options.FirstDelay.Ticks * 15 * (attempt + 1))),
        _ => null,
    };

    private bool IsWorthATry(RequestFailure failure) =>
        (failure.RetryAfter ?? TimeSpan.Zero) <= options.LongestRetryAfter
        && !(failure.AsksForLess && limit > OneRosterOptions.SmallestPage)
        && (failure.Fault is Fault.ServerError ? patient : failure.IsPassing || (failure.Fault is Fault.NotFound && patient && Offset > start));

    private enum Beyond
    {
        Nothing,
        Something,
        Unclear,
    }
}
