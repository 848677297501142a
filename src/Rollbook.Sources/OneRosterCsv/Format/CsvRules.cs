namespace Rollbook.Sources.OneRosterCsv.Format;

/// <summary>
/// The rules of OneRoster CSV that a package may break and still be read, by name (synergy-oneroster.md section 4.1). What breaks others is refused. One list:
/// the guide has the same.
/// </summary>
public static class CsvRules
{
    internal const string ManifestMissing = "manifest-missing";
    internal const string ManifestUnreadable = "manifest-row";
    internal const string ManifestHeaderTwice = "manifest-header-twice";
    internal const string ManifestVersion = "manifest-version";
    internal const string ManifestUnlisted = "manifest-unlisted";
    internal const string FileName = "file-name";
    internal const string FileUnknown = "file-unknown";
    internal const string FileNoRows = "file-no-rows";
    internal const string HeaderCase = "header-case";
    internal const string HeaderMisspelt = "header-misspelt";
    internal const string HeaderOrder = "header-order";
    internal const string HeaderUnknown = "header-unknown";
    internal const string HeaderMissing = "header-missing";
    internal const string RowLength = "row-length";
    internal const string LineBreak = "line-break";
    internal const string Quotes = "quotes";
    internal const string Blanks = "blanks";
    internal const string ControlCharacter = "control-character";
    internal const string IdMissing = "id-missing";
    internal const string IdCharacters = "id-characters";
    internal const string IdTwice = "id-twice";
    internal const string RequiredEmpty = "required-empty";
    internal const string DateFormat = "date-format";
    internal const string DateTimeFormat = "datetime-format";
    internal const string YearFormat = "year-format";
    internal const string BooleanFormat = "boolean-format";
    internal const string WordUnknown = "word-unknown";
    internal const string WordCase = "word-case";
    internal const string UserIdsFormat = "userids-format";
    internal const string StatusInBulk = "status-in-bulk";
    internal const string ModifiedInBulk = "modified-in-bulk";
    internal const string StatusMissing = "status-missing";
    internal const string ReferenceDangling = "reference-dangling";
    internal const string PrimaryEmpty = "primary-empty";
    internal const string SchoolYear = "school-year";
    internal const string DatesReversed = "dates-reversed";
    internal const string SubjectsUnpaired = "subjects-unpaired";
    internal const string UserWithoutRole = "user-without-role";

    /// <summary>Every rule with the sentence that says what is found, in the order of the guide.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [ManifestMissing] = "The package has no manifest.csv. What is not in the files was not taken for deleted.",
            [ManifestUnreadable] = "A row of the manifest says nothing that OneRoster knows; it was passed over.",
            [ManifestHeaderTwice] = "The manifest has its header twice.",
            [ManifestVersion] = "The manifest names another OneRoster version than the files have; the files' headers decided.",
            [ManifestUnlisted] =
                "The file is in the package, and the manifest does not list it as bulk or delta. It was read; what is not in it was not taken for deleted.",
            [FileName] = "The file's name is not written as OneRoster writes it.",
            [FileUnknown] = "OneRoster has no file of this name; it was not read.",
            [FileNoRows] = "The file has no rows; the manifest should mark it absent.",
            [HeaderCase] = "A column's name has other capital letters than OneRoster's.",
            [HeaderMisspelt] = "A column's name is misspelt; it was taken for the one that is meant.",
            [HeaderOrder] = "The columns are in another order than OneRoster's.",
            [HeaderUnknown] = "OneRoster has no column of this name; it was not read. Extensions are named metadata.*, at the right end.",
            [HeaderMissing] = "A column that may be empty is missing.",
            [RowLength] = "A row has more or fewer fields than the header; it was not taken, and nothing of this file was taken for deleted.",
            [LineBreak] = "A field has a line break in it.",
            [Quotes] =
                "Quotation marks are broken, so that it can't be told where a field ends; the row was not taken, and nothing of this file was taken for deleted.",
            [Blanks] = "A value has blanks before or after it, or in a list after its commas; they were left out.",
            [ControlCharacter] = "A value has characters that can't be seen.",
            [IdMissing] = "A row has no sourcedId; it was not taken, and nothing of this file was taken for deleted.",
            [IdCharacters] = "An ID is longer than 255 characters or has others than letters, digits and . - _ / @.",
            [IdTwice] = "A sourcedId comes a second time in the file; the first row counts.",
            [RequiredEmpty] = "A value that OneRoster requires is empty.",
            [DateFormat] = "A date is not written YYYY-MM-DD.",
            [DateTimeFormat] = "A time is not written YYYY-MM-DDThh:mm:ss.sssZ.",
            [YearFormat] = "A year is not written YYYY.",
            [BooleanFormat] = "A value is neither true nor false, in small letters.",
            [WordUnknown] = "A value is none of the words that OneRoster has for this column.",
            [WordCase] = "A word has other capital letters than OneRoster's.",
            [UserIdsFormat] = "User IDs are not written {type:id},{type:id}.",
            [StatusInBulk] = "A bulk file says a status, which only delta files do.",
            [ModifiedInBulk] = "A bulk file says dateLastModified, which only delta files do; it was not taken.",
            [StatusMissing] = "A row of a delta file has no status; it was taken as active.",
            [ReferenceDangling] = "A row refers to a record that is not in the package.",
            [PrimaryEmpty] = "A teacher's enrollment does not say whether the teacher is the class's primary one.",
            [SchoolYear] = "The schoolYear of a school year is not the year in which it ends.",
            [DatesReversed] = "It ends before it begins.",
            [SubjectsUnpaired] = "There are more or fewer subject codes than subjects.",
            [UserWithoutRole] = "A user has no row in roles.csv, so that Rollbook can't tell what the person is.",
        };
}
