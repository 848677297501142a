namespace Rollbook.Web.Features.Access;

/// <summary>The district's own OpenID Connect provider, where the operator has named one.</summary>
/// <param name="Name">The name on the button; null where there is no provider.</param>
internal sealed record ExternalProvider(string? Name);
