using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Rollbook.Web.Features.Access;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Setup.Schedule;

/// <summary>The next times of a schedule as it is being typed, for a page with scripts: what <b>Preview</b> shows without. Nothing is saved.</summary>
internal static class PreviewSchedule
{
    internal static void Map(IEndpointRouteBuilder district) =>
        district
            .MapPost(
                "/apps/{app}/schedule/preview",
                async (HttpContext http, IServiceProvider services, ILoggerFactory logs) =>
                {
                    var form = ScheduleForm.Of(await http.Request.ReadFormAsync(http.RequestAborted));
                    await using var renderer = new HtmlRenderer(services, logs);
                    var html = await renderer.DrawAsync<NextTimes>((nameof(NextTimes.Form), form));
                    return Results.Text(html, "text/html; charset=utf-8");
                }
            )
            .RequireAuthorization(Policies.Work)
            .NeedsFormToken();
}
