using Rollbook.Sync.Setup;
using Rollbook.Web.Features.Access;

namespace Rollbook.Web.Features.Setup.Limits;

/// <summary>Where an app's limits and planned change windows are.</summary>
internal static class LimitAddresses
{
    internal static string Limits(CurrentDistrict district, AppSetup setup) => Of(district, setup, "limits");

    internal static string Windows(CurrentDistrict district, AppSetup setup) => Of(district, setup, "change-windows");

    private static string Of(CurrentDistrict district, AppSetup setup, string page) =>
        district.Path($"apps/{setup.App}/{(setup.IsDraft ? "setup" : "settings")}/{page}");
}
