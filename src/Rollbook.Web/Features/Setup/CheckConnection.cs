using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Rollbook.Sources;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Setup;
using Rollbook.Web.Features.Access;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Setup;

/// <summary>
/// Test Connection for a page with scripts: takes Delivery Config as it is on the screen and sends each step as it is done, as the list items that the page
/// without scripts shows. Beside it, the settings as they will be used. Nothing is saved.
/// </summary>
internal static class CheckConnection
{
    internal static void Map(IEndpointRouteBuilder district)
    {
        district.MapPost("/apps/{app}/check", CheckAsync).RequireAuthorization(Policies.Configure).NeedsFormToken();
        district.MapPost("/apps/{app}/inspect", InspectAsync).RequireAuthorization(Policies.Configure).NeedsFormToken();
    }

    private static async Task<IResult> InspectAsync(string app, CurrentDistrict current, Setups setups, HttpContext http)
    {
        if (await OpenAsync(app, current, setups, http) is not { Entry: not null } form)
        {
            return Results.NotFound();
        }

        var used = form
            .Entry.Settings.Where(setting => !setting.Secret)
            .ToDictionary(setting => setting.Name, setting => form.EffectiveOf(setting.Name), StringComparer.Ordinal);
        return Results.Json(used, JsonSerializerOptions.Web);
    }

    private static async Task<IResult> CheckAsync(
        string app,
        CurrentDistrict current,
        Setups setups,
        ISecrets secrets,
        IServiceProvider services,
        ILoggerFactory logs,
        HttpContext http
    )
    {
        if (await OpenAsync(app, current, setups, http) is not { Entry: { } entry } form)
        {
            return Results.NotFound();
        }

        if (form.ToEnterAgain is [var first, ..])
        {
            return Results.Text(
                $"Enter the {first.Label} again: it was kept for another address.",
                "text/plain",
                statusCode: StatusCodes.Status409Conflict
            );
        }

        SourceSettings settings;
        try
        {
            settings = await form.SettingsAsync(current.Store, secrets, app, http.RequestAborted);
        }
        catch (SourceException exception)
        {
            return Results.Text(exception.Message, "text/plain", statusCode: StatusCodes.Status409Conflict);
        }

        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        await using var renderer = new HtmlRenderer(services, logs);
        await http.Response.WriteAsync("<ol class=\"check-steps\">", http.RequestAborted);
        var isOk = true;
        await foreach (var step in entry.CheckAsync(settings, http.RequestAborted))
        {
            isOk &= step.Ok;
            await http.Response.WriteAsync(await renderer.DrawAsync<CheckStepView>((nameof(CheckStepView.Step), step)), http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }

        await http.Response.WriteAsync("</ol>" + await renderer.DrawAsync<CheckResult>((nameof(CheckResult.Ok), isOk)), http.RequestAborted);
        return Results.Empty;
    }

    private static async Task<DeliveryForm?> OpenAsync(string app, CurrentDistrict current, Setups setups, HttpContext http) =>
        await setups.OpenAsync(current.Store, app, http.RequestAborted) is { } setup
            ? DeliveryForm.Of(setups, setup, await http.Request.ReadFormAsync(http.RequestAborted), current.IsPrimary)
            : null;
}
