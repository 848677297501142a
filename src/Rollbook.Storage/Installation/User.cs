using Microsoft.AspNetCore.Identity;

namespace Rollbook.Storage.Installation;

/// <summary>Someone who signs in.</summary>
public sealed class User : IdentityUser
{
    /// <summary>The name to show; the sign-in name is <see cref="IdentityUser{TKey}.UserName"/>.</summary>
    public string DisplayName { get; set; } = "";

    /// <summary>When the person last signed in; null before the first time.</summary>
    public DateTimeOffset? LastSignInAt { get; set; }
}
