using System.Runtime.CompilerServices;
using Rollbook.Model;
using Rollbook.Sources.OneRoster;
using Rollbook.Sources.OneRosterCsv.Packages;
using Rollbook.Sources.OneRosterCsv.Reading;
using Rollbook.Sources.Sftp;

namespace Rollbook.Sources.OneRosterCsv;

/// <summary>OneRoster CSV packages of 1.1 and 1.2, bulk and delta, from any system that writes them (synergy-oneroster.md section 4).</summary>
/// <param name="options">What the operator decides; null for the defaults.</param>
public sealed class OneRosterCsvConnector(OneRosterCsvOptions? options = null) : IConnector, IAcceptsPackages, IWatchesPackages
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
                "The exported ZIP file to upload, or a place on the Rollbook server or an SFTP server where it is put",
            ],
            ["CSV", "ZIP", "file", "files", "upload", "folder", "SFTP", "SIS", "student information system", "import", "1.1", "1.2"]
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

    /// <inheritdoc/>
    public bool TakesPackages(SourceSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return string.IsNullOrWhiteSpace(settings[CsvSettings.PathName]) && !SftpSettings.IsMeant(settings);
    }

    /// <inheritdoc/>
    public KeptPackage? Kept(SourceOwner owner) => new UploadedPackages(options).Find(owner);

    /// <inheritdoc/>
    public async Task<KeptPackage> ReceiveAsync(SourceSettings settings, Stream package, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var parsed = CsvSettings.Parse(settings);
        var owner = settings.Owner ?? throw new ArgumentException("A package is kept for an app.", nameof(settings));
        return await new UploadedPackages(options).ReceiveAsync(
            owner,
            package,
            parsed.Limits.TotalBytes,
            path =>
                Task.Run(
                    () =>
                    {
                        using var opened = PackageSource.OpenUploaded(path, parsed.Limits);
                        Contents.Read(opened, parsed.Mode, new FindingLog());
                    },
                    cancellationToken
                ),
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public void Forget(SourceOwner owner) => new UploadedPackages(options).Remove(owner);

    /// <inheritdoc/>
    public string? Glance(SourceSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var parsed = CsvSettings.Inspect(settings).All(finding => finding.Problem is null) ? CsvSettings.Parse(settings) : null;
        return parsed is { IsWatched: true, Path: { } path } ? new LocalPackages(options, parsed.Limits).Glance(path) : null;
    }

    private static async IAsyncEnumerable<SourceMessage> ReadAsync(
        ReadRequest request,
        OneRosterCsvOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var package = await PackageSource.OpenAsync(request.Settings, CsvSettings.Parse(request.Settings), options, cancellationToken);
        var log = new FindingLog();
        var contents = Contents.Read(package, CsvSettings.Parse(request.Settings).Mode, log);
        var reading = new PackageReading(contents, request.Ids, log);
        var before =
            request.Before
            ?? (
                (_, _, _) =>
                    Task.FromResult<IReadOnlyDictionary<RollbookId, ReadOnlyMemory<byte>>>(new Dictionary<RollbookId, ReadOnlyMemory<byte>>())
            );
        foreach (var collection in Collections.InOrder)
        {
            var messages = reading.ReadAsync(collection, request.From?.GetValueOrDefault(collection), before, cancellationToken);
            await foreach (var message in messages)
            {
                yield return message;
            }
        }
    }
}
