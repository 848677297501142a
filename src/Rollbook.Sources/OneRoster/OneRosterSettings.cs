using System.Globalization;
using System.Security.Cryptography.X509Certificates;

namespace Rollbook.Sources.OneRoster;

/// <summary>The settings of a OneRoster connection, read and checked. Holds the secret: prints nothing.</summary>
internal sealed class OneRosterSettings
{
    private const string Scopes = "https://purl.imsglobal.org/spec/or/v1p1/scope/";

    private OneRosterSettings(SourceSettings settings, bool isNested = false)
    {
        CheckOAuth(settings["oauth"]);
        CheckVersion(settings["version"]);
        Api = OneRosterUrl.Normalize(settings["apiUrl"]);
        TokenUrls = string.IsNullOrWhiteSpace(settings["tokenUrl"])
            ? [new($"{Api.Effective}/token"), new($"{Api.Effective}/oauth/token"), new($"{Api.Effective}/oauth2/token")]
            : [WebAddress.Parse(settings["tokenUrl"], "Token URL", CheckPart.TokenUrl)];
        TokenUrlIsGuessed = TokenUrls.Count > 1;
        ClientId = Required(settings, "clientId", "Client ID");
        ClientSecret = Required(settings, "clientSecret", "Client Secret");
        ScopeChoices = ParseScope(settings["scope"], isNested);
        PageSize = ParsePageSize(settings["pageSize"]);
        ExtraTrust = CertificateTrust.Parse(settings["caCertificate"]);
    }

    public OneRosterUrl Api { get; }

    /// <summary>Where a token may be had, the likeliest first; one when the person gave it.</summary>
    public IReadOnlyList<Uri> TokenUrls { get; }

    public bool TokenUrlIsGuessed { get; }

    public string ClientId { get; }

    public string ClientSecret { get; }

    /// <summary>The scopes to ask for, one after the other until one is accepted; null asks for none.</summary>
    public IReadOnlyList<string?> ScopeChoices { get; }

    public int PageSize { get; }

    public X509Certificate2Collection ExtraTrust { get; }

    /// <summary>Reads the settings.</summary>
    /// <exception cref="SourceException">A setting is missing or wrong; the message names it.</exception>
    public static OneRosterSettings Parse(SourceSettings settings) => new(settings);

    /// <summary>The same for paths such as <c>schools/{id}/students</c>, which the core scope does not open (section 2.2).</summary>
    /// <exception cref="SourceException">A setting is missing or wrong; the message names it.</exception>
    public static OneRosterSettings ParseForNestedPaths(SourceSettings settings) => new(settings, isNested: true);

    /// <summary>Looks at each setting on its own, without asking the source: what is wrong with it, and how it will be used where that differs.</summary>
    public static IReadOnlyList<SettingFinding> Inspect(SourceSettings settings) =>
        [
            Find("apiUrl", () => OneRosterUrl.Normalize(settings["apiUrl"]).Effective),
            Find(
                "tokenUrl",
                () =>
                    string.IsNullOrWhiteSpace(settings["tokenUrl"])
                        ? null
                        : $"{WebAddress.Parse(settings["tokenUrl"], "Token URL", CheckPart.TokenUrl)}"
            ),
            Find("clientId", () => Required(settings, "clientId", "Client ID")),
            Find("clientSecret", () => Nothing(Required(settings, "clientSecret", "Client Secret"))),
            Find("oauth", () => CheckOAuth(settings["oauth"])),
            Find("version", () => CheckVersion(settings["version"])),
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

    private static string? Nothing(object parsed)
    {
        (parsed as IDisposable)?.Dispose();
        return null;
    }

    private static string? CheckOAuth(string? oauth) =>
        oauth is null or "" or "2.0" ? null : throw Refuse("OAuth 1.0a is not supported. Set OAuth to 2.0 and use an OAuth 2 client of the SIS.");

    private static string? CheckVersion(string? version) =>
        version is null or "" or "auto" or "1.1"
            ? null
            : throw Refuse("This OneRoster version is not supported. Set the OneRoster version to auto or 1.1.");

    // Used when dates are mapped, not by the connection.
    private static string? CheckTimeZone(string? zone) =>
        zone is null or "" or "UTC" || (zone.Contains('/', StringComparison.Ordinal) && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            ? null
            : throw Refuse("This time zone is not known. Enter an IANA time zone such as America/Los_Angeles, or nothing for the district's own.");

    private static string Required(SourceSettings settings, string name, string label) =>
        settings[name]?.Trim() is { Length: > 0 } value
            ? value
            : throw Refuse($"The {label} is empty. Enter the {label} that your SIS shows for this client.");

    private static IReadOnlyList<string?> ParseScope(string? scope, bool isNested) =>
        scope?.Trim() switch
        {
            null or "" or "default" when isNested => [$"{Scopes}roster.readonly", null],
            // Some servers know the core scope only, some know none at all (section 1.3).
            null or "" or "default" => [$"{Scopes}roster-core.readonly {Scopes}roster-demographics.readonly", $"{Scopes}roster-core.readonly", null],
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

    private static SourceException Refuse(string message) => new(SourceFailure.Configuration, CheckPart.Settings, message);
}
