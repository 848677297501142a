using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Rollbook.Sync.Configuration;
using Rollbook.Web.Features.Access;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Administration;

/// <summary>Adds and removes periods of Data Rollover (product.md section 7).</summary>
internal static class EditRollover
{
    /// <summary>The word of <see cref="RolloverMode.Suspend"/>.</summary>
    internal const string Suspend = "suspend";

    private const string NoDeletions = "noDeletions";
    private const int MostPeriods = 50;

    /// <summary>What a period can do, by the word that is posted.</summary>
    internal static IReadOnlyList<(string Value, string Text)> Modes { get; } =
    [(Suspend, Name(RolloverMode.Suspend)), (NoDeletions, Name(RolloverMode.NoDeletions))];

    /// <summary>What a mode is called.</summary>
    internal static string Name(RolloverMode mode) => mode == RolloverMode.Suspend ? "Suspend data import" : "Disable data deletion";

    /// <summary>By what a period is named when it is removed.</summary>
    internal static string Key(RolloverPeriod period) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{period.From:yyyy-MM-dd} {period.Until:yyyy-MM-dd} {(period.Mode == RolloverMode.Suspend ? Suspend : NoDeletions)}"
        );

    /// <summary>What is wrong with what was posted, by the word that the page's address has for it.</summary>
    internal static FieldErrors Errors(string? problem) =>
        new FieldErrors()
            .Need(problem is not "from", "from", "Give the first day as a date.")
            .Need(problem is not "until", "until", "Give the last day as a date.")
            .Need(problem is not "order", "until", "The last day is before the first. Give a later one.")
            .Need(problem is not "past", "until", "The last day is over. Give one that is to come.")
            .Need(problem is not "many", "from", $"There are {MostPeriods} periods. Remove some that have ended.");

    internal static void Map(IEndpointRouteBuilder district)
    {
        district.MapPost("/administration/data-rollover/add", AddAsync).RequireAuthorization(Policies.Configure).NeedsFormToken();
        district.MapPost("/administration/data-rollover/remove", RemoveAsync).RequireAuthorization(Policies.Configure).NeedsFormToken();
    }

    private static async Task<IResult> AddAsync(CurrentDistrict current, Configurations configurations, TimeProvider time, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var (mode, from, until) = (form["mode"].ToString(), form["from"].ToString(), form["until"].ToString());
        var page = current.Path("administration/data-rollover");
        var today = current.Today(time);
        if (!IsDay(from, out var first))
        {
            return Again("from");
        }

        if (!IsDay(until, out var last))
        {
            return Again("until");
        }

        if (last < first || last < today)
        {
            return Again(last < first ? "order" : "past");
        }

        var period = new RolloverPeriod(first, last, mode is NoDeletions ? RolloverMode.NoDeletions : RolloverMode.Suspend);
        var isFull = false;
        await configurations.ChangeAsync(
            current.Info.Id,
            http.User.Identity?.Name ?? "",
            district =>
            {
                isFull = district.Rollover is { Count: >= MostPeriods };
                return isFull ? district : district.WithRollover([.. (district.Rollover ?? []).Where(other => other != period), period]);
            },
            http.RequestAborted
        );
        if (isFull)
        {
            return Again("many");
        }

        Flash.Leave(http, $"{Name(period.Mode)}, {Wording.Day(first)} to {Wording.Day(last)}: saved.", Tone.Good);
        return Results.LocalRedirect(page);

        IResult Again(string problem) =>
            Results.LocalRedirect(
                QueryHelpers.AddQueryString(
                    page,
                    new Dictionary<string, string?>(StringComparer.Ordinal)
                    {
                        ["problem"] = problem,
                        ["mode"] = mode is NoDeletions ? NoDeletions : Suspend,
                        ["from"] = IsDay(from, out _) ? from : "",
                        ["until"] = IsDay(until, out _) ? until : "",
                    }
                )
            );
    }

    private static async Task<IResult> RemoveAsync(CurrentDistrict current, Configurations configurations, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var key = form["period"].ToString();
        await configurations.ChangeAsync(
            current.Info.Id,
            http.User.Identity?.Name ?? "",
            district =>
                district.WithRollover([.. (district.Rollover ?? []).Where(period => !string.Equals(Key(period), key, StringComparison.Ordinal))]),
            http.RequestAborted
        );
        Flash.Leave(http, "The period was removed.", Tone.Good);
        return Results.LocalRedirect(current.Path("administration/data-rollover"));
    }

    private static bool IsDay(string text, out DateOnly day) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
}
