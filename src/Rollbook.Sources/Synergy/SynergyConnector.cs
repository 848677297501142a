using Rollbook.Sources.OneRoster;

namespace Rollbook.Sources.Synergy;

/// <summary>Edupoint Synergy SIS, read over OneRoster 1.1 REST (synergy-oneroster.md).</summary>
/// <param name="options">What the operator decides; null for the defaults.</param>
public sealed class SynergyConnector(OneRosterOptions? options = null) : IConnector
{
    private readonly OneRosterOptions options = options ?? new OneRosterOptions();

    /// <inheritdoc/>
    public string Type => "synergy";

    /// <inheritdoc/>
    public GalleryEntry Gallery { get; } =
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
    public IReadOnlyList<SettingDefinition> Settings => SynergySettings.All;

    /// <inheritdoc/>
    public IReadOnlyList<SettingFinding> Inspect(SourceSettings settings) =>
        [.. OneRosterSettings.Inspect(settings).Where(finding => finding is not { Problem: null, Effective: null })];

    /// <inheritdoc/>
    public IAsyncEnumerable<CheckStep> CheckAsync(SourceSettings settings, CancellationToken cancellationToken) =>
        ConnectionCheck.RunAsync(settings, options, cancellationToken);

    /// <inheritdoc/>
    public Task<SourceSurvey> SurveyAsync(SourceSettings settings, int sample, IProgress<string> progress, CancellationToken cancellationToken) =>
        RosterSurvey.RunAsync(settings, options, sample, progress, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<SourceMessage> ReadAsync(ReadRequest request, CancellationToken cancellationToken) =>
        RosterRead.ReadAsync(request, options, cancellationToken);
}
