namespace Rollbook.Sources.OneRoster;

/// <summary>Any SIS that offers OneRoster 1.1 or 1.2 over REST.</summary>
/// <param name="options">What the operator decides; null for the defaults.</param>
public sealed class OneRosterConnector(OneRosterOptions? options = null) : RestConnector(options)
{
    /// <inheritdoc/>
    public override string Type => "oneroster";

    /// <inheritdoc/>
    public override GalleryEntry Gallery { get; } =
        new(
            "OneRoster",
            "Imports schools, calendars, courses, classes, people and enrollments over the OneRoster REST API (1.1 or 1.2) of any SIS that has one.",
            [
                "The OneRoster API of your SIS, turned on and licensed",
                "A client in the SIS (OAuth 2, or OAuth 1.0a for OneRoster 1.1) that may read the roster, with its client ID and client secret",
                "The API URL, and for OAuth 2 the token URL",
            ],
            ["OneRoster REST", "1EdTech", "IMS", "API", "SIS", "student information system", "OAuth", "import"]
        );

    /// <inheritdoc/>
    public override IReadOnlyList<SettingDefinition> Settings { get; } =
        RestSettings.Of(
            "your SIS",
            new(
                "The address of the OneRoster API of your SIS: the site, with its folder if it has one. What OneRoster adds (/ims/oneroster/v1p1, or /ims/oneroster/rostering/v1p2) is added when it is missing.",
                "The key of the client, also called client ID or consumer key, that your SIS shows."
            )
        );
}
