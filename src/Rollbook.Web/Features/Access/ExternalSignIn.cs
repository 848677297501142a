using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Rollbook.Web.Features.Access;

/// <summary>Signing in with the district's own OpenID Connect provider.</summary>
internal static class ExternalSignIn
{
    internal static void Add(IServiceCollection services, IConfiguration? configuration) =>
        services.AddSingleton(new ExternalProvider(configuration?["Rollbook:OpenIdConnect:Name"]));
}
