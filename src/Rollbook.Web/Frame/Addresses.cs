using Microsoft.AspNetCore.Components;

namespace Rollbook.Web.Frame;

/// <summary>Addresses on the page itself.</summary>
internal static class Addresses
{
    /// <summary>
    /// This page's path and query, with a fragment where given. A bare <c>#main</c> would be taken relative to the document's base, which is the root.
    /// </summary>
    internal static string Here(this NavigationManager navigation, string? fragment = null)
    {
        var here = new Uri(navigation.Uri).PathAndQuery;
        return fragment is null ? here : $"{here}#{fragment}";
    }
}
