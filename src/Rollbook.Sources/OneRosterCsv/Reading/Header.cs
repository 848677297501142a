using System.Text.Json;
using Rollbook.Sources.OneRosterCsv.Format;

namespace Rollbook.Sources.OneRosterCsv.Reading;

/// <summary>What stands in one position of a file's rows: a column of OneRoster, an extension, or something that is not read.</summary>
/// <param name="Name">The name in the header.</param>
/// <param name="Column">The column; null for an extension and for what is not read.</param>
/// <param name="Extension">The extension's name without <c>metadata.</c>; null for what is none.</param>
internal sealed record Position(string Name, CsvColumn? Column, string? Extension)
{
    public JsonEncodedText Property { get; } = JsonEncodedText.Encode(Extension ?? Column?.Property ?? "", RecordBuilder.Encoder);
}

/// <summary>The header of a file, held against the columns that it should have.</summary>
internal sealed class Header
{
    private const string Metadata = "metadata.";

    private Header(IReadOnlyList<Position> positions) => Positions = positions;

    public IReadOnlyList<Position> Positions { get; }

    public bool HasExtensions => Positions.Any(position => position.Extension is not null);

    public bool Has(string column) => Positions.Any(position => string.Equals(position.Column?.Name, column, StringComparison.Ordinal));

    /// <summary>The position of a column; -1 when the file has none.</summary>
    public int IndexOf(string column)
    {
        for (var i = 0; i < Positions.Count; i++)
        {
            if (string.Equals(Positions[i].Column?.Name, column, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Reads the row that the rows are at.</summary>
    /// <param name="rows">The file, at its first row.</param>
    /// <param name="file">What it should be.</param>
    /// <param name="name">As it is called in the package.</param>
    /// <param name="mode">Whether it is bulk or delta.</param>
    /// <param name="log">Takes what is otherwise than it should be.</param>
    /// <exception cref="SourceException">A column that is needed is missing, or one is there twice.</exception>
    public static Header Read(CsvRows rows, CsvFile file, string name, CsvMode mode, FindingLog log)
    {
        var positions = new List<Position>(rows.Count);
        for (var i = 0; i < rows.Count; i++)
        {
            var title = CsvRows.IsSound(rows.Raw(i)) ? rows.Field(i).Trim().ToString() : rows.Raw(i).ToString();
            positions.Add(Find(title, file, name, log));
        }

        if (
            positions
                .Where(position => position.Column is not null)
                .GroupBy(position => position.Column!.Name, StringComparer.Ordinal)
                .FirstOrDefault(Twice) is
            { } column
        )
        {
            throw PackageRefusal.File(
                $"{name} has the column {column.Key} twice, so that it can't be told which one counts. Have it exported with each column once."
            );
        }

        if (
            positions
                .Where(position => position.Extension is not null)
                .GroupBy(position => position.Extension!, StringComparer.Ordinal)
                .FirstOrDefault(Twice) is
            { } extension
        )
        {
            throw PackageRefusal.File(
                $"{name} has the column {Metadata}{Shown(extension.Key)} twice, so that it can't be told which one counts. Have it exported with each column once."
            );
        }

        var header = new Header(positions);
        header.Need(file, name, mode, log);
        var order = positions
            .Where(position => position.Column is not null)
            .Select(position => file.Columns.ToList().IndexOf(position.Column!))
            .ToList();
        var extensionsLast = positions.SkipWhile(position => position.Extension is null).All(position => position.Extension is not null);
        if (!order.SequenceEqual(order.Order()) || !extensionsLast)
        {
            log.Add(CsvRules.HeaderOrder, name, 1);
        }

        return header;

        static bool Twice<T>(IGrouping<string, T> group) => group.Skip(1).Any();
    }

    private void Need(CsvFile file, string name, CsvMode mode, FindingLog log)
    {
        if (!Positions.Any(position => position.Column is not null))
        {
            throw PackageRefusal.File(
                $"The first line of {name} has none of the columns of OneRoster. It must hold the columns' names: {string.Join(',', file.Columns.Take(5).Select(column => column.Name))},\u2026 Have it exported with its header, with commas between the fields."
            );
        }

        foreach (var column in file.Columns.Where(column => !Has(column.Name)))
        {
            if (column is { Required: true, OnlyInSomeVersions: false } || (column.Type == ColumnType.Status && mode == CsvMode.Delta))
            {
                throw PackageRefusal.File(
                    column.Type == ColumnType.Status
                        ? $"{name} is a delta file without the column status, so that it can't be told what is to be deleted. Have it exported with that column."
                        : $"{name} has no column {column.Name}, which OneRoster requires. Have it exported with that column, or correct its name in the header."
                );
            }

            if (column is { OnlyInSomeVersions: false, Type: not (ColumnType.Status or ColumnType.Modified or ColumnType.Unread) })
            {
                log.Add(CsvRules.HeaderMissing, name, 1, column.Name);
            }
        }
    }

    private static Position Find(string title, CsvFile file, string name, FindingLog log)
    {
        if (title.StartsWith(Metadata, StringComparison.OrdinalIgnoreCase) && title.Length > Metadata.Length)
        {
            return new Position(title, Column: null, title[Metadata.Length..]);
        }

        if (file.Columns.FirstOrDefault(column => column.Name.Equals(title, StringComparison.Ordinal)) is { } exact)
        {
            return new Position(title, exact, Extension: null);
        }

        if (file.Columns.FirstOrDefault(column => column.Name.Equals(title, StringComparison.OrdinalIgnoreCase)) is { } otherCase)
        {
            log.Add(CsvRules.HeaderCase, name, 1, otherCase.Name, title);
            return new Position(title, otherCase, Extension: null);
        }

        if (file.Columns.FirstOrDefault(column => column.Aliases.Contains(title, StringComparer.OrdinalIgnoreCase)) is { } alias)
        {
            log.Add(CsvRules.HeaderMisspelt, name, 1, alias.Name, title);
            return new Position(title, alias, Extension: null);
        }

        log.Add(CsvRules.HeaderUnknown, name, 1, Shown(title));
        return new Position(title, Column: null, Extension: null);
    }

    private static string Shown(string title) => title.Length <= 60 ? title : title[..60] + "\u2026";
}
