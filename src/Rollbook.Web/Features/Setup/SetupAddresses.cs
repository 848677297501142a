using Rollbook.Sync.Setup;
using Rollbook.Web.Features.Access;

namespace Rollbook.Web.Features.Setup;

/// <summary>Where the steps are.</summary>
internal static class SetupAddresses
{
    internal static string Of(CurrentDistrict district, AppSetup setup, SetupStep step) =>
        district.Path($"apps/{setup.App}/{(setup.IsDraft ? "setup" : "settings")}/{(setup.IsDraft || step != SetupStep.Done ? step.Slug() : "app")}");
}
