using Polly;
using Polly.Retry;

namespace Rollbook.Sources.OneRoster;

/// <summary>Pages of one endpoint, asked for again when a fault may pass, smaller when the source can't answer large ones, unsorted when it can't sort.</summary>
internal sealed class PatientPages
{
    private readonly PageSource source;
    private readonly OneRosterOptions options;
    private readonly ResiliencePipeline retries;

    public PatientPages(PageSource source, OneRosterOptions options, int limit)
    {
        (this.source, this.options, Limit) = (source, options, limit);
        retries =
            options.Tries < 2
                ? ResiliencePipeline.Empty
                : new ResiliencePipelineBuilder { TimeProvider = options.Time }
                    .AddRetry(
                        new RetryStrategyOptions
                        {
                            MaxRetryAttempts = options.Tries - 1,
                            BackoffType = DelayBackoffType.Exponential,
                            UseJitter = true,
                            Delay = options.FirstDelay,
                            MaxDelay = options.LongestDelay,
                            DelayGenerator = args => ValueTask.FromResult(Pause(args.Outcome.Exception as RequestFailure, args.AttemptNumber)),
                            ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is RequestFailure failure && IsWorthATry(failure)),
                        }
                    )
                    .Build();
    }

    /// <summary>The page size in use.</summary>
    public int Limit { get; private set; }

    /// <summary>Whether a server error (500) is taken for a passing one.</summary>
    public bool WaitsOutErrors { get; set; } = true;

    /// <summary>Whether a 404 is: in mid-read, when the endpoint was there before.</summary>
    public bool WaitsOutMissing { get; set; }

    /// <summary>Whether an answer of another kind (a web page, an error that says it is in order) is: when the endpoint is known to be one.</summary>
    public bool WaitsOutPages { get; set; } = true;

    /// <summary>What the person should know, since it was last asked for.</summary>
    public Queue<string> Notices { get; } = new();

    /// <summary>Rows from an offset on.</summary>
    /// <exception cref="RequestFailure">Every try failed.</exception>
    public ValueTask<Page> GetAsync(long offset, int rows, CancellationToken cancellationToken) =>
        retries.ExecuteAsync(async token => await source.GetAsync(offset, rows, options.ReadTimeout, token), cancellationToken);

    /// <summary>A page of the size in use, which may shrink, or an order that may be given up, before it comes.</summary>
    /// <param name="offset">Where it begins.</param>
    /// <param name="isFirst">Whether nothing was read yet, so that another order does no harm.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RequestFailure">Every try failed.</exception>
    public async Task<Page> GetShrinkingAsync(long offset, bool isFirst, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var page = await GetAsync(offset, Limit, cancellationToken);
                if (page.SortWasRefused && source.Sorts)
                {
                    DropSort();
                }

                return page;
            }
            catch (RequestFailure failure) when (failure.AsksForLess && Limit > OneRosterOptions.SmallestPage)
            {
                Limit = Math.Max(OneRosterOptions.SmallestPage, Limit / 2);
                Notices.Enqueue($"The SIS answered slowly or not at all; pages of {source.Endpoint.Path} were halved to {Limit}.");
                await PauseAsync(cancellationToken);
            }
            catch (RequestFailure failure) when (failure.Fault is Fault.BadRequest && source.Sorts && isFirst)
            {
                DropSort();
            }
        }
    }

    /// <summary>The shortest pause.</summary>
    public Task PauseAsync(CancellationToken cancellationToken) => Task.Delay(options.FirstDelay, options.Time, cancellationToken);

    private void DropSort()
    {
        source.Sorts = false;
        Notices.Enqueue($"The SIS does not sort {source.Endpoint.Path} by sourcedId; its own order was taken.");
    }

    // Rates usually are counted by the minute: who is told to slow down and not for how long waits that out.
    private TimeSpan? Pause(RequestFailure? failure, int attempt) =>
        failure switch
        {
            { RetryAfter: { } asked } => asked,
            { Fault: Fault.Busy } => TimeSpan.FromTicks(Math.Min(options.LongestDelay.Ticks, options.FirstDelay.Ticks * 15 * (attempt + 1))),
            _ => null,
        };

    private bool IsWorthATry(RequestFailure failure) =>
        (failure.RetryAfter ?? TimeSpan.Zero) <= options.LongestRetryAfter
        && !(failure.AsksForLess && Limit > OneRosterOptions.SmallestPage)
        && failure.Fault switch
        {
            Fault.ServerError => WaitsOutErrors,
            Fault.NotFound => WaitsOutMissing,
            Fault.WebPage or Fault.ErrorBody => WaitsOutPages,
            _ => failure.IsPassing,
        };
}
