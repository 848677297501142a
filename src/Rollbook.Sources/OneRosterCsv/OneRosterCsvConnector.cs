using System.Runtime.CompilerServices;
using Rollbook.Model;
using Rollbook.Sources.OneRoster;
using Rollbook.Sources.OneRosterCsv.Packages;
using Rollbook.Sources.OneRosterCsv.Reading;

namespace Rollbook.Sources.OneRosterCsv;

/// <summary>OneRoster CSV packages of 1.1 and 1.2, bulk and delta, from any system that writes them (synergy-oneroster.md section 4).</summary>
/// <param name="options">What the operator decides; null for the defaults.</param>
public sealed class OneRosterCsvConnector(OneRosterCsvOptions? options = null) : IConnector
{
    private readonly OneRosterCsvOptions options = options ?? new OneRosterCsvOptions();

    /// <inheritdoc/>
    public string Type => "oneroster-csv";

    /// <inheritdoc/>
    public GalleryEntry Gallery { get; } =
        new(
            "OneRoster CSV",
            "Imports schools, calendars, courses, classes, people and enrollments from OneRoster CSV files, as most student information systems can export them.",
            [
                "A OneRoster CSV export (1.1 or 1.2, bulk or delta) of your student information system",
                "A place on the Rollbook server where the export is put: a ZIP file or a folder",
            ],
            ["CSV", "ZIP", "file", "files", "upload", "folder", "SIS", "student information system", "import", "1.1", "1.2"]
        );

    /// <inheritdoc/>
    public IReadOnlyList<SettingDefinition> Settings => CsvSettings.All;

    /// <inheritdoc/>
    public IReadOnlyList<SettingFinding> Inspect(SourceSettings settings) => CsvSettings.Inspect(settings);

    /// <inheritdoc/>
    public IAsyncEnumerable<CheckStep> CheckAsync(SourceSettings settings, CancellationToken cancellationToken) =>
        PackageCheck.RunAsync(settings, options, cancellationToken);

    /// <inheritdoc/>
    public Task<SourceSurvey> SurveyAsync(SourceSettings settings, int sample, IProgress<string> progress, CancellationToken cancellationToken) =>
        PackageSurvey.RunAsync(settings, options, sample, progress, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<SourceMessage> ReadAsync(ReadRequest request, CancellationToken cancellationToken) =>
        Prefetch.AheadAsync(token => ReadAsync(request, options, token), cancellationToken);

    private static async IAsyncEnumerable<SourceMessage> ReadAsync(
        ReadRequest request,
        OneRosterCsvOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var package = await PackageSource.OpenAsync(CsvSettings.Parse(request.Settings), options, cancellationToken);
        var log = new FindingLog();
        var contents = Contents.Read(package, CsvSettings.Parse(request.Settings).Mode, log);
        var reading = new PackageReading(contents, request.Ids, log);
        foreach (var collection in Collections.InOrder)
        {
            foreach (var message in reading.Read(collection, request.From?.GetValueOrDefault(collection), cancellationToken))
            {
                yield return message;
            }
        }
    }
}
