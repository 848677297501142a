using Rollbook.Model;

namespace Rollbook.Sync.Derive;

/// <summary>What a run counts, by kind.</summary>
internal sealed class Tally
{
    private readonly long[] read = new long[Kinds.All.Count];
    private readonly long[] skipped = new long[Kinds.All.Count];
    private readonly long[] notMapped = new long[Kinds.All.Count];
    private readonly long[] imported = new long[Kinds.All.Count];
    private readonly long[] filtered = new long[Kinds.All.Count];
    private readonly long[] invalid = new long[Kinds.All.Count];

    internal void Read(Kind kind) => read[(int)kind]++;

    internal void Skipped(Kind kind, bool isMapped)
    {
        skipped[(int)kind]++;
        notMapped[(int)kind] += isMapped ? 0 : 1;
    }

    internal void Imported(Kind kind, long count) => imported[(int)kind] = count;

    internal void Filtered(Kind kind) => filtered[(int)kind]++;

    internal void Invalid(Kind kind, int values) => invalid[(int)kind] += values > 0 ? 1 : 0;

    internal IReadOnlyDictionary<Kind, long> ReadByKind => NotZero(read);

    internal IReadOnlyDictionary<Kind, long> SkippedByKind => NotZero(skipped);

    /// <summary>Those of the skipped that Schools Mapping leaves out.</summary>
    internal IReadOnlyDictionary<Kind, long> NotMappedByKind => NotZero(notMapped);

    /// <summary>Records of the kept upload that are in the roster.</summary>
    internal IReadOnlyDictionary<Kind, long> ImportedByKind => NotZero(imported);

    internal IReadOnlyDictionary<Kind, long> FilteredByKind => NotZero(filtered);

    /// <summary>Records of this run's derivation with a value that was not valid and was left out.</summary>
    internal IReadOnlyDictionary<Kind, long> InvalidByKind => NotZero(invalid);

    private static Dictionary<Kind, long> NotZero(long[] counts) =>
        Kinds
            .All.Where(definition => counts[(int)definition.Kind] > 0)
            .ToDictionary(definition => definition.Kind, definition => counts[(int)definition.Kind]);
}
