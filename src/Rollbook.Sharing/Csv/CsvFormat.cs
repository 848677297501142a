namespace Rollbook.Sharing.Csv;

/// <summary>The version of OneRoster CSV that a package follows.</summary>
public enum CsvFormat
{
    /// <summary>OneRoster 1.1 CSV.</summary>
    OneRoster11,

    /// <summary>OneRoster 1.2 CSV: users' roles have a file of their own.</summary>
    OneRoster12,
}

/// <summary>The words for the formats (command-line.md section 1).</summary>
public static class CsvFormats
{
    private static readonly (CsvFormat Format, string Word, string Number)[] Words =
    [
        (CsvFormat.OneRoster11, "oneroster-1.1", "1.1"),
        (CsvFormat.OneRoster12, "oneroster-1.2", "1.2"),
    ];

    /// <summary>Every word, in order.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Words.Select(format => format.Word)];

    /// <summary>The word of <c>--format</c>: <c>oneroster-1.1</c>.</summary>
    public static string Word(this CsvFormat format) => Words[(int)format].Word;

    /// <summary>OneRoster's version number: <c>1.1</c>.</summary>
    public static string Number(this CsvFormat format) => Words[(int)format].Number;

    /// <summary>The format of a word, or of a version number; null when it is neither.</summary>
    public static CsvFormat? Find(string? word)
    {
        var found = Array.FindIndex(
            Words,
            format => string.Equals(format.Word, word, StringComparison.Ordinal) || string.Equals(format.Number, word, StringComparison.Ordinal)
        );
        return found < 0 ? null : (CsvFormat)found;
    }
}
