using Rollbook.Simulator.Generation;

namespace Rollbook.Simulator;

/// <summary>How a sourcedId looks.</summary>
public enum SourcedIdStyle
{
    /// <summary>Upper-case hyphenated GUIDs, as the SIS's own keys are printed.</summary>
    UpperGuid,

    /// <summary>The same GUIDs in lower case.</summary>
    LowerGuid,

    /// <summary>Eight-digit SIS numbers; every kind but users has a prefix of three letters.</summary>
    SisNumber,
}

/// <summary>What the simulated SIS is made of and how it is reached.</summary>
public sealed record SimulatorOptions
{
    /// <summary>How many students the district has; everything else follows in proportion. From 20 to 1,000,000.</summary>
    public int Students { get; init; } = 2_000;

    /// <summary>How many schools the district has, from 4 to one for every five students; null for as many as schools of common sizes make.</summary>
    public int? Schools { get; init; }

    /// <summary>Sections each student is in, apart from those who are in a second school; 1 to 12.</summary>
    public int EnrollmentsPerStudent { get; init; } = 7;

    /// <summary>The same seed and options give the same district, byte for byte.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How the server behaves.</summary>
    public Profile Profile { get; init; } = Profile.SynergyLike;

    /// <summary>How sourcedIds look.</summary>
    public SourcedIdStyle SourcedIdStyle { get; init; } = SourcedIdStyle.UpperGuid;

    /// <summary>First day of the district's school year; null takes the 10th of August before today by <see cref="Time"/>.</summary>
    public DateOnly? SchoolYearStart { get; init; }

    /// <summary>Where to listen, for example <c>http://127.0.0.1:5005</c>; null takes a free port on the loopback address.</summary>
    public string? Url { get; init; }

    /// <summary>A folder below the host under which everything is served, for example <c>/synergy</c>; empty for none.</summary>
    public string PathPrefix { get; init; } = string.Empty;

    /// <summary>Serves HTTPS with a certificate from a private authority made at start; see <see cref="SimulatedSynergy.CertificateAuthority"/>.</summary>
    public bool Tls { get; init; }

    /// <summary>What <c>href</c> values begin with; null takes the API URL, or with <see cref="PageCache"/> an internal host, so that the pages serve any port.</summary>
    public string? HrefBase { get; init; }

    /// <summary>A folder for pre-rendered pages of the plain full reads; null renders every page when asked.</summary>
    public string? PageCache { get; init; }

    /// <summary>Records on a pre-rendered page: the <c>limit</c> that clients must send to be served from the cache.</summary>
    public int PageCacheLimit { get; init; } = 5_000;

    /// <summary>The client's id, also called key.</summary>
    public string ClientId { get; init; } = "rollbook-client";

    /// <summary>The client's secret.</summary>
    public string ClientSecret { get; init; } = "simulated-secret";

    /// <summary>The clock: token expiry and dateLastModified of what scenarios change.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Refuses sizes the simulator does not make; an <see cref="ArgumentException"/> names the option.</summary>
#pragma warning disable MA0015 // The option's name is what the caller knows; it is a property here, not a parameter.
    internal void Validate()
    {
        if (Students is < 20 or > 1_000_000)
        {
            throw new ArgumentOutOfRangeException(nameof(Students), Students, "Choose from 20 to 1,000,000.");
        }

        if (Schools < SchoolPlan.Fewest || Schools > Students / 5)
        {
            throw new ArgumentOutOfRangeException(nameof(Schools), Schools, $"Choose from {SchoolPlan.Fewest} to one for every five students.");
        }

        if (EnrollmentsPerStudent is < 1 or > 12)
        {
            throw new ArgumentOutOfRangeException(nameof(EnrollmentsPerStudent), EnrollmentsPerStudent, "Choose from 1 to 12.");
        }
    }
#pragma warning restore MA0015
}
