using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;
using Rollbook.Sync.Runs;
using Rollbook.Sync.Setup;
using Rollbook.Sync.WhatIf;
using Rollbook.Web.Features.Access;
using Rollbook.Web.Features.Setup;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Apps;

/// <summary>
/// Takes a package that a person uploads, looks at it, keeps it, and begins an import with it where the form asks for that. A form leads to the page that shows what became of it; a
/// script that asks for JSON is told where that is, or what is wrong.
/// </summary>
internal static class UploadPackage
{
    /// <summary>What the server takes at all; what an app takes is in its own settings.</summary>
    private const long MostBytes = 100L << 30;

    /// <summary>What the form asks for besides keeping the package: an import with it.</summary>
    internal const string Import = "import";

    /// <summary>That it is not kept, and an import with it is rehearsed.</summary>
    internal const string Rehearse = "rehearse";

    internal static void Map(IEndpointRouteBuilder district) =>
        district
            .MapPost("/apps/{app}/package", ReceiveAsync)
            .WithMetadata(new RequestSizeLimitAttribute(MostBytes))
            .WithFormOptions(multipartBodyLengthLimit: MostBytes)
            .RequireAuthorization(Policies.Work)
            .NeedsFormToken();

    /// <summary>Whether an app is one to which packages are uploaded, and what it has; null when it is not.</summary>
    internal static (KeptPackage? Kept, bool Takes)? Of(Setups setups, string district, string app, AppConfiguration configuration) =>
        setups.ConnectorOf(configuration) is IAcceptsPackages connector && connector.TakesPackages(new SourceSettings(configuration.Delivery))
            ? (connector.Kept(new SourceOwner(district, app)), true)
            : null;

    private static async Task<IResult> ReceiveAsync(
        string app,
        CurrentDistrict current,
        Setups setups,
        IImports imports,
        Rehearsals rehearsals,
        Trail trail,
        HttpContext http
    )
    {
        if (
            await setups.OpenAsync(current.Store, app, http.RequestAborted) is not { } setup
            || setups.ConnectorOf(setup.Configuration) is not IAcceptsPackages connector
        )
        {
            return Results.NotFound();
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var isImport = form["then"] == Import && !setup.IsDraft;
        var isRehearsal = form["then"] == Rehearse && !setup.IsDraft;
        var page =
            isImport ? current.Path($"apps/{app}")
            : isRehearsal ? current.Path($"apps/{app}/rehearsal")
            : SetupAddresses.Of(current, setup, SetupStep.DeliveryConfig);
        var settings = new SourceSettings(setup.Configuration.Delivery) { Owner = new SourceOwner(current.Info.Id, app) };
        if (!isRehearsal && !connector.TakesPackages(settings))
        {
            return Refuse(
                "This app takes its packages from the place that Delivery Config names. Empty that setting and save it to upload packages."
            );
        }

        if (form.Files["package"] is not { Length: > 0 } file)
        {
            return Refuse("No file was chosen, or it is empty. Choose the ZIP file that your student information system exports.");
        }

        try
        {
            await using var stream = file.OpenReadStream();
            if (isRehearsal)
            {
                var question = await WhatIfQuestion.OfDraftAsync(current.Store, app, setup.Configuration, http.RequestAborted);
                var rehearsal = await rehearsals.ReceiveAsync(current.Store, app, setup.Configuration, stream, http.RequestAborted);

                // Rehearsing removes it, also when nobody waits for the answer any more.
                question = question with
                {
                    Rehearsal = rehearsal,
                    Of = "an uploaded package",
                };
                await rehearsals.StartAsync(current.Store, question, http.User.Identity?.Name ?? "", CancellationToken.None);
                await trail.TellAsync(current.Info.Id, AuditActions.RehearsalStarted, $"apps.{app}");
                return Done(page, "The package was uploaded, and its rehearsal has begun.");
            }

            var kept = await connector.ReceiveAsync(settings, stream, http.RequestAborted);
            await trail.TellAsync(current.Info.Id, AuditActions.PackageUploaded, $"apps.{app}", now: new { bytes = kept.Bytes });
        }
        catch (SourceException exception)
        {
            return Refuse(exception.Message);
        }

        if (!isImport)
        {
            return Done(page, "The package was uploaded and is in order. Test Connection reads it to its end.");
        }

        switch (await imports.StartAsync(current.Info.Id, app, "console", http.User.Identity?.Name ?? "", http.RequestAborted))
        {
            case StartResult.Started(var run):
                await trail.TellAsync(current.Info.Id, AuditActions.ImportStarted, app, now: $"run {run}");
                return Done(current.Path($"history/{run}"), "The package was uploaded, and its import has begun.");
            case StartResult.Refused(var message):
                return Refuse($"The package was uploaded, and its import could not begin. {message}");
            default:
                return Refuse("The package was uploaded. An import of this app is at work already; wait until it ends, then press Run Import.");
        }

        IResult Done(string address, string message)
        {
            Flash.Leave(http, message);
            return IsScript(http) ? Results.Json(new { address }) : Results.LocalRedirect(address);
        }

        IResult Refuse(string message)
        {
            if (IsScript(http))
            {
                return Results.Json(new { problem = message }, statusCode: StatusCodes.Status422UnprocessableEntity);
            }

            Flash.Leave(http, message, Tone.Danger);
            return Results.LocalRedirect(page);
        }
    }

    private static bool IsScript(HttpContext http) => http.Request.Headers.Accept.ToString().StartsWith("application/json", StringComparison.Ordinal);
}
