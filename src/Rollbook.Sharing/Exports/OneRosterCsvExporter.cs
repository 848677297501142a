using System.Runtime.CompilerServices;
using Rollbook.Sharing.Csv;
using Rollbook.Sources;
using Rollbook.Sources.Sftp;
using Rollbook.Sync.Deliver;

namespace Rollbook.Sharing.Exports;

/// <summary>The export app that delivers the roster as OneRoster CSV packages: for download in the console, into a folder of this server, or pushed over SFTP.</summary>
public sealed class OneRosterCsvExporter(ExportOptions options) : IExporter
{
    /// <inheritdoc/>
    public string Type => "oneroster-csv-export";

    /// <inheritdoc/>
    public GalleryEntry Gallery { get; } =
        new(
            "OneRoster CSV Export",
            "Delivers the published roster as OneRoster CSV files to an application that reads them: into a folder, over SFTP, or for download. A held, waiting or failed import changes nothing of it.",
            [
                "An application that reads OneRoster CSV (1.1 or 1.2, bulk or delta)",
                "For SFTP: host, user, password or private key, and the server's fingerprint; for a folder: one that the operator of Rollbook has opened",
            ],
            ["CSV", "ZIP", "export", "file", "files", "download", "folder", "SFTP", "push", "share", "vendor", "delta", "bulk", "1.1", "1.2"]
        );

    /// <inheritdoc/>
    public IReadOnlyList<SettingDefinition> Settings => ExportSettings.All;

    /// <inheritdoc/>
    public IReadOnlyList<SettingFinding> Inspect(SourceSettings settings) => ExportSettings.Inspect(settings);

    /// <summary>The format that an app's delivery settings ask for.</summary>
    /// <exception cref="SourceException">It is none that there is.</exception>
    public static CsvFormat FormatOf(IReadOnlyDictionary<string, string> delivery) => ExportSettings.FormatOf(new SourceSettings(delivery));

    /// <inheritdoc/>
    public string TargetOf(SourceSettings settings) => ExportSettings.TargetOf(settings);

    /// <inheritdoc/>
    public bool SendsChanges(SourceSettings settings) => ExportSettings.IsDelta(settings);

    /// <inheritdoc/>
    public async IAsyncEnumerable<CheckStep> CheckAsync(SourceSettings settings, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var clock = new ExportCheck(options.Time);
        ExportSettings? parsed = null;
        yield return await clock.RunAsync(
            CheckPart.Settings,
            () =>
            {
                parsed = ExportSettings.Parse(settings);
                return Task.FromResult("The settings are in order.");
            }
        );
        if (parsed?.Sftp is { } server)
        {
            yield return await clock.RunAsync(
                CheckPart.Connection,
                async () =>
                {
                    using var connection = await SftpConnection.OpenAsync(server, options.Sftp, cancellationToken);
                    await connection.TryPutAsync(PartOf(server.Path, settings.Owner), cancellationToken);
                    return $"Connection is OK. The SFTP server {server.Host} shows the key that is entered, lets {server.User} in, and lets packages be put at the SFTP path.";
                }
            );
        }
        else if (parsed?.Path is { } path)
        {
            yield return await clock.RunAsync(
                CheckPart.Package,
                async () =>
                {
                    await new FolderTarget(path, settings.Owner, options).TryAsync();
                    return "Connection is OK. A package can be put at the path.";
                }
            );
        }
        else if (parsed is not null)
        {
            yield return await clock.RunAsync(
                CheckPart.Package,
                () => Task.FromResult("Connection is OK. Packages can be downloaded on the app's dashboard.")
            );
        }
    }

    /// <inheritdoc/>
    public async Task<ExportedPackage> DeliverAsync(ExportRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var settings = ExportSettings.Parse(request.Settings);
        await using var package = await PackageFile.MakeAsync(options, stream => WriteRowsAsync(request, stream, cancellationToken));
        if (request.Since is not null && package.Rows.Count == 0)
        {
            return new ExportedPackage(0, package.Rows);
        }

        if (settings.Sftp is { } server)
        {
            using var connection = await SftpConnection.OpenAsync(server, options.Sftp, cancellationToken);
            await connection.PutAsync(
                package.Content,
                ExportSettings.Named(server.Path, request.Version),
                PartOf(server.Path, request.Settings.Owner),
                cancellationToken
            );
        }
        else if (settings.Path is { } path)
        {
            await new FolderTarget(ExportSettings.Named(path, request.Version), request.Settings.Owner, options).PutAsync(
                package.Content,
                cancellationToken
            );
        }

        return package.Told;
    }

    /// <inheritdoc/>
    public async Task<ExportedPackage> WriteAsync(ExportRequest request, Stream output, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);

        // A ZIP file is written otherwise where one can't go back: by way of a file it has the same bytes as when it was delivered.
        await using var package = await PackageFile.MakeAsync(options, stream => WriteRowsAsync(request, stream, cancellationToken));
        await package.Content.CopyToAsync(output, cancellationToken);
        return package.Told;
    }

    private static Task<IReadOnlyDictionary<string, ExportedRows>> WriteRowsAsync(
        ExportRequest request,
        Stream output,
        CancellationToken cancellationToken
    )
    {
        var export = new OneRosterCsvExport(request.Roster, ExportSettings.FormatOf(request.Settings));
        return request.Since is { } since
            ? export.WriteChangesAsync(output, since, request.Version, cancellationToken)
            : export.WriteAsync(output, request.Version, cancellationToken);
    }

    /// <summary>Where a package grows before it gets its name.</summary>
    private static string PartOf(string path, SourceOwner? owner) =>
        path[..(path.LastIndexOf('/') + 1)] + FolderTarget.PartName(owner ?? new SourceOwner("rollbook", "export"));
}
