using System.Text;
using nietras.SeparatedValues;
using Rollbook.Sources.OneRosterCsv.Packages;

namespace Rollbook.Sources.OneRosterCsv.Reading;

/// <summary>
/// The rows of a CSV file, one at a time, with their lines (RFC 4180). The fields come as they are written; <see cref="Field"/> takes the quotation marks off.
/// </summary>
internal sealed class CsvRows : IDisposable
{
    private readonly SepReader reader;
    private readonly string file;
    private char[] unquoted = new char[256];

    private CsvRows(SepReader reader, string file) => (this.reader, this.file) = (reader, file);

    /// <summary>The line on which the row begins, counted from 1.</summary>
    public long Line { get; private set; }

    /// <summary>How many fields the row has.</summary>
    public int Count { get; private set; }

    /// <summary>Opens a file of a package.</summary>
    /// <exception cref="SourceException">It can't be read; also thrown while reading.</exception>
    public static CsvRows Open(Package package, PackageEntry entry)
    {
        var text = new StreamReader(
            new Utf8Gate(package.Open(entry), entry.Name),
            new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            detectEncodingFromByteOrderMarks: false,
            bufferSize: 64 << 10
        );
        try
        {
            var opened = Sep.New(',')
                .Reader(options => options with { HasHeader = false, DisableColCountCheck = true, InitialBufferLength = 128 << 10 })
                .From(text);
            return new CsvRows(opened, entry.Name);
        }
        catch
        {
            text.Dispose();
            throw;
        }
    }

    /// <summary>Goes to the next row that is not blank; false at the end.</summary>
    /// <exception cref="SourceException">The file can't be read on.</exception>
    public bool Next()
    {
        try
        {
            while (reader.MoveNext())
            {
                var row = reader.Current;
                if (row.ColCount == 1 && row[0].Span.IsWhiteSpace())
                {
                    continue;
                }

                (Line, Count) = (row.LineNumberFrom, row.ColCount);
                return true;
            }

            return false;
        }
        catch (Exception e) when (e is NotSupportedException or InvalidDataException)
        {
            throw PackageRefusal.File(
                FormattableString.Invariant(
                    $"{file} can't be read after line {Line:N0}: a quotation mark is opened there and never closed. Have the file exported anew, with quotation marks in values written twice."
                ),
                e
            );
        }
    }

    /// <summary>A field as it is written.</summary>
    public ReadOnlySpan<char> Raw(int index) => reader.Current[index].Span;

    /// <summary>Whether a field is quoted as RFC 4180 has it, or not at all.</summary>
    public static bool IsSound(ReadOnlySpan<char> raw)
    {
        if (raw.IndexOf('"') is var first && first < 0)
        {
            return true;
        }

        if (first != 0 || raw.Length < 2 || raw[^1] != '"')
        {
            return false;
        }

        var inner = raw[1..^1];
        for (var at = inner.IndexOf('"'); at >= 0; at = inner.IndexOf('"'))
        {
            if (at + 1 >= inner.Length || inner[at + 1] != '"')
            {
                return false;
            }

            inner = inner[(at + 2)..];
        }

        return true;
    }

    /// <summary>A sound field's value, valid until the next call.</summary>
    public ReadOnlySpan<char> Field(int index)
    {
        var raw = Raw(index);
        if (raw.Length < 2 || raw[0] != '"')
        {
            return raw;
        }

        var inner = raw[1..^1];
        if (inner.IndexOf('"') < 0)
        {
            return inner;
        }

        if (unquoted.Length < inner.Length)
        {
            unquoted = new char[inner.Length];
        }

        var length = 0;
        for (var i = 0; i < inner.Length; i++)
        {
            unquoted[length++] = inner[i];
            if (inner[i] == '"')
            {
                i++;
            }
        }

        return unquoted.AsSpan(0, length);
    }

    /// <inheritdoc/>
    public void Dispose() => reader.Dispose();
}
