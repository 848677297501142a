using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rollbook.Storage;
using Rollbook.Sync.Runs;
using Rollbook.Web.Features.Access;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Versions;

/// <summary>Roll back to here: stages the old content, and shows the run that waits for a decision. A Primary District Admin's part (product.md section 1).</summary>
internal static class RollBack
{
    /// <summary>The field of the reason.</summary>
    internal const string Reason = "reason";

    internal static void Map(IEndpointRouteBuilder district) =>
        district.MapPost("/history/versions/{version:int}/rollback/start", StartAsync).RequireAuthorization(Policies.Primary).NeedsFormToken();

    private static async Task<IResult> StartAsync(int version, CurrentDistrict current, IImports imports, Trail trail, HttpContext http)
    {
        if (await current.Store.Roster.VersionAsync(version, http.RequestAborted) is null)
        {
            return Results.NotFound();
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var reason = form[Reason].ToString().ReplaceLineEndings("\n").Trim();
        var page = current.Path($"history/versions/{version}/rollback");
        if (reason.Length is 0 or > RunDecision.LongestReason)
        {
            return Results.LocalRedirect($"{page}?problem={(reason.Length == 0 ? "missing" : "long")}");
        }

        var who = http.User.Identity?.Name ?? "";
        switch (await imports.StartRollbackAsync(current.Info.Id, version, "console", who, reason, http.RequestAborted))
        {
            case StartResult.Started(var run):
                await trail.TellAsync(current.Info.Id, AuditActions.RollbackStarted, $"version {version}", now: $"run {run}: {reason}");

                // Most are staged in a moment: then the page is the review at once.
                await Task.WhenAny(
                    imports.WaitAsync(current.Info.Id, run, http.RequestAborted),
                    Task.Delay(TimeSpan.FromSeconds(1), http.RequestAborted)
                );
                return Results.LocalRedirect(current.Path($"history/{run}"));
            case StartResult.AlreadyRunning({ } other):
                Flash.Leave(http, "Nothing was done: this rollback is at work already.", Tone.Attention);
                return Results.LocalRedirect(current.Path($"history/{other}"));
            case StartResult.Refused(var message):
                Flash.Leave(http, message, Tone.Attention);
                break;
            default:
                Flash.Leave(http, "Nothing was done: another rollback is at work. Try again when it has ended.", Tone.Attention);
                break;
        }

        return Results.LocalRedirect(current.Path("history/versions"));
    }
}
