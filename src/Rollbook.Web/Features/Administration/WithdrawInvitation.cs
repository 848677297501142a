using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Rollbook.Storage;
using Rollbook.Web.Features.Access;
using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Administration;

/// <summary>Takes an invitation back that was not used yet.</summary>
internal static class WithdrawInvitation
{
    internal static void Map(IEndpointRouteBuilder district) =>
        district
            .MapPost(
                "/administration/invitations/{hash}/withdraw",
                async (string hash, CurrentDistrict current, DistrictPeople people, SetupLinks links, Trail trail, HttpContext http) =>
                {
                    var open = await links.OpenAsync(current.Info.Id, http.RequestAborted);
                    var link = open.FirstOrDefault(each => string.Equals(each.TokenHash, hash, StringComparison.Ordinal));
                    if (link is not null && !people.MayGive(link.Role))
                    {
                        return Results.StatusCode(StatusCodes.Status403Forbidden);
                    }

                    if (link is null || !await links.WithdrawAsync(link, http.RequestAborted))
                    {
                        Flash.Leave(http, "This invitation was used or ran out before it could be withdrawn.", Tone.Attention);
                    }
                    else
                    {
                        await trail.TellAsync(
                            current.Info.Id,
                            AuditActions.InvitationWithdrawn,
                            link.Email ?? "whoever has the link",
                            old: Roles.Name(link.Role)
                        );
                        Flash.Leave(http, "The invitation was withdrawn.");
                    }

                    return Results.LocalRedirect(current.Path("administration/admins"));
                }
            )
            .RequireAuthorization(Policies.Configure)
            .NeedsFormToken();
}
