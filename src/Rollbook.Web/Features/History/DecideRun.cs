using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rollbook.Storage;
using Rollbook.Sync.Runs;
using Rollbook.Web.Features.Access;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.History;

/// <summary>Accept and Decline of a run that waits. A Primary District Admin's part (product.md section 1), bound to the changes that were shown.</summary>
internal static class DecideRun
{
    /// <summary>The field of the reason.</summary>
    internal const string Reason = "reason";

    internal static void Map(IEndpointRouteBuilder district) =>
        district.MapPost("/history/{run:long}/decision", DecideAsync).RequireAuthorization(Policies.Primary).NeedsFormToken();

    /// <summary>What is wrong with a reason, by the word that the page's address has for it.</summary>
    internal static FieldErrors Errors(string? problem) =>
        new FieldErrors()
            .Need(problem is not "missing", Reason, "Give a reason: it is kept with the run, for whoever asks later.")
            .Need(problem is not "long", Reason, $"The reason is longer than {RunDecision.LongestReason} characters. Shorten it.");

    private static async Task<IResult> DecideAsync(long run, CurrentDistrict current, IImports imports, Trail trail, HttpContext http)
    {
        if (await current.Store.Runs.GetAsync(run, http.RequestAborted) is not { } found)
        {
            return Results.NotFound();
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var decision = form["decision"].ToString();
        if (decision is not ("accept" or "decline"))
        {
            return Results.BadRequest();
        }

        var page = current.Path($"history/{run}");
        var reason = form[Reason].ToString().ReplaceLineEndings("\n").Trim();
        var hash = form["hash"].ToString();
        if (!RunStates.IsUndecided(found))
        {
            Flash.Leave(http, "Nothing was done: the run does not wait any more. What became of it is said here.", Tone.Attention);
        }
        else if (!string.Equals(hash, RunReport.FromJson(found.Report).ChangeHash, StringComparison.Ordinal))
        {
            Flash.Leave(http, "Nothing was done: the changes are others now than those that you saw. These are the new ones.", Tone.Attention);
        }
        else if (reason.Length is 0 or > RunDecision.LongestReason)
        {
            return Results.LocalRedirect($"{page}?problem={(reason.Length == 0 ? "missing" : "long")}");
        }
        else if (await RefuseAsync() is { } refusal)
        {
            Flash.Leave(http, refusal, Tone.Attention);
        }
        else
        {
            var action = decision is "accept" ? AuditActions.RunAccepted : AuditActions.RunDeclined;
            await trail.TellAsync(current.Info.Id, action, found.App.Length == 0 ? "roster" : found.App, now: $"run {run}: {reason}");
        }

        return Results.LocalRedirect(page);

        async Task<string?> RefuseAsync()
        {
            var (district, who) = (current.Info.Id, http.User.Identity?.Name ?? "");
            return decision is "decline"
                ? await imports.DeclineAsync(district, run, who, reason, http.RequestAborted)
                : await imports.AcceptAsync(district, run, hash, who, reason, http.RequestAborted) switch
                {
                    StartResult.Started => null,
                    StartResult.Refused(var message) => message,
                    _ => found.App.Length == 0
                        ? "Nothing was done: a rollback is at work. Decide when it has ended."
                        : "Nothing was done: an import of this app is at work. Decide when it has ended.",
                };
        }
    }
}
