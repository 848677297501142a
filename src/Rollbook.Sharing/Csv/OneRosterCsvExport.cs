using System.Globalization;
using System.IO.Compression;
using nietras.SeparatedValues;
using Rollbook.Model;
using Rollbook.Storage;

namespace Rollbook.Sharing.Csv;

/// <summary>
/// Writes a version of the roster as a OneRoster 1.1 CSV bulk package: a zip with <c>manifest.csv</c> and a file for each kind of data that has
/// records, the others marked absent (OneRoster 1.1 CSV binding). The same version always gives the same bytes. SourcedIds are Rollbook IDs;
/// the source's own ID is in <c>metadata.sisId</c>.
/// </summary>
public sealed class OneRosterCsvExport(IRosterStore roster)
{
    private static readonly string[] ManifestNames =
    [
        "academicSessions",
        "categories",
        "classes",
        "classResources",
        "courses",
        "courseResources",
        "demographics",
        "enrollments",
        "lineItems",
        "orgs",
        "resources",
        "results",
        "users",
    ];

    /// <summary>Writes the package of a version to a stream, which stays open.</summary>
    /// <exception cref="ArgumentException">There is no such version.</exception>
    public async Task WriteAsync(Stream output, int version, CancellationToken cancellationToken)
    {
        var published =
            await roster.VersionAsync(version, cancellationToken) ?? throw new ArgumentException($"There is no version {version}.", nameof(version));
        using var zip = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true);
        var present = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in CsvFiles.All)
        {
            if (await WriteFileAsync(zip, file, published, cancellationToken))
            {
                present.Add(file.Name);
            }
        }

        await WriteManifestAsync(zip, present, published);
    }

    private async Task<bool> WriteFileAsync(ZipArchive zip, CsvFile file, RosterVersion version, CancellationToken cancellationToken)
    {
        SepWriter? writer = null;
        try
        {
            foreach (var kind in file.Kinds)
            {
                await foreach (var record in roster.ReadAsync(kind, version.Number, cancellationToken))
                {
                    if (!file.Includes(record.Row))
                    {
                        continue;
                    }

                    writer ??= Open(zip, file.Name, version);
                    using var line = writer.NewRow();
                    foreach (var column in file.Columns)
                    {
                        line[column.Name].Set(column.Value(record));
                    }
                }
            }
        }
        finally
        {
            writer?.Dispose();
        }

        return writer is not null;
    }

    private static async Task WriteManifestAsync(ZipArchive zip, HashSet<string> present, RosterVersion version)
    {
        await using var writer = Open(zip, "manifest", version);
        Add("manifest.version", "1.0");
        Add("oneroster.version", "1.1");
        foreach (var name in ManifestNames)
        {
            Add("file." + name, present.Contains(name) ? "bulk" : "absent");
        }

        Add("source.systemName", "Rollbook");
        Add("source.systemCode", version.Number.ToString(CultureInfo.InvariantCulture));

        void Add(string name, string value)
        {
            using var line = writer.NewRow();
            line["propertyName"].Set(name);
            line["value"].Set(value);
        }
    }

    private static SepWriter Open(ZipArchive zip, string name, RosterVersion version)
    {
        var entry = zip.CreateEntry(name + ".csv", CompressionLevel.Fastest);
        entry.LastWriteTime = version.PublishedAt.ToUniversalTime();
        return Sep.New(',').Writer(options => options with { Escape = true }).To(entry.Open(), leaveOpen: false);
    }
}
