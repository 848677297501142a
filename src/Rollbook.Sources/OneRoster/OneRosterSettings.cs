using System.Globalization;
using System.Security.Cryptography.X509Certificates;

namespace Rollbook.Sources.OneRoster;

/// <summary>The settings of a OneRoster connection, read and checked. Holds the secret: prints nothing.</summary>
internal sealed class OneRosterSettings
{
    private const string OAuth1 = "1.0a";

    private OneRosterSettings(SourceSettings settings, OneRosterVersion? found, bool isNested)
    {
        Signs = ParseOAuth(settings["oauth"]);
        var version = ParseVersion(settings);
        VersionIsSet = version is not null;
        Api = ParseApi(settings, version ?? found);
        VersionIsOpen = !Signs && (version ?? found ?? OneRosterUrl.NamedBy(settings["apiUrl"])) is null;
        TokenUrls =
            Signs ? []
            : string.IsNullOrWhiteSpace(settings["tokenUrl"])
                ? [new($"{Api.Effective}/token"), new($"{Api.Effective}/oauth/token"), new($"{Api.Effective}/oauth2/token")]
            : [WebAddress.Parse(settings["tokenUrl"], "Token URL", CheckPart.TokenUrl)];
        TokenUrlIsGuessed = TokenUrls.Count > 1;
        ClientId = Required(settings, "clientId", "Client ID");
        ClientSecret = Required(settings, "clientSecret", "Client Secret");
        ScopeChoices = ParseScope(settings["scope"], Api.Version.Scopes(), isNested);
        PageSize = ParsePageSize(settings["pageSize"]);
        ExtraTrust = CertificateTrust.Parse(settings["caCertificate"]);
    }

    /// <summary>Where the API is, and which version it speaks.</summary>
    public OneRosterUrl Api { get; }

    /// <summary>Whether neither a setting nor the API URL says the version, so that it is to be found.</summary>
    public bool VersionIsOpen { get; }

    /// <summary>Whether a setting says the version, whatever the API URL names.</summary>
    public bool VersionIsSet { get; }

    /// <summary>Whether requests are signed (OAuth 1.0a) instead of carrying a token (OAuth 2).</summary>
    public bool Signs { get; }

    /// <summary>Where a token may be had, the likeliest first; one when the person gave it, none when requests are signed.</summary>
    public IReadOnlyList<Uri> TokenUrls { get; }

    public bool TokenUrlIsGuessed { get; }

    public string ClientId { get; }

    public string ClientSecret { get; }

    /// <summary>The scopes to ask for, one after the other until one is accepted; null asks for none.</summary>
    public IReadOnlyList<string?> ScopeChoices { get; }

    public int PageSize { get; }

    public X509Certificate2Collection ExtraTrust { get; }

    /// <summary>Reads the settings.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="found">The version that was found where the settings leave it open.</param>
    /// <exception cref="SourceException">A setting is missing or wrong; the message names it.</exception>
    public static OneRosterSettings Parse(SourceSettings settings, OneRosterVersion? found = null) => new(settings, found, isNested: false);

    /// <summary>The same for paths such as <c>schools/{id}/students</c>, which the core scope does not open (section 2.2).</summary>
    /// <exception cref="SourceException">A setting is missing or wrong; the message names it.</exception>
    public static OneRosterSettings ParseForNestedPaths(SourceSettings settings, OneRosterVersion? found) => new(settings, found, isNested: true);

    /// <summary>Looks at each setting on its own, without asking the source: what is wrong with it, and how it will be used where that differs.</summary>
    public static IReadOnlyList<SettingFinding> Inspect(SourceSettings settings) =>
        [
            Find("apiUrl", () => EffectiveApi(settings)),
            Find(
                "tokenUrl",
                () =>
                    settings["oauth"] is OAuth1 || string.IsNullOrWhiteSpace(settings["tokenUrl"])
                        ? null
                        : $"{WebAddress.Parse(settings["tokenUrl"], "Token URL", CheckPart.TokenUrl)}"
            ),
            Find("clientId", () => Required(settings, "clientId", "Client ID")),
            Find("clientSecret", () => Nothing(Required(settings, "clientSecret", "Client Secret"))),
            Find("oauth", () => Nothing(ParseOAuth(settings["oauth"]))),
            Find("version", () => Nothing(ParseVersion(settings))),
            Find("pageSize", () => Nothing(ParsePageSize(settings["pageSize"]))),
            Find("timeZone", () => CheckTimeZone(settings["timeZone"]?.Trim())),
            Find("caCertificate", () => Nothing(CertificateTrust.Parse(settings["caCertificate"]))),
        ];

    /// <inheritdoc/>
    public override string ToString() => nameof(OneRosterSettings);

    private static SettingFinding Find(string name, Func<string?> effective)
    {
        try
        {
            return new SettingFinding(name, Problem: null, effective());
        }
        catch (SourceException exception)
        {
            return new SettingFinding(name, exception.Message, Effective: null);
        }
    }

    private static string? Nothing(object? parsed)
    {
        (parsed as IDisposable)?.Dispose();
        return null;
    }

    // Which of the two it is, is known only when the source is asked.
    private static string EffectiveApi(SourceSettings settings)
    {
        var version = settings["oauth"] is OAuth1 ? OneRosterVersion.V11 : Named(settings["version"]);
        var url = ParseApi(settings, version);
        return version is null && OneRosterUrl.NamedBy(settings["apiUrl"]) is null
            ? $"{url.Effective} or {(url with { Version = OneRosterVersion.V12 }).Effective}"
            : url.Effective;
    }

    private static OneRosterUrl ParseApi(SourceSettings settings, OneRosterVersion? version) =>
        settings["oauth"] is OAuth1 && Named(settings["version"]) is null && OneRosterUrl.NamedBy(settings["apiUrl"]) is OneRosterVersion.V12
            ? throw Unsigned()
            : OneRosterUrl.Normalize(settings["apiUrl"], version);

    private static bool ParseOAuth(string? oauth) =>
        oauth switch
        {
            null or "" or "2.0" => false,
            OAuth1 => true,
            _ => throw Refuse("This way to sign in is not known. Set OAuth to 2.0 or 1.0a."),
        };

    private static OneRosterVersion? ParseVersion(SourceSettings settings)
    {
        var version = Named(settings["version"]);
        if (version is null && settings["version"] is not (null or "" or "auto"))
        {
            throw Refuse("This OneRoster version is not known. Set the OneRoster version to auto, 1.1 or 1.2.");
        }

        if (settings["oauth"] is not OAuth1)
        {
            return version;
        }

        return version is OneRosterVersion.V12 ? throw Unsigned() : OneRosterVersion.V11;
    }

    private static OneRosterVersion? Named(string? version) =>
        version switch
        {
            "1.1" => OneRosterVersion.V11,
            "1.2" => OneRosterVersion.V12,
            _ => null,
        };

    // Used when dates are mapped, not by the connection.
    private static string? CheckTimeZone(string? zone) =>
        zone is null or "" or "UTC" || (zone.Contains('/', StringComparison.Ordinal) && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            ? null
            : throw Refuse("This time zone is not known. Enter an IANA time zone such as America/Los_Angeles, or nothing for the district's own.");

    private static string Required(SourceSettings settings, string name, string label) =>
        settings[name]?.Trim() is { Length: > 0 } value
            ? value
            : throw Refuse($"The {label} is empty. Enter the {label} that your SIS shows for this client.");

    private static IReadOnlyList<string?> ParseScope(string? scope, string names, bool isNested) =>
        scope?.Trim() switch
        {
            null or "" or "default" when isNested => [$"{names}roster.readonly", null],
            // Some servers know the core scope only, some know none at all (section 1.3).
            null or "" or "default" => [$"{names}roster-core.readonly {names}roster-demographics.readonly", $"{names}roster-core.readonly", null],
            "none" => [null],
            var custom => [string.Join(' ', custom.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), null],
        };

    private static int ParsePageSize(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return 1000;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size is >= 100 and <= OneRosterOptions.LargestPage
            ? size
            : throw Refuse("The page size is not a number from 100 to 5000. Leave it empty for 1000.");
    }

    private static SourceException Unsigned() =>
        Refuse("OneRoster 1.2 does not know OAuth 1.0a. Set OAuth to 2.0, with a client of OAuth 2 of the SIS, or set the OneRoster version to 1.1.");

    private static SourceException Refuse(string message) => new(SourceFailure.Configuration, CheckPart.Settings, message);
}
