using Rollbook.Sources.OneRoster;

namespace Rollbook.Sources.Synergy;

/// <summary>Edupoint Synergy SIS, read over OneRoster REST (synergy-oneroster.md).</summary>
/// <param name="options">What the operator decides; null for the defaults.</param>
public sealed class SynergyConnector(OneRosterOptions? options = null) : RestConnector(options)
{
    /// <inheritdoc/>
    public override string Type => "synergy";

    /// <inheritdoc/>
    public override GalleryEntry Gallery { get; } =
        new(
            "Synergy",
            "Imports schools, calendars, courses, classes, people and enrollments from Edupoint Synergy SIS, every night or whenever you like.",
            [
                "The OneRoster licence in Synergy",
                "A OneRoster consumer (OAuth 2) in Synergy, with its client ID and client secret",
                "The API URL and the token URL, which Synergy shows there",
            ],
            ["Edupoint", "StudentVUE", "SIS", "student information system", "OneRoster", "import"]
        );

    /// <inheritdoc/>
    public override IReadOnlyList<SettingDefinition> Settings { get; } =
        RestSettings.Of(
            "Synergy",
            new(
                "The address of Synergy's OneRoster API: the site, with its folder if it has one. What OneRoster adds (/ims/oneroster/v1p1, or /ims/oneroster/rostering/v1p2) is added when it is missing.",
                "The client ID, also called key, of the OneRoster consumer in Synergy."
            )
        );
}
