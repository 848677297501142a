using Rollbook.Sync.Configuration;

namespace Rollbook.Sync.Setup.Schools;

/// <summary>What a person wants one school to be.</summary>
/// <param name="Source">The school's sourcedId.</param>
/// <param name="Create"><b>Create New School</b>.</param>
/// <param name="Name">The new school's name; empty for the source's.</param>
/// <param name="School">An existing school, by label, name or Rollbook ID; empty for none.</param>
public sealed record SchoolEdit(string Source, bool Create, string Name, string School);

/// <summary>Makes a mapping of what a person entered, for the schools that they saw; the others stay as they are.</summary>
public sealed class SchoolEdits
{
    private readonly SchoolBook book;
    private readonly bool auto;
    private readonly Dictionary<string, Wish> wishes;

    /// <summary>Takes what was entered.</summary>
    /// <param name="book">What was shown.</param>
    /// <param name="edits">The schools on the page.</param>
    /// <param name="auto">Whether schools that appear later are mapped too.</param>
    public SchoolEdits(SchoolBook book, IEnumerable<SchoolEdit> edits, bool auto)
    {
        ArgumentNullException.ThrowIfNull(book);
        ArgumentNullException.ThrowIfNull(edits);
        (this.book, this.auto) = (book, auto);
        wishes = book.Entries.ToDictionary(
            entry => entry.Source,
            entry => new Wish(entry, entry.IsMapped && entry.Row?.School is null, entry.Row?.Create ?? "", entry.Row?.School),
            StringComparer.Ordinal
        );
        foreach (var edit in edits)
        {
            Take(edit);
        }
    }

    /// <summary>What is wrong, by sourcedId.</summary>
    public Dictionary<string, string> Problems { get; } = new(StringComparer.Ordinal);

    /// <summary>The mapping.</summary>
    public SchoolsMapping Mapping =>
        new SchoolsMapping
        {
            Auto = auto,
            Mapped = [.. wishes.Values.Select(RowOf).OfType<SchoolMapping>()],
            LeftOut = auto ? [.. LeftOut] : [],
            Refreshed = book.Mapping.Refreshed,
            RefreshedSchools = book.Mapping.RefreshedSchools,
        }.Sorted();

    /// <summary>
    /// Mapped schools of the published roster whose mapping is deleted. One that becomes part of another is not among them: its people and classes stay.
    /// </summary>
    public IReadOnlyList<SchoolEntry> Removed =>
        [
            .. wishes
                .Values.Where(wish => !wish.IsMapped && wish.Entry.IsMapped && (wish.Entry.IsPublished || IsPartOfPublished(wish.Entry)))
                .Select(wish => wish.Entry),
        ];

    /// <summary>Deletes one school's mapping.</summary>
    public void Delete(string source)
    {
        if (wishes.TryGetValue(source, out var wish))
        {
            wishes[source] = wish with { Create = false, School = null };
        }
    }

    /// <summary><b>Auto Mapping</b>: turns every unmapped school on that the source still has; of some only, when they are named.</summary>
    public int MapAll(IEnumerable<SchoolEntry>? some = null)
    {
        var count = 0;
        foreach (var entry in (some ?? book.Entries).Where(entry => !entry.IsGone))
        {
            if (wishes[entry.Source] is { Create: false, School: null } wish)
            {
                wishes[entry.Source] = wish with { Create = true, Name = "" };
                count++;
            }
        }

        return count;
    }

    /// <summary>
    /// <b>Match Existing Schools</b>: what is new in the source becomes the existing school that has its code, or else its name, where that is one alone and the source does
    /// not have it under its old ID any more: a new SIS, or one that has given new IDs.
    /// </summary>
    public int MatchExisting()
    {
        var there = book.Entries.Where(entry => !entry.IsGone).Select(entry => entry.Id).ToHashSet();
        var free = book.Existing.Where(school => !there.Contains(school.Id)).ToList();
        var count = 0;
        foreach (var entry in book.Entries.Where(entry => !entry.IsGone && !entry.IsPublished && entry.IsSchool && entry.Row?.School is null))
        {
            var match =
                Only(school => entry.Code is { Length: > 0 } code && Same(school.Code, code)) ?? Only(school => Same(school.Name, entry.Name));
            if (match is not null && !string.Equals(wishes[entry.Source].School, match.Id.ToString(), StringComparison.Ordinal))
            {
                wishes[entry.Source] = wishes[entry.Source] with { Create = false, Name = "", School = match.Id.ToString() };
                count++;
            }
        }

        return count;

        ExistingSchool? Only(Func<ExistingSchool, bool> isIt) => free.Where(isIt).Take(2).ToList() is [var one] ? one : null;

        static bool Same(string? one, string other) => string.Equals(one?.Trim(), other.Trim(), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Turns schools off.</summary>
    public void LeaveOut(IEnumerable<SchoolEntry> some)
    {
        ArgumentNullException.ThrowIfNull(some);
        foreach (var entry in some)
        {
            Delete(entry.Source);
        }
    }

    private bool IsPartOfPublished(SchoolEntry entry) => entry.Row?.School is not null && book.HasImport;

    private IEnumerable<string> LeftOut =>
        wishes
            .Values.Where(wish => !wish.IsMapped && !wish.Entry.IsGone)
            .Select(wish => wish.Entry.Source)
            .Union(book.Mapping.LeftOut.Where(source => !wishes.ContainsKey(source)), StringComparer.Ordinal);

    private void Take(SchoolEdit edit)
    {
        if (!wishes.TryGetValue(edit.Source, out var wish))
        {
            return;
        }

        var name = edit.Name.Trim();
        var school = edit.School.Trim();
        if (edit.Create && school.Length > 0)
        {
            Problems[edit.Source] = "It can't be a new school and part of another one. Turn Create New School off, or clear the existing school.";
        }
        else if (edit.Create)
        {
            wish = wish with { Create = true, School = null, Name = string.Equals(name, wish.Entry.Name, StringComparison.Ordinal) ? "" : name };
        }
        else if (school.Length == 0)
        {
            wish = wish with { Create = false, School = null };
        }
        else
        {
            wish = wish with { Create = false, School = Resolve(edit.Source, school) };
        }

        wishes[edit.Source] = wish;
    }

    private string? Resolve(string source, string text)
    {
        var found = book.Find(text).Where(school => school.Id != wishes[source].Entry.Id).ToList();
        if (found.Count == 1)
        {
            return found[0].Id.ToString();
        }

        Problems[source] =
            found.Count == 0
                ? $"There is no other school “{text}”. Choose one of the list; a school that is to be created must be turned on and saved first."
                : $"{found.Count} schools have the name “{text}”. Choose one of the list, where each has its code.";
        return wishes[source].School;
    }

    private SchoolMapping? RowOf(Wish wish) =>
        wish switch
        {
            { School: { } school } => new SchoolMapping { Source = wish.Entry.Source, School = school },
            { Create: false } => null,

            // Mapped automatically and nothing said of it: it stays so.
            { Name: "", Entry: { Row: null, IsGone: false } } when auto => null,
            _ => new SchoolMapping { Source = wish.Entry.Source, Create = wish.Name },
        };

    private sealed record Wish(SchoolEntry Entry, bool Create, string Name, string? School)
    {
        internal bool IsMapped => Create || School is not null;
    }
}
