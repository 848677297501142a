using System.Text.Json.Serialization;

namespace Rollbook.Sync.Configuration;

/// <summary>Which schools of the source enter the roster, and as what (product.md 3.2). Records of other schools are not imported.</summary>
public sealed record SchoolsMapping
{
    private static readonly IReadOnlyDictionary<string, int> NoSchools = new SortedDictionary<string, int>(StringComparer.Ordinal);

    /// <summary>Every school of the source, under its own name, and those that appear later too: <c>schools: auto</c>.</summary>
    public static SchoolsMapping Automatic { get; } = new() { Auto = true };

    /// <summary>Whether a school that is in neither list is mapped all the same.</summary>
    public bool Auto { get; init; }

    /// <summary>The mapped schools, each source school once.</summary>
    public IReadOnlyList<SchoolMapping> Mapped { get; init; } = [];

    /// <summary>With <see cref="Auto"/>: sourcedIds of the schools that are left out nevertheless.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>
    /// How many times the schools' own attributes were asked for again (<b>Refresh from source</b>). They are taken once, at the first sync; a greater
    /// number than the last import had takes them once more.
    /// </summary>
    public int Refreshed { get; init; }

    /// <summary>Schools asked for again one at a time: each sourcedId with its number in the same count as <see cref="Refreshed"/>.</summary>
    public IReadOnlyDictionary<string, int> RefreshedSchools { get; init; } = NoSchools;

    /// <summary>The number of the last request for schools' own attributes, whether it was for one or for all.</summary>
    [JsonIgnore]
    public int LastRefresh => Math.Max(Refreshed, RefreshedSchools.Values.DefaultIfEmpty(0).Max());

    /// <summary>The same mapping with all schools' own attributes asked for again.</summary>
    /// <param name="taken">The number that the last import had, which is the greater one where an older configuration was put in force since.</param>
    public SchoolsMapping Refresh(int taken = 0) => this with { Refreshed = Math.Max(LastRefresh, taken) + 1, RefreshedSchools = NoSchools };

    /// <summary>The same mapping with one school's own attributes asked for again.</summary>
    /// <param name="source">The school's sourcedId.</param>
    /// <param name="taken">As for all schools.</param>
    public SchoolsMapping Refresh(string source, int taken = 0) =>
        this with
        {
            RefreshedSchools = new SortedDictionary<string, int>(RefreshedSchools.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal)
            {
                [source] = Math.Max(LastRefresh, taken) + 1,
            },
        };

    /// <summary>The same mapping in its one canonical order.</summary>
    public SchoolsMapping Sorted() =>
        this with
        {
            Mapped = [.. Mapped.OrderBy(school => school.Source, StringComparer.Ordinal)],
            LeftOut = [.. LeftOut.Order(StringComparer.Ordinal)],
            RefreshedSchools = new SortedDictionary<string, int>(
                RefreshedSchools.Where(school => school.Value > Refreshed).ToDictionary(StringComparer.Ordinal),
                StringComparer.Ordinal
            ),
        };

    /// <inheritdoc/>
    public bool Equals(SchoolsMapping? other) =>
        other is not null
        && Auto == other.Auto
        && Refreshed == other.Refreshed
        && Mapped.SequenceEqual(other.Mapped)
        && LeftOut.SequenceEqual(other.LeftOut, StringComparer.Ordinal)
        && RefreshedSchools
            .OrderBy(school => school.Key, StringComparer.Ordinal)
            .SequenceEqual(other.RefreshedSchools.OrderBy(school => school.Key, StringComparer.Ordinal));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Auto, Refreshed, Mapped.Count, LeftOut.Count);
}

/// <summary>One school of the source and what it becomes.</summary>
public sealed record SchoolMapping
{
    /// <summary>The source's sourcedId, without a SIS ID prefix.</summary>
    public required string Source { get; init; }

    /// <summary><b>Create New School</b>: its name in the roster; empty for the source's own name. Null when <see cref="School"/> is given.</summary>
    public string? Create { get; init; }

    /// <summary>An existing school that it becomes part of: its Rollbook ID, or its name as long as only one school has it. Null when it is created.</summary>
    public string? School { get; init; }
}
