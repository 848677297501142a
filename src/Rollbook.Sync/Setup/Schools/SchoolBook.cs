using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Setup.Schools;

/// <summary>
/// All that Schools Mapping shows of one app: the source's schools, as the kept upload and the newest survey know them, what each is mapped to, and the schools
/// that are there to be mapped onto.
/// </summary>
/// <param name="Entries">The source's organisations and those that only the mapping knows; schools first, by name.</param>
/// <param name="Existing">Schools that others may become part of: the roster's, and those that the mapping will create.</param>
/// <param name="Groups">How many people the roster has, by kind.</param>
/// <param name="Survey">The newest survey.</param>
/// <param name="HasImport">Whether the app was ever imported.</param>
/// <param name="Mapping">The mapping.</param>
/// <param name="App">The app.</param>
public sealed record SchoolBook(
    string App,
    SchoolsMapping Mapping,
    IReadOnlyList<SchoolEntry> Entries,
    IReadOnlyList<ExistingSchool> Existing,
    IReadOnlyDictionary<Kind, IReadOnlyList<SchoolGroup>> Groups,
    SurveyState Survey,
    bool HasImport
)
{
    /// <summary>The number of the last request for schools' own attributes that an import has taken (<see cref="SchoolsMapping.LastRefresh"/>).</summary>
    public int RefreshTaken { get; init; }

    /// <summary>The entries that a filter and a search let through.</summary>
    public IEnumerable<SchoolEntry> Show(SchoolFilter filter, string? search)
    {
        var words = (search ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return Entries.Where(entry =>
            Matches(entry, filter) && Array.TrueForAll(words, word => WordsOf(entry).Contains(word, StringComparison.OrdinalIgnoreCase))
        );
    }

    /// <summary>How many entries a filter lets through.</summary>
    public int Count(SchoolFilter filter) => Entries.Count(entry => Matches(entry, filter));

    /// <summary>What a search looks at.</summary>
    public static string WordsOf(SchoolEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return string.Join(' ', entry.Name, entry.NewName, entry.Code, entry.Source, entry.Type);
    }

    /// <summary>The schools that a text from a person means: a Rollbook ID, a label of <see cref="Existing"/> or a name.</summary>
    public IReadOnlyList<ExistingSchool> Find(string text)
    {
        if (RollbookId.TryParse(text.Trim(), out var id))
        {
            return [.. Existing.Where(school => school.Id == id)];
        }

        var labelled = Existing.Where(school => Same(school.Label, text)).ToList();
        return labelled.Count > 0 ? labelled : [.. Existing.Where(school => Same(school.Name, text))];
    }

    private static bool Matches(SchoolEntry entry, SchoolFilter filter) =>
        filter switch
        {
            SchoolFilter.Existing => entry.IsMapped,
            SchoolFilter.Missing => !entry.IsMapped && !entry.IsGone,
            SchoolFilter.MissingData => entry.IsMapped && entry.IsGone,
            _ => true,
        };

    private static bool Same(string left, string right) => string.Equals(left, right.Trim(), StringComparison.OrdinalIgnoreCase);
}

/// <summary>A school that others may become part of.</summary>
/// <param name="Id">Its Rollbook ID.</param>
/// <param name="Name">Its name.</param>
/// <param name="Label">Its name, and its code or ID where several have the name.</param>
public sealed record ExistingSchool(RollbookId Id, string Name, string Label)
{
    /// <summary>Its code; null when it has none.</summary>
    public string? Code { get; init; }
}
