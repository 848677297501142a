namespace Rollbook.Sources.OneRosterCsv.Reading;

/// <summary>Collects findings: how often each rule is broken in each file, and the first few places.</summary>
internal sealed class FindingLog
{
    private const int LongestValue = 60;

    private readonly Dictionary<(string File, string Rule), Entry> entries = [];

    /// <summary>How many deviations there are in all.</summary>
    public long Count { get; private set; }

    /// <summary>Notes one deviation.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="file">The file.</param>
    /// <param name="line">The line; null for the file as a whole.</param>
    /// <param name="column">The column.</param>
    /// <param name="value">What stands there.</param>
    /// <param name="isPersonal">Whether only the shape of the value may be told.</param>
    public void Add(string rule, string file, long? line = null, string? column = null, ReadOnlySpan<char> value = default, bool isPersonal = false)
    {
        if (!entries.TryGetValue((file, rule), out var entry))
        {
            entries[(file, rule)] = entry = new Entry();
        }

        Count++;
        entry.Count++;
        if (entry.Examples.Count < FileFinding.MostExamples)
        {
            entry.Examples.Add(new FileFindingPlace(line, column, value.IsEmpty ? null : Shown(value, isPersonal)));
        }
    }

    /// <summary>The findings since the last time.</summary>
    public IReadOnlyList<FileFinding> Take()
    {
        FileFinding[] found = [.. entries.Select(entry => new FileFinding(entry.Key.Rule, entry.Key.File, entry.Value.Count, entry.Value.Examples))];
        entries.Clear();
        return found;
    }

    private static string Shown(ReadOnlySpan<char> value, bool isPersonal)
    {
        var cut = value[..Math.Min(value.Length, LongestValue)];
        Span<char> shown = stackalloc char[LongestValue];
        for (var i = 0; i < cut.Length; i++)
        {
            shown[i] = cut[i] switch
            {
                var letter when char.IsControl(letter) => '\u00B7',
                var letter when isPersonal && (char.IsLetter(letter) || char.IsSurrogate(letter)) => 'a',
                var letter when isPersonal && char.IsDigit(letter) => '9',
                var letter => letter,
            };
        }

        return value.Length > cut.Length ? $"{shown[..cut.Length]}\u2026" : shown[..cut.Length].ToString();
    }

    private sealed class Entry
    {
        internal long Count { get; set; }

        internal List<FileFindingPlace> Examples { get; } = [];
    }
}
