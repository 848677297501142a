namespace Rollbook.Sources.OneRoster;

/// <summary>The settings of a source read over OneRoster REST, as the wizard draws them (product.md 3.1); their texts name the SIS.</summary>
internal static class RestSettings
{
    /// <summary>The settings.</summary>
    /// <param name="sis">The SIS, as it stands in a sentence: <c>Synergy</c>, <c>your SIS</c>.</param>
    /// <param name="words">What is told of the API URL and the client ID.</param>
    public static IReadOnlyList<SettingDefinition> Of(string sis, Words words) =>
        [
            new("apiUrl", "API URL", words.ApiUrl, Required: true, Address: true),
            new(
                "tokenUrl",
                "Token URL",
                $"The address that gives tokens, as {sis} shows it. It can't be told from the API URL; left empty, the usual places are tried. OAuth 1.0a needs none.",
                Address: true
            ),
            new("clientId", "Client ID", words.ClientId, Required: true),
            new("clientSecret", "Client Secret", "The secret of that client.", Required: true, Secret: true),
            new(
                "oauth",
                "OAuth",
                $"How Rollbook signs in to {sis}. OAuth 1.0a signs each request, with HMAC-SHA256 or, where that is refused, HMAC-SHA1; it is for OneRoster 1.1 only.",
                Choices: ["2.0", "1.0a"],
                Default: "2.0",
                Advanced: true
            ),
            new(
                "version",
                "OneRoster version",
                "The version of the API. auto takes the one that the API URL names; where it names none, 1.1 if that answers, else 1.2.",
                Choices: ["auto", "1.1", "1.2"],
                Default: "auto",
                Advanced: true
            ),
            new(
                "scope",
                "Scope",
                $"default, none, or the scope that {sis} shows for this client. OAuth 1.0a has none.",
                Default: "default",
                Advanced: true
            ),
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
                "PEM text of a certificate to trust in addition, for a SIS with a certificate of a private authority.",
                Advanced: true,
                Long: true,
                Address: true
            ),
        ];

    /// <summary>What is told of a SIS in its own words.</summary>
    /// <param name="ApiUrl">The hint of the API URL.</param>
    /// <param name="ClientId">The hint of the client ID.</param>
    internal sealed record Words(string ApiUrl, string ClientId);
}
