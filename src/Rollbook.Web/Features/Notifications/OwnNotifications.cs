using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rollbook.Storage;
using Rollbook.Storage.Installation;
using Rollbook.Telling;
using Rollbook.Web.Features.Access;

namespace Rollbook.Web.Features.Notifications;

/// <summary>
/// What a person chooses and has read: one's own affair, whatever the role. Not below the district's addresses, which take no form from a Viewer.
/// </summary>
internal static class OwnNotifications
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/account/notifications/{district}/choices", ChooseAsync).RequireAuthorization(Policies.SignedIn).NeedsFormToken();
        routes.MapPost("/account/notifications/{district}/read", ReadAsync).RequireAuthorization(Policies.SignedIn).NeedsFormToken();
    }

    internal static string ChoicesAddress(string district) => $"/account/notifications/{district}/choices";

    internal static string ReadAddress(string district) => $"/account/notifications/{district}/read";

    private static async Task<IResult> ChooseAsync(
        string district,
        Memberships memberships,
        IInstallationStore installation,
        Trail trail,
        HttpContext http
    )
    {
        if (await EnterAsync(district, memberships, installation, http) is not var (store, person, role))
        {
            return Results.NotFound();
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var before = await store.Notifications.ChoicesAsync(http.RequestAborted);
        var chosen = EmailChoice.All.ToDictionary(choice => choice.Key, choice => form[choice.Key] == "on", StringComparer.Ordinal);
        await store.Notifications.ChooseAsync(person, chosen, http.RequestAborted);
        var old = Labels(choice => choice.IsFor(person, role, before));
        var now = Labels(choice => chosen[choice.Key]);
        if (!old.SequenceEqual(now, StringComparer.Ordinal))
        {
            await trail.TellAsync(district, AuditActions.NotificationsChosen, http.User.Identity?.Name ?? "", old, now);
        }

        Flash.Leave(http, now.Count == 0 ? "Saved. You get no e-mail from Rollbook about this district." : "Saved.");
        return Results.LocalRedirect($"/d/{district}/administration/email-notifications");
    }

    private static async Task<IResult> ReadAsync(string district, Memberships memberships, IInstallationStore installation, HttpContext http)
    {
        if (await EnterAsync(district, memberships, installation, http) is not var (store, person, _))
        {
            return Results.NotFound();
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var newest = await store.Notifications.ListAsync(app: null, topics: null, before: null, limit: 1, http.RequestAborted);
        if (long.TryParse(form["number"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && newest is [var last])
        {
            // Never more than there are: those that come are new.
            await store.Notifications.MarkReadAsync(person, Math.Min(number, last.Number), http.RequestAborted);
        }

        return Results.LocalRedirect($"/d/{district}/notifications");
    }

    private static List<string> Labels(Func<EmailChoice, bool> isChosen) => [.. EmailChoice.All.Where(isChosen).Select(choice => choice.Label)];

    private static async Task<(IDistrictStore Store, string Person, Role Role)?> EnterAsync(
        string district,
        Memberships memberships,
        IInstallationStore installation,
        HttpContext http
    ) =>
        http.User.FindFirstValue(ClaimTypes.NameIdentifier) is { } person
        && (await memberships.RolesAsync(person, http.RequestAborted)).TryGetValue(district, out var membership)
        && await installation.OpenAsync(district, http.RequestAborted) is { } store
            ? (store, person, membership.Role)
            : null;
}
