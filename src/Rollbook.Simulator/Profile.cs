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
}

/// <summary>What a profile fixes for good, unlike the fault switches.</summary>
internal sealed record ProfileTraits(bool Tombstones, bool BasicTokenOnly, bool CookieAffinity, bool BlankUsernames, bool BlanksForAbsent)
{
    public static ProfileTraits Of(Profile profile) =>
        profile switch
        {
            Profile.Clean11 => new(Tombstones: true, BasicTokenOnly: false, CookieAffinity: false, BlankUsernames: false, BlanksForAbsent: false),
            _ => new(Tombstones: false, BasicTokenOnly: true, CookieAffinity: true, BlankUsernames: true, BlanksForAbsent: true),
        };
}
