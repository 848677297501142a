using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rollbook.Storage;
using Rollbook.Sync.Runs;
using Rollbook.Web.Features.Access;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.History;

/// <summary>
/// What happens in a run, as server-sent events: <c>progress</c> with the live panel's HTML whenever it differs, then <c>end</c>. The panel is
/// the one that the page was built with, so there is one way to draw it.
/// </summary>
internal static class RunEvents
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    internal static void Map(IEndpointRouteBuilder district) =>
        district
            .MapGet(
                "/history/{run:long}/events",
                async (
                    long run,
                    CurrentDistrict current,
                    TimeProvider time,
                    IHostApplicationLifetime program,
                    IServiceProvider services,
                    ILoggerFactory logs,
                    HttpContext http
                ) =>
                {
                    if (await current.Store.Runs.GetAsync(run, http.RequestAborted) is null)
                    {
                        return Results.NotFound();
                    }

                    // A proxy that gathers the answer before passing it on would defeat the purpose.
                    http.Response.Headers["X-Accel-Buffering"] = "no";
                    return Results.ServerSentEvents(
                        WatchAsync(current.Store.Runs, run, time, program.ApplicationStopping, new HtmlRenderer(services, logs), http.RequestAborted)
                    );
                }
            )
            .RequireAuthorization(Policies.Read);

    private static async IAsyncEnumerable<SseItem<string>> WatchAsync(
        IRunStore runs,
        long number,
        TimeProvider time,
        CancellationToken stopping,
        HtmlRenderer renderer,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await using var disposed = renderer;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellationToken);
        string? sent = null;
        while (await runs.GetAsync(number, cancellationToken) is { } run && RunStates.IsActive(run))
        {
            var html = await renderer.DrawAsync<LiveRun>((nameof(LiveRun.Run), run));
            if (!string.Equals(html, sent, StringComparison.Ordinal))
            {
                yield return new SseItem<string>(html, "progress");
                sent = html;
            }

            // The program's stop is not held up by those who watch; their browsers connect again when it is back.
            await Task.Delay(Every, time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (either.IsCancellationRequested)
            {
                yield break;
            }
        }

        yield return new SseItem<string>("", "end");
    }
}
