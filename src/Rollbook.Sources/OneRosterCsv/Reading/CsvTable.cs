using Rollbook.Sources.OneRosterCsv.Format;

namespace Rollbook.Sources.OneRosterCsv.Reading;

/// <summary>A file of a package, row by row under its header. A row that is no whole row is told by <see cref="Broken"/>; one at the very end means a file that was cut off.</summary>
internal sealed class CsvTable : IDisposable
{
    private const int RowsBetweenLooks = 1_000;

    private readonly PackageFile file;
    private readonly FindingLog log;
    private bool isBroken;

    private CsvTable(PackageFile file, CsvRows rows, Header header, FindingLog log)
    {
        (this.file, Rows, Header, this.log) = (file, rows, header, log);
    }

    public CsvRows Rows { get; }

    public Header Header { get; }

    /// <summary>Rows so far, the header not counted.</summary>
    public long Count { get; private set; }

    /// <summary>Opens a file and reads its header.</summary>
    /// <exception cref="SourceException">It can't be read, or its header is wrong.</exception>
    public static CsvTable Open(Contents contents, PackageFile file, FindingLog log)
    {
        var rows = CsvRows.Open(contents.Package, file.Entry);
        try
        {
            rows.Next();
            return new CsvTable(file, rows, Header.Read(rows, file.File, file.Entry.Name, file.Mode, log), log);
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    /// <summary>Goes to the next row.</summary>
    /// <exception cref="SourceException">The file can't be read on.</exception>
    public bool Next(CancellationToken cancellationToken)
    {
        if (Count % RowsBetweenLooks == 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (!Rows.Next())
        {
            return false;
        }

        Count++;
        return true;
    }

    /// <summary>Why the row is no whole row; null when it is one.</summary>
    public string? Broken()
    {
        isBroken = true;
        if (Rows.Count != Header.Positions.Count)
        {
            log.Add(
                CsvRules.RowLength,
                file.Entry.Name,
                Rows.Line,
                column: null,
                FormattableString.Invariant($"{Rows.Count} fields, not {Header.Positions.Count}")
            );
            return "it has not as many fields as the header";
        }

        for (var i = 0; i < Rows.Count; i++)
        {
            var raw = Rows.Raw(i);
            if (!CsvRows.IsSound(raw))
            {
                log.Add(CsvRules.Quotes, file.Entry.Name, Rows.Line);
                return "its quotation marks are broken";
            }

            if (raw.IndexOfAny('\n', '\r') >= 0)
            {
                log.Add(CsvRules.LineBreak, file.Entry.Name, Rows.Line, Header.Positions[i].Column?.Name);
            }
        }

        isBroken = false;
        return null;
    }

    /// <summary>The file has ended.</summary>
    /// <exception cref="SourceException">It was cut off, or holds nothing where it should hold everything.</exception>
    public void End()
    {
        if (isBroken)
        {
            throw PackageRefusal.File(
                FormattableString.Invariant(
                    $"{file.Entry.Name} seems to be cut off: its last row, on line {Rows.Line:N0}, is not whole. Have it exported anew and sent whole."
                )
            );
        }

        if (Count > 0)
        {
            return;
        }

        if (file.IsBulk)
        {
            throw PackageRefusal.File(
                $"{file.Entry.Name} has no rows, and the package says that it is all there is (bulk). Rollbook does not take that for the deletion of everything. If there is nothing to send, mark the file absent in the manifest."
            );
        }

        log.Add(CsvRules.FileNoRows, file.Entry.Name);
    }

    /// <inheritdoc/>
    public void Dispose() => Rows.Dispose();
}
