using Rollbook.Storage.Installation;

namespace Rollbook.Web.Features.Access;

/// <summary>The roles' names on the screen (product.md section 1).</summary>
internal static class Roles
{
    internal static string Name(Role role) =>
        role switch
        {
            Role.PrimaryDistrictAdmin => "Primary District Admin",
            Role.DistrictAdmin => "District Admin",
            Role.Viewer => "Viewer",
            _ => "Operator",
        };
}
