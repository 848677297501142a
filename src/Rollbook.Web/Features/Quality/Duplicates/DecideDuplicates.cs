using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rollbook.Sync.Duplicates;
using Rollbook.Web.Features.Access;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Quality.Duplicates;

/// <summary>Merge, Keep separate, Undo, and the search for suggestions.</summary>
internal static class DecideDuplicates
{
    internal static void Map(IEndpointRouteBuilder district)
    {
        district.MapPost("/data-quality/duplicates/decide", DecideAsync).RequireAuthorization(Policies.Work).NeedsFormToken();
        district
            .MapPost(
                "/data-quality/duplicates/suggestions",
                async (CurrentDistrict current, DuplicateSearches searches, HttpContext http) =>
                {
                    await searches.SuggestAsync(current.Store, http.User.Identity?.Name ?? "", http.RequestAborted);
                    return Results.LocalRedirect(current.Path("data-quality/duplicates?show=suggestions"));
                }
            )
            .RequireAuthorization(Policies.Work)
            .NeedsFormToken();
    }

    private static async Task<IResult> DecideAsync(CurrentDistrict current, DuplicateDecisions decisions, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var decision = form["decision"].ToString();
        var keys = DuplicateAddress.Keys(form["id"]);
        var who = http.User.Identity?.Name ?? "";
        if (keys.Count is < 2 or > DuplicateComparison.MostRecords)
        {
            Flash.Leave(http, "A decision is about two to nine records. Nothing was changed; choose them and decide again.", Tone.Danger);
            return Results.LocalRedirect(current.Path("data-quality/duplicates"));
        }

        var survivor = RollbookId.TryParse(form["first"], out var chosen) && keys.Contains(chosen) ? chosen : keys[0];
        var (result, done) = decision switch
        {
            "merge" => (await decisions.MergeAsync(current.Store, keys, survivor, who, http.RequestAborted), "Merged."),
            "separate" => (await decisions.KeepSeparateAsync(current.Store, keys, who, http.RequestAborted), "Kept separate."),
            _ => (await decisions.UndoAsync(current.Store, keys, who, http.RequestAborted), "Undone."),
        };
        switch (result)
        {
            case DecisionResult.Decided { Runs: [.., var run] }:
                Flash.Leave(http, $"{done} Run {run} carries it out.");
                break;
            case DecisionResult.Decided:
                Flash.Leave(http, $"{done} The run that is at work carries it out when it has ended.");
                break;
            case DecisionResult.Refused(var message):
                Flash.Leave(http, message, Tone.Danger);
                return Results.LocalRedirect(DuplicateAddress.Of(current, keys));
        }

        return Results.LocalRedirect(
            current.Path(decision is "merge" or "separate" ? "data-quality/duplicates" : "data-quality/duplicates?show=decided")
        );
    }
}
