using Rollbook.Model;

namespace Rollbook.Sync.Compare;

/// <summary>A record that may have changed.</summary>
/// <param name="Id">The record.</param>
/// <param name="Before">The kind in which it was published; null when it was not.</param>
/// <param name="After">The kind in which it is to be; null when it is not.</param>
/// <param name="Row">Its new values; without meaning when it is not to be.</param>
/// <param name="Consequence">Whether only another record's change brought it here.</param>
internal readonly record struct Candidate(RollbookId Id, Kind? Before, Kind? After, Row Row, bool Consequence);

/// <summary>
/// The candidates of a collection, on disk until the whole collection is known. One that comes again takes the place of the earlier, but what was published
/// before stays what the earlier said.
/// </summary>
internal sealed class Candidates(string path) : IDisposable
{
    private const byte PublishedBit = 0x20;
    private const byte ConsequenceBit = 0x40;
    private const byte None = 0x1F;

    private readonly SpoolFile file = new(path);
    private readonly Dictionary<RollbookId, Repeat> repeats = [];

    internal void Add(Candidate candidate)
    {
        var tag = candidate.Before is { } before ? (byte)before : None;
        tag |= candidate.After is null ? (byte)0 : PublishedBit;
        tag |= candidate.Consequence ? ConsequenceBit : (byte)0;
        file.Add(tag, candidate.Id, candidate.After is { } kind ? new Row(kind, candidate.Row.Bytes) : default);
    }

    /// <summary>Says that the next candidate added takes the place of an earlier one of the same ID.</summary>
    internal void Replace(RollbookId id) => repeats[id] = new Repeat(file.Count);

    /// <summary>The candidates in the order of coming; a candidate's row is valid until the next one is taken.</summary>
    internal IEnumerable<Candidate> Read()
    {
        long number = 0;
        foreach (var entry in file.Read())
        {
            var before = entry.Tag & None;
            var candidate = new Candidate(
                entry.Id,
                before == None ? null : (Kind)before,
                (entry.Tag & PublishedBit) != 0 ? entry.Row.Kind : null,
                entry.Row,
                (entry.Tag & ConsequenceBit) != 0
            );
            if (repeats.Count > 0 && repeats.TryGetValue(entry.Id, out var repeat))
            {
                if (!repeat.HasFirst)
                {
                    (repeat.HasFirst, repeat.Before) = (true, candidate.Before);
                }

                candidate = candidate with { Before = repeat.Before };
                if (number < repeat.Last)
                {
                    number++;
                    continue;
                }
            }

            number++;
            yield return candidate;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private sealed class Repeat(long last)
    {
        internal long Last { get; } = last;

        internal bool HasFirst { get; set; }

        internal Kind? Before { get; set; }
    }
}
