using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rollbook.Storage;
using Rollbook.Sync.Rollbacks;
using Rollbook.Web.Features.Access;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Versions;

/// <summary>Purges what the page before has shown. A Primary District Admin's part: it can't be undone.</summary>
internal static class PurgeVersions
{
    internal static void Map(IEndpointRouteBuilder district) =>
        district
            .MapPost(
                "/history/versions/purge/confirm",
                async (CurrentDistrict current, Purges purges, HttpContext http) =>
                {
                    var form = await http.Request.ReadFormAsync(http.RequestAborted);
                    if (!int.TryParse(form["oldest"], NumberStyles.None, CultureInfo.InvariantCulture, out _))
                    {
                        return Results.BadRequest();
                    }

                    var (text, tone) = await purges.PlanAsync(current.Store, form["oldest"], http.RequestAborted) switch
                    {
                        PurgePlan.Purges plan => await PurgeAsync(purges, current, plan, http),
                        PurgePlan.Nothing(var message) => (message, Tone.Information),
                        PurgePlan.Refused(var message) => (message, Tone.Attention),
                        _ => throw new InvalidOperationException("Unknown plan."),
                    };
                    Flash.Leave(http, text, tone);
                    return Results.LocalRedirect(current.Path("history/versions"));
                }
            )
            .RequireAuthorization(Policies.Primary)
            .NeedsFormToken();

    private static async Task<(string Text, Tone Tone)> PurgeAsync(Purges purges, CurrentDistrict current, PurgePlan.Purges plan, HttpContext http) =>
        await purges.PurgeAsync(current.Store, plan, http.User.Identity?.Name ?? "", AuditChannel.Console, http.RequestAborted) switch
        {
            PurgeResult.Done(var freed, var told) => (
                $"{VersionWords.Count(plan.Count)} purged: {Wording.Number(freed)} old values{(told > 0 ? $" and {Wording.Count(told, "notification", "notifications")}" : "")} are no longer kept.",
                Tone.Good
            ),
            PurgeResult.Refused(var message) => (message, Tone.Attention),
            _ => throw new InvalidOperationException("Unknown result."),
        };
}
