using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Rollbook.Web.Features.Access;
using Rollbook.Web.Features.Account;
using Rollbook.Web.Features.Administration;
using Rollbook.Web.Features.Appearance;
using Rollbook.Web.Features.Apps;
using Rollbook.Web.Features.Data;
using Rollbook.Web.Features.Errors;
using Rollbook.Web.Features.Exports;
using Rollbook.Web.Features.Gallery;
using Rollbook.Web.Features.History;
using Rollbook.Web.Features.Notifications;
using Rollbook.Web.Features.Quality;
using Rollbook.Web.Features.Quality.Duplicates;
using Rollbook.Web.Features.Setup;
using Rollbook.Web.Features.Setup.Attributes;
using Rollbook.Web.Features.Setup.Rules;
using Rollbook.Web.Features.Setup.Schedule;
using Rollbook.Web.Features.Versions;

namespace Rollbook.Web;

/// <summary>The console's addresses.</summary>
public static class ConsoleRoutes
{
    /// <summary>
    /// Adds the console's middleware and pages. Call it after everything that must not carry the console's headers, and map
    /// other endpoints (the provider API) before or after, as you like.
    /// </summary>
    public static WebApplication MapRollbookConsole(this WebApplication app)
    {
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<ErrorPages>();
        app.UseRouting();
        app.UseRateLimiter();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();

        app.MapGet(ConsoleAssets.Route, (string version, string name, HttpContext http, ConsoleAssets assets) => assets.Serve(http, version, name))
            .AllowAnonymous();
        app.MapGet("/favicon.ico", (ConsoleAssets assets) => Results.Redirect(assets.Address("mark.svg"))).AllowAnonymous();
        app.MapRazorComponents<App>().RequireAuthorization(Policies.SignedIn);
        SignOut.Map(app);
        PasskeyOptions.Map(app);
        ExternalSignIn.Map(app);
        EndSessions.Map(app);
        PasskeyEndpoints.Map(app);
        Theme.Map(app);
        OwnNotifications.Map(app);

        var district = app.MapGroup("/d/{district}");
        RunImport.Map(district);
        UploadPackage.Map(district);
        RunExport.Map(district);
        DownloadPackage.Map(district);
        ActivateApp.Map(district);
        CheckConnection.Map(district);
        PreviewImport.Map(district);
        DeactivateApp.Map(district);
        PreviewSchedule.Map(district);
        PreviewPair.Map(district);
        PreviewEffect.Map(district);
        CancelRun.Map(district);
        DecideRun.Map(district);
        RollBack.Map(district);
        PurgeVersions.Map(district);
        SaveRetention.Map(district);
        EditRollover.Map(district);
        DecideDuplicates.Map(district);
        RunEvents.Map(district);
        DownloadCsv.Map(district);
        DownloadAudit.Map(district);
        DownloadIssues.Map(district);
        WithdrawInvitation.Map(district);
        return app;
    }
}
