namespace Rollbook.Simulator;

/// <summary>A way for the server to behave; the starting point of its fault switches.</summary>
public enum Profile
{
    /// <summary>OneRoster 1.1 by the book: tombstones, Link and X-Total-Count, every filter.</summary>
    Clean11,

    /// <summary>
    /// What is known of Synergy: token only by form body with Basic authentication, a session cookie to replay, no Link, a silent
    /// page cap of 5,000, removed records vanish without tombstones, some user names are blank.
    /// </summary>
    SynergyLike,

    /// <summary>As <see cref="SynergyLike"/>, with every quirk at once that a client can survive: the worst server that can still be read completely.</summary>
    Hostile,

    /// <summary>OneRoster 1.2 by the book: users with roles, preferred names and profiles, errors as one object, no Link, OAuth 2 only.</summary>
    Clean12,
}

/// <summary>The version of OneRoster that is spoken.</summary>
internal enum OneRosterVersion
{
    V11,
    V12,
}

/// <summary>What a profile fixes for good, unlike the fault switches.</summary>
internal sealed record ProfileTraits(bool Tombstones, bool BasicTokenOnly, bool CookieAffinity, bool BlankUsernames, bool BlanksForAbsent)
{
    /// <summary>The version that the profile speaks.</summary>
    public OneRosterVersion Version { get; init; }

    /// <summary>Where the API is below the host and the folder.</summary>
    public string ApiPath => Version is OneRosterVersion.V12 ? "/ims/oneroster/rostering/v1p2" : "/ims/oneroster/v1p1";

    public static ProfileTraits Of(Profile profile) =>
        profile switch
        {
            Profile.Clean11 or Profile.Clean12 => new(
                Tombstones: true,
                BasicTokenOnly: false,
                CookieAffinity: false,
                BlankUsernames: false,
                BlanksForAbsent: false
            )
            {
                Version = profile is Profile.Clean12 ? OneRosterVersion.V12 : OneRosterVersion.V11,
            },
            _ => new(Tombstones: false, BasicTokenOnly: true, CookieAffinity: true, BlankUsernames: true, BlanksForAbsent: true),
        };
}
