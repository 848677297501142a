namespace Rollbook.Sources.OneRosterCsv.Reading;

/// <summary>The values of the row at which a table is, by their columns, looked at as they are taken.</summary>
internal readonly struct RowFields(CsvTable table, RowChecks checks)
{
    internal long Line => table.Rows.Line;

    /// <summary>A value; null when it is empty or the file has no such column.</summary>
    internal string? Text(string name)
    {
        var index = table.Header.IndexOf(name);
        if (index < 0)
        {
            return null;
        }

        var column = table.Header.Positions[index].Column!;
        var value = checks.Trim(table.Rows.Field(index), name, column.IsPersonal);
        if (value.IsEmpty)
        {
            checks.Missing(column);
            return null;
        }

        checks.Value(column, value);
        return value.ToString();
    }
}
