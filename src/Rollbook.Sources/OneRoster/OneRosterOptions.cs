namespace Rollbook.Sources.OneRoster;

/// <summary>What the operator of this server, not the district, decides about OneRoster connections; the defaults are those of synergy-oneroster.md section 6.</summary>
public sealed record OneRosterOptions
{
    /// <summary>Smallest page that is asked for when the source can't answer larger ones.</summary>
    internal const int SmallestPage = 50;

    /// <summary>Largest page that is asked for.</summary>
    internal const int LargestPage = 5000;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// Whether a source may have an address of a private network or of this machine. Districts host Synergy themselves, so it is on;
    /// whoever hosts Rollbook for others turns it off. Link-local addresses, where clouds keep their metadata, are refused always.
    /// </summary>
    public bool AllowPrivateNetworks { get; init; } = true;

    /// <summary>How long a connection may take to stand.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a page may take, its last byte included.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(180);

    /// <summary>How long each step of a connection test may take.</summary>
    public TimeSpan CheckTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a page is asked for before the read fails.</summary>
    public int Tries { get; init; } = 5;

    /// <summary>The pause after the first failed try; later ones grow exponentially, with jitter.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause of our own choice.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest pause asked for by the source (<c>Retry-After</c>) that a run waits for.</summary>
    public TimeSpan LongestRetryAfter { get; init; } = TimeSpan.FromMinutes(10);
}
