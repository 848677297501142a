using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Runs;
using Rollbook.Web.Features.Access;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.History;

/// <summary>
/// Accept and Decline of a run that waits, and what is left out of it. A Primary District Admin's part (product.md section 1), bound to the changes that were shown.
/// </summary>
internal static class DecideRun
{
    /// <summary>The field of the reason.</summary>
    internal const string Reason = "reason";

    internal static void Map(IEndpointRouteBuilder district)
    {
        district.MapPost("/history/{run:long}/decision", DecideAsync).RequireAuthorization(Policies.Primary).NeedsFormToken();
        district.MapPost("/history/{run:long}/migrate", MigrateAsync).RequireAuthorization(Policies.Primary).NeedsFormToken();
        district.MapPost("/history/{run:long}/separate", SeparateAsync).RequireAuthorization(Policies.Primary).NeedsFormToken();
        district.MapPost("/history/{run:long}/left", LeaveAsync).RequireAuthorization(Policies.Primary).NeedsFormToken();
    }

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
        else if (!string.Equals(hash, await imports.ShownAsync(current.Store, found, http.RequestAborted), StringComparison.Ordinal))
        {
            Refuse("Nothing was done: the changes are others now than those that you saw. These are the new ones.");
        }
        else if (reason.Length is 0 or > RunDecision.LongestReason)
        {
            return Results.LocalRedirect($"{page}?problem={(reason.Length == 0 ? "missing" : "long")}");
        }
        else if (await RefuseAsync() is { } refusal)
        {
            Refuse(refusal);
        }
        else
        {
            var action = decision is "accept" ? AuditActions.RunAccepted : AuditActions.RunDeclined;
            await trail.TellAsync(current.Info.Id, action, found.App.Length == 0 ? "roster" : found.App, now: $"run {run}: {reason}");
        }

        return Results.LocalRedirect(page);

        void Refuse(string why)
        {
            Flash.Leave(http, why, Tone.Attention);
            TypedReason.Keep(http, page, reason);
        }

        async Task<string?> RefuseAsync()
        {
            var (district, who) = (current.Info.Id, http.User.Identity?.Name ?? "");
            string? Agreed()
            {
                Flash.Leave(http, "Your agreement is kept. The changes are published when a second person accepts them, too.", Tone.Information);
                return null;
            }

            return decision is "decline"
                ? await imports.DeclineAsync(district, run, hash, who, reason, http.RequestAborted)
                : await imports.AcceptAsync(district, run, hash, who, reason, http.RequestAborted) switch
                {
                    StartResult.Started => null,
                    StartResult.Refused(var message) => message,
                    StartResult.Agreed => Agreed(),
                    _ => found.App.Length == 0
                        ? "Nothing was done: a rollback is at work. Decide when it has ended."
                        : "Nothing was done: an import of this app is at work. Decide when it has ended.",
                };
        }
    }

    /// <summary>SIS Migration: looks for records that come under new IDs, and computes the changes again.</summary>
    private static async Task<IResult> MigrateAsync(long run, CurrentDistrict current, IImports imports, Trail trail, HttpContext http)
    {
        switch (await imports.MigrateAsync(current.Info.Id, run, http.RequestAborted))
        {
            case StartResult.Started:
                var app = (await current.Store.Runs.GetAsync(run, http.RequestAborted))!.App;
                await trail.TellAsync(current.Info.Id, AuditActions.PairsFound, app, now: $"run {run}");
                break;
            case StartResult.Refused(var message):
                Flash.Leave(http, $"Nothing was done. {message}", Tone.Attention);
                break;
            default:
                Flash.Leave(http, "Nothing was done: an import of this app is at work. Look for pairs when it has ended.", Tone.Attention);
                break;
        }

        return Results.LocalRedirect(current.Path($"history/{run}"));
    }

    /// <summary>Keeps the records of a pair separate, or takes them as one again.</summary>
    private static async Task<IResult> SeparateAsync(long run, CurrentDistrict current, IImports imports, Trail trail, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (!RollbookId.TryParse(form["key"].ToString(), out var key))
        {
            return Results.BadRequest();
        }

        var isSeparate = form["separate"] == "true";
        if (await imports.SeparateAsync(current.Info.Id, run, key, isSeparate, http.RequestAborted) is { } refusal)
        {
            Flash.Leave(http, $"Nothing was done. {refusal}", Tone.Attention);
        }
        else
        {
            var app = (await current.Store.Runs.GetAsync(run, http.RequestAborted))!.App;
            await trail.TellAsync(
                current.Info.Id,
                isSeparate ? AuditActions.PairSeparated : AuditActions.PairTaken,
                app,
                now: $"run {run}: record {key}"
            );
        }

        var back = form["back"].ToString();
        return Results.LocalRedirect(current.Path($"history/{run}/pairs") + (back.StartsWith('?') ? back : ""));
    }

    /// <summary>Leaves some changes out, or takes them in again: all of a kind, an operation or a school, or a single record's.</summary>
    private static async Task<IResult> LeaveAsync(long run, CurrentDistrict current, IImports imports, Trail trail, HttpContext http)
    {
        if (await current.Store.Runs.GetAsync(run, http.RequestAborted) is not { } found)
        {
            return Results.NotFound();
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var kind = Kinds.Find(form["kind"].ToString());
        var operation = Enum.TryParse<Operation>(form["operation"].ToString(), ignoreCase: true, out var parsed) ? parsed : (Operation?)null;
        var school = RollbookId.TryParse(form["school"].ToString(), out var at) ? at : (RollbookId?)null;
        var record = RollbookId.TryParse(form["record"].ToString(), out var one) ? one : (RollbookId?)null;
        var isLeft = form["left"] == "true";
        var page = current.Path($"history/{run}");
        var back = form["back"].ToString() is { Length: > 0 } query && query.StartsWith('?') ? $"{page}/changes{query}" : $"{page}#left-out";
        var isBefore = form["before"] == "true";
        var which = new StagedSelection(kind?.Kind, operation, school, record, IsLeftBefore: isBefore);
        if (which == StagedSelection.All && isLeft)
        {
            Flash.Leave(
                http,
                "Nothing was left out: choose an entity type, an operation or a school. To leave everything out, decline the changes.",
                Tone.Attention
            );
            return Results.LocalRedirect(back);
        }

        if (
            await imports.ChooseAsync(current.Info.Id, run, form["hash"].ToString(), [new PartChoice(which, isLeft)], http.RequestAborted) is
            { } refusal
        )
        {
            Flash.Leave(http, $"Nothing was done. {refusal}", Tone.Attention);
        }
        else
        {
            string?[] parts =
            [
                kind?.Name,
                operation?.ToString().ToLowerInvariant(),
                school is { } id ? $"school {id}" : null,
                record is { } key ? $"record {key}" : null,
                isBefore ? "what was left out before" : null,
            ];
            var said = string.Join(", ", parts.OfType<string>().DefaultIfEmpty("all"));
            await trail.TellAsync(
                current.Info.Id,
                isLeft ? AuditActions.ChangesLeftOut : AuditActions.ChangesTakenIn,
                found.App,
                now: $"run {run}: {said}"
            );
        }

        return Results.LocalRedirect(back);
    }
}
