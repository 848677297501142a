using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rollbook.Sync.Configuration;
using Rollbook.Web.Features.Access;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Versions;

/// <summary>How long versions are kept: saved as part of the district's configuration. An empty field is no rule.</summary>
internal static class SaveRetention
{
    internal static void Map(IEndpointRouteBuilder district) =>
        district
            .MapPost(
                "/history/versions/retention",
                async (CurrentDistrict current, Configurations configurations, HttpContext http) =>
                {
                    var form = await http.Request.ReadFormAsync(http.RequestAborted);
                    var problems = new List<string>();
                    var retention = new Retention(Read("versions"), Read("days"));
                    if (problems.Count > 0)
                    {
                        return Results.LocalRedirect(current.Path($"history/versions?problem={string.Join('+', problems)}#retention"));
                    }

                    var saved = await configurations.ChangeAsync(
                        current.Info.Id,
                        http.User.Identity?.Name ?? "",
                        configuration => configuration with { Retention = retention == new Retention() ? null : retention },
                        http.RequestAborted
                    );
                    Flash.Leave(http, saved.Changed ? $"Saved. The district keeps {retention.Words}." : "Nothing was changed.", Tone.Good);
                    return Results.LocalRedirect(current.Path("history/versions"));

                    int? Read(string name)
                    {
                        var text = form[name].ToString().Trim();
                        if (text.Length == 0)
                        {
                            return null;
                        }

                        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && Retention.IsPossible(number))
                        {
                            return number;
                        }

                        problems.Add(name);
                        return null;
                    }
                }
            )
            .RequireAuthorization(Policies.Primary)
            .NeedsFormToken();

    /// <summary>What is wrong with the form, by the words that the page's address has for it.</summary>
    internal static FieldErrors Errors(string? problem)
    {
        var words = problem?.Split(' ', '+') ?? [];
        var range = string.Create(CultureInfo.InvariantCulture, $"a whole number from 1 to {Retention.Most:N0}, or nothing");
        return new FieldErrors()
            .Need(!words.Contains("versions", StringComparer.Ordinal), "versions", $"Newest versions: enter {range}.")
            .Need(!words.Contains("days", StringComparer.Ordinal), "days", $"Days: enter {range}.");
    }
}
