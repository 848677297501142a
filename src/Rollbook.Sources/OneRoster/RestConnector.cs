namespace Rollbook.Sources.OneRoster;

/// <summary>A SIS that is read over OneRoster REST: everything but what the gallery and the form say of it.</summary>
public abstract class RestConnector : IConnector
{
    private readonly OneRosterOptions options;

    /// <summary>Makes the connector.</summary>
    /// <param name="options">What the operator decides; null for the defaults.</param>
    private protected RestConnector(OneRosterOptions? options) => this.options = options ?? new OneRosterOptions();

    /// <inheritdoc/>
    public abstract string Type { get; }

    /// <inheritdoc/>
    public abstract GalleryEntry Gallery { get; }

    /// <inheritdoc/>
    public abstract IReadOnlyList<SettingDefinition> Settings { get; }

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
