using System.Globalization;
using System.IO.Compression;
using nietras.SeparatedValues;
using Rollbook.Model;
using Rollbook.Sources;
using Rollbook.Storage;
using Rollbook.Sync.Deliver;

namespace Rollbook.Sharing.Csv;

/// <summary>
/// Writes the roster as a OneRoster CSV package: a zip with <c>manifest.csv</c> and a file for each kind of data that has rows, the others marked absent (OneRoster CSV
/// binding; synergy-oneroster.md section 4). The same versions always give the same bytes. SourcedIds are Rollbook IDs; the source's own ID is in <c>metadata.sisId</c>.
/// </summary>
public sealed class OneRosterCsvExport(IRosterStore roster, CsvFormat format = CsvFormat.OneRoster11)
{
    private const string Active = "active";
    private const string Deleted = "tobedeleted";

    /// <summary>Writes the bulk package of a version to a stream, which stays open.</summary>
    /// <returns>How many rows each file has, by its name without <c>.csv</c>; a file without rows is not there.</returns>
    /// <exception cref="ArgumentException">There is no such version.</exception>
    /// <exception cref="SourceException">The version was purged, before it was read or meanwhile.</exception>
    public async Task<IReadOnlyDictionary<string, ExportedRows>> WriteAsync(Stream output, int version, CancellationToken cancellationToken)
    {
        var published = await KeptAsync(version, nameof(version), cancellationToken);
        using var package = new Package(output, published, format);
        foreach (var file in CsvFiles.Of(format))
        {
            using var writer = package.Open(file);
            foreach (var kind in file.Kinds)
            {
                await foreach (var record in roster.ReadAsync(kind, version, cancellationToken))
                {
                    foreach (var line in file.Lines(record.Id, record.Row))
                    {
                        writer.Write(line);
                    }
                }
            }
        }

        await KeptAsync(version, nameof(version), cancellationToken);
        return package.End("bulk");
    }

    /// <summary>
    /// Writes the delta package between two versions to a stream, which stays open: a record with other values than in <paramref name="since"/> as it is now, one that is
    /// gone as it was, with the status <c>tobedeleted</c>. What changed and was changed back is not in it. Costs what changed.
    /// </summary>
    /// <returns>How many rows each file has, by its name without <c>.csv</c>; none when nothing differs.</returns>
    /// <exception cref="ArgumentException">There is no such version, or the first is not before the second.</exception>
    /// <exception cref="SourceException">The first version was purged, before it was read or meanwhile.</exception>
    public async Task<IReadOnlyDictionary<string, ExportedRows>> WriteChangesAsync(
        Stream output,
        int since,
        int version,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(since, version);
        await KeptAsync(since, nameof(since), cancellationToken);
        var published = await KeptAsync(version, nameof(version), cancellationToken);
        var touched = await TouchedRecords.ReadAsync(roster, since, version, cancellationToken);
        using var package = new Package(output, published, format);
        foreach (var file in CsvFiles.Of(format))
        {
            using var writer = package.Open(file);
            await foreach (var record in touched.OfAsync(Kinds.Of(file.Kinds[0]).Family, cancellationToken))
            {
                WriteChange(writer, file, record);
            }
        }

        await KeptAsync(since, nameof(since), cancellationToken);
        return package.End("delta");
    }

    private static void WriteChange(FileWriter writer, CsvFile file, TouchedRecord record)
    {
        var now = Lines(file, record.Id, record.New);
        foreach (var line in now)
        {
            writer.Write(line with { Status = Active, Modified = Time(record.ChangedAt) });
        }

        foreach (
            var line in Lines(file, record.Id, record.Old).Where(old => !now.Exists(line => string.Equals(line.Id, old.Id, StringComparison.Ordinal)))
        )
        {
            writer.Write(line with { Status = Deleted, Modified = Time(record.ChangedAt) });
        }
    }

    private static List<CsvLine> Lines(CsvFile file, RollbookId id, Row? row) =>
        row is { } there && file.Kinds.Contains(there.Kind) ? [.. file.Lines(id, there)] : [];

    private static string Time(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>
    /// A version whose content is kept. Looked at before the first read and after the last one: a purge moves the oldest version first, so what was read before this answers was whole.
    /// </summary>
    private async Task<RosterVersion> KeptAsync(int version, string parameter, CancellationToken cancellationToken) =>
        await roster.VersionAsync(version, cancellationToken) switch
        {
            null => throw new ArgumentException($"There is no version {version}.", parameter),
            { IsPurged: true } => throw new SourceException(
                SourceFailure.Transient,
                CheckPart.Package,
                $"No package was made, because version {version} was purged and can't be read any more. Make it again with a version that is kept; a delivery is tried again by itself."
            ),
            { } kept => kept,
        };

    /// <summary>A package that is being written.</summary>
    private sealed class Package(Stream output, RosterVersion version, CsvFormat format) : IDisposable
    {
        private readonly ZipArchive zip = new(output, ZipArchiveMode.Create, leaveOpen: true);
        private readonly SortedDictionary<string, ExportedRows> counts = new(StringComparer.Ordinal);

        public FileWriter Open(CsvFile file) => new(file, () => Open(file.Name), rows => counts[file.Name] = rows);

        /// <summary>Writes the manifest, the last file since it says which others are there.</summary>
        public IReadOnlyDictionary<string, ExportedRows> End(string mode)
        {
            using var writer = Open("manifest");
            Add("manifest.version", "1.0");
            Add("oneroster.version", format.Number());
            foreach (var name in CsvFiles.NamesOf(format))
            {
                Add("file." + name, counts.ContainsKey(name) ? mode : "absent");
            }

            Add("source.systemName", "Rollbook");
            Add("source.systemCode", version.Number.ToString(CultureInfo.InvariantCulture));
            return counts;

            void Add(string name, string value)
            {
                using var line = writer.NewRow();
                line["propertyName"].Set(name);
                line["value"].Set(value);
            }
        }

        /// <inheritdoc/>
        public void Dispose() => zip.Dispose();

        private SepWriter Open(string name)
        {
            var entry = zip.CreateEntry(name + ".csv", CompressionLevel.Fastest);
            entry.LastWriteTime = version.PublishedAt.ToUniversalTime();
            return Sep.New(',').Writer(options => options with { Escape = true }).To(entry.Open(), leaveOpen: false);
        }
    }

    /// <summary>A file that comes into the package with its first row.</summary>
    private sealed class FileWriter(CsvFile file, Func<SepWriter> open, Action<ExportedRows> end) : IDisposable
    {
        private SepWriter? writer;
        private long active;
        private long deleted;

        public void Write(CsvLine line)
        {
            writer ??= open();
            using var row = writer.NewRow();
            foreach (var column in file.Columns)
            {
                row[column.Name].Set(column.Value(line));
            }

            if (line.Status is Deleted)
            {
                deleted++;
            }
            else
            {
                active++;
            }
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            if (writer is not null)
            {
                writer.Dispose();
                end(new ExportedRows(active, deleted));
            }
        }
    }
}
