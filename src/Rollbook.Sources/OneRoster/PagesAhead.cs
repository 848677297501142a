namespace Rollbook.Sources.OneRoster;

/// <summary>
/// Pages asked for before their turn, two at a time, while the source's total says that they exist and pages are of one size. Only a matter of speed:
/// a guess that does not fit, or a page that fails, is thrown away and the page asked for in the ordinary way.
/// </summary>
internal sealed class PagesAhead(PageSource source, TimeSpan timeout)
{
    private const int Most = 2;
    private const int MostMisses = 3;
    private int misses;
    private readonly Queue<(long Offset, Task<Page> Page)> pages = new();
    private CancellationTokenSource? stop;

    /// <summary>The page at an offset if it was guessed, and guesses on.</summary>
    /// <param name="offset">The offset wanted.</param>
    /// <param name="limit">The page size asked for.</param>
    /// <param name="step">The rows of the page before; 0 for none.</param>
    /// <param name="total">The source's total, if believed.</param>
    /// <param name="cancellationToken">Ends the wait and everything on its way.</param>
    public async Task<Page?> TakeAsync(long offset, int limit, int step, long? total, CancellationToken cancellationToken)
    {
        if (pages.TryPeek(out var first) && first.Offset != offset)
        {
            misses++;
            await ClearAsync();
        }

        // A source whose pages differ in size would be asked for everything twice.
        if (misses >= MostMisses || step == 0 || total is null || offset >= total)
        {
            return null;
        }

        Guess(offset, limit, step, total.Value, cancellationToken);
        var wanted = pages.Dequeue();
        Guess(offset + step, limit, step, total.Value, cancellationToken);
        try
        {
            return await wanted.Page;
        }
        catch (RequestFailure)
        {
            await ClearAsync();
            return null;
        }
    }

    /// <summary>Throws away what is on its way.</summary>
    public async ValueTask ClearAsync()
    {
        if (stop is null)
        {
            return;
        }

        await stop.CancelAsync();
        while (pages.TryDequeue(out var page))
        {
            await page.Page.ContinueWith(
                static done =>
                {
                    if (done.IsCompletedSuccessfully)
                    {
                        done.Result.Dispose();
                    }
                    else
                    {
                        _ = done.Exception;
                    }
                },
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
        }

        stop.Dispose();
        stop = null;
    }

    private void Guess(long offset, int limit, int step, long total, CancellationToken cancellationToken)
    {
        stop ??= CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var token = stop.Token;
        for (var next = offset + ((long)pages.Count * step); pages.Count < Most && next < total; next += step)
        {
            var at = next;
            pages.Enqueue((at, Task.Run(() => source.GetAsync(at, limit, timeout, token), token)));
        }
    }
}
