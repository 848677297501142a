using Rollbook.Model;
using Rollbook.Sources.OneRosterCsv.Format;

namespace Rollbook.Sources.OneRosterCsv.Reading;

/// <summary>Holds the values of a row against the rules of their columns, and against each other. Nothing is refused for it.</summary>
internal sealed class RowChecks(PackageFile file, Header header, CsvRows rows, FindingLog log)
{
    private readonly int role = file.File == CsvFiles.Enrollments ? header.IndexOf("role") : -1;
    private readonly int primary = header.IndexOf("primary");
    private readonly int type = file.File == CsvFiles.AcademicSessions ? header.IndexOf("type") : -1;
    private readonly int schoolYear = header.IndexOf("schoolYear");
    private readonly int begin = Math.Max(header.IndexOf("startDate"), header.IndexOf("beginDate"));
    private readonly int end = header.IndexOf("endDate");
    private readonly int subjects = header.IndexOf("subjects");
    private readonly int codes = header.IndexOf("subjectCodes");

    /// <summary>Whether the file's rows are persons, whose IDs and extensions are their own.</summary>
    public bool IsOfPersons => file.File.Collection is Collection.Users or Collection.Demographics;

    /// <summary>A value without blanks around it.</summary>
    public ReadOnlySpan<char> Trim(ReadOnlySpan<char> value, string column, bool isPersonal)
    {
        var trimmed = value.Trim();
        if (trimmed.Length != value.Length)
        {
            log.Add(CsvRules.Blanks, file.Entry.Name, rows.Line, column);
        }

        if (trimmed.IndexOfAnyInRange('\0', '\u001f') >= 0 && trimmed.IndexOfAny('\r', '\n') < 0)
        {
            log.Add(CsvRules.ControlCharacter, file.Entry.Name, rows.Line, column, trimmed, isPersonal);
        }

        return trimmed;
    }

    /// <summary>A part of a list without blanks around it.</summary>
    public ReadOnlySpan<char> TrimPart(ReadOnlySpan<char> part, CsvColumn column)
    {
        var trimmed = part.Trim();
        if (trimmed.Length != part.Length)
        {
            log.Add(CsvRules.Blanks, file.Entry.Name, rows.Line, column.Name);
        }

        return trimmed;
    }

    /// <summary>Whether the row is marked deleted; what is odd about its status is noted.</summary>
    public bool IsDeleted(int status)
    {
        var value = status < 0 ? default : rows.Field(status).Trim();
        if (file.IsBulk && !value.IsEmpty)
        {
            log.Add(CsvRules.StatusInBulk, file.Entry.Name, rows.Line, "status", value);
        }
        else if (!file.IsBulk && value.IsEmpty)
        {
            log.Add(CsvRules.StatusMissing, file.Entry.Name, rows.Line, "status");
        }

        return value.Equals("tobedeleted", StringComparison.OrdinalIgnoreCase) || value.Equals("inactive", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A column of the row is empty.</summary>
    public void Missing(CsvColumn column)
    {
        if (column.Required)
        {
            log.Add(CsvRules.RequiredEmpty, file.Entry.Name, rows.Line, column.Name);
        }
    }

    /// <summary>Looks at an ID, the row's own or one that it refers to.</summary>
    public void Id(CsvColumn column, ReadOnlySpan<char> sourcedId)
    {
        if (sourcedId.Length > 255 || sourcedId.IndexOfAnyExcept(IdCharacters) >= 0)
        {
            var isOwn = column.Target == Collection.Users || (column.Target is null && IsOfPersons);
            log.Add(CsvRules.IdCharacters, file.Entry.Name, rows.Line, column.Name, sourcedId, isOwn);
        }
    }

    /// <summary>Looks at one value that is not empty.</summary>
    public void Value(CsvColumn column, ReadOnlySpan<char> value)
    {
        var broken = column.Type switch
        {
            ColumnType.Date when !IsDate(value) => CsvRules.DateFormat,
            ColumnType.Modified when !IsMoment(value) => CsvRules.DateTimeFormat,
            ColumnType.Year when value.Length != 4 || value.ContainsAnyExceptInRange('0', '9') => CsvRules.YearFormat,
            ColumnType.Boolean when value is not ("true" or "false") => CsvRules.BooleanFormat,
            ColumnType.Word or ColumnType.Status => Word(column, value),
            _ => null,
        };
        if (column.Type is ColumnType.Id or ColumnType.Reference)
        {
            Id(column, value);
        }
        else if (broken is not null)
        {
            log.Add(broken, file.Entry.Name, rows.Line, column.Name, value, column.IsPersonal);
        }
    }

    /// <summary>Looks at the values of a row together.</summary>
    public void Row(bool isDeleted)
    {
        if (isDeleted)
        {
            return;
        }

        if (
            role >= 0
            && primary >= 0
            && rows.Field(primary).IsWhiteSpace()
            && rows.Field(role).Trim().Equals("teacher", StringComparison.OrdinalIgnoreCase)
        )
        {
            log.Add(CsvRules.PrimaryEmpty, file.Entry.Name, rows.Line, "primary");
        }

        if (begin >= 0 && end >= 0 && IsDate(rows.Raw(begin).Trim('"')) && IsDate(rows.Raw(end).Trim('"')))
        {
            var last = rows.Raw(end).Trim('"');
            if (rows.Raw(begin).Trim('"').SequenceCompareTo(last) > 0)
            {
                log.Add(CsvRules.DatesReversed, file.Entry.Name, rows.Line, header.Positions[end].Column!.Name);
            }

            if (
                type >= 0
                && schoolYear >= 0
                && rows.Raw(type).Trim('"') is "schoolYear"
                && rows.Raw(schoolYear).Trim('"') is { Length: 4 } year
                && !year.SequenceEqual(last[..4])
            )
            {
                log.Add(CsvRules.SchoolYear, file.Entry.Name, rows.Line, "schoolYear", year);
            }
        }

        if (subjects >= 0 && codes >= 0 && Parts(rows.Raw(codes)) is > 0 and var number && number != Parts(rows.Raw(subjects)))
        {
            log.Add(CsvRules.SubjectsUnpaired, file.Entry.Name, rows.Line, "subjectCodes");
        }
    }

    private static readonly System.Buffers.SearchValues<char> IdCharacters = System.Buffers.SearchValues.Create(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.-_/@"
    );

    private static int Parts(ReadOnlySpan<char> list) => list.Trim('"').IsWhiteSpace() ? 0 : list.Count(',') + 1;

    private static string? Word(CsvColumn column, ReadOnlySpan<char> value)
    {
        foreach (var word in column.Words)
        {
            if (value.SequenceEqual(word))
            {
                return null;
            }
        }

        foreach (var word in column.Words)
        {
            if (value.Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                return CsvRules.WordCase;
            }
        }

        return CsvRules.WordUnknown;
    }

    private static bool IsDate(ReadOnlySpan<char> value) =>
        value.Length == 10
        && value[4] == '-'
        && value[7] == '-'
        && int.TryParse(value[..4], System.Globalization.NumberStyles.None, null, out var year)
        && int.TryParse(value[5..7], System.Globalization.NumberStyles.None, null, out var month)
        && int.TryParse(value[8..], System.Globalization.NumberStyles.None, null, out var day)
        && year > 0
        && month is >= 1 and <= 12
        && day >= 1
        && day <= DateTime.DaysInMonth(year, month);

    private static bool IsMoment(ReadOnlySpan<char> value) =>
        value.Length is 20 or >= 22
        && IsDate(value[..10])
        && value[10] == 'T'
        && value[^1] == 'Z'
        && TimeOnly.TryParse(value[11..^1], System.Globalization.CultureInfo.InvariantCulture, out _);
}
