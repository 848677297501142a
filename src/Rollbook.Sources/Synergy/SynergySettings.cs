namespace Rollbook.Sources.Synergy;

/// <summary>The settings of a Synergy source, as the wizard draws them (product.md 3.1).</summary>
internal static class SynergySettings
{
    public static IReadOnlyList<SettingDefinition> All { get; } =
    [
        new(
            "apiUrl",
            "API URL",
            "The address of Synergy's OneRoster API: the site, with its folder if it has one. /ims/oneroster/v1p1 is added when it is missing.",
            Required: true
        ),
        new(
            "tokenUrl",
            "Token URL",
            "The address that gives tokens, as Synergy shows it. It can't be told from the API URL; left empty, the usual places are tried."
        ),
        new("clientId", "Client ID", "The client ID, also called key, of the OneRoster consumer in Synergy.", Required: true),
        new("clientSecret", "Client Secret", "The secret of that consumer.", Required: true, Secret: true),
        new(
            "oauth",
            "OAuth",
            "How Rollbook signs in to Synergy. This version speaks OAuth 2; it does not speak OAuth 1.0a.",
            Choices: ["2.0"],
            Default: "2.0",
            Advanced: true
        ),
        new(
            "version",
            "OneRoster version",
            "The version of the API; auto reads 1.1, which is what Synergy speaks.",
            Choices: ["auto", "1.1"],
            Default: "auto",
            Advanced: true
        ),
        new("scope", "Scope", "default, none, or the scope that Synergy shows for this client.", Default: "default", Advanced: true),
        new("pageSize", "Page size", "How many records are asked for at once, from 100 to 5000.", Default: "1000", Advanced: true),
        new(
            "timeZone",
            "Time zone",
            "The time zone of the SIS, such as America/Los_Angeles: a date that comes as a moment is the date there. Left empty, the district's.",
            Advanced: true
        ),
        new(
            "caCertificate",
            "CA certificate",
            "PEM text of a certificate to trust in addition, for a Synergy with a certificate of a private authority.",
            Advanced: true,
            Long: true
        ),
    ];
}
