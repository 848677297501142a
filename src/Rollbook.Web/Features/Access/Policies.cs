using Microsoft.AspNetCore.Authorization;

namespace Rollbook.Web.Features.Access;

/// <summary>
/// Who may do what (product.md section 1). Every page and endpoint names one of these or says that everyone may; a test goes through all of them.
/// Those of a district never let anyone but its admins send anything but GET, whatever the policy says.
/// </summary>
internal static class Policies
{
    /// <summary>Reading: everyone with a role in the district of the address.</summary>
    public const string Read = "district:read";

    /// <summary>Starting and stopping imports: District Admins and Primary District Admins.</summary>
    public const string Work = "district:work";

    /// <summary>Changing the district's configuration and its people: District Admins and Primary District Admins.</summary>
    public const string Configure = "district:configure";

    /// <summary>Activating apps, accepting terms, approving, rolling back: Primary District Admins.</summary>
    public const string Primary = "district:primary";

    /// <summary>Running the installation: Operators.</summary>
    public const string Operator = "installation:operator";

    /// <summary>One's own affairs: everyone who is signed in.</summary>
    public const string SignedIn = "signed-in";

    /// <summary>What a thief of a session must not do: everyone who signed in a few minutes ago (<see cref="Sessions.Recently"/>).</summary>
    public const string SignedInRecently = "signed-in:recently";
}

/// <summary>What a role must allow.</summary>
internal enum Need
{
    /// <summary>Looking.</summary>
    Read,

    /// <summary>Changing.</summary>
    Change,

    /// <summary>What is left to the Primary District Admin.</summary>
    Primary,
}

/// <summary>A role in the district of the address.</summary>
/// <param name="Need">What it must allow.</param>
internal sealed record DistrictRequirement(Need Need) : IAuthorizationRequirement;

/// <summary>The role of an operator.</summary>
internal sealed record OperatorRequirement : IAuthorizationRequirement;

/// <summary>A sign-in not long ago.</summary>
internal sealed record RecentRequirement : IAuthorizationRequirement;
