using Rollbook.Model;
using Rollbook.Storage;

namespace Rollbook.Sync.Compare;

/// <summary>
/// The staged changes of a run on disk, split by kind and by the first bits of the ID, so that any number can be read in the order of IDs
/// with little memory.
/// </summary>
internal sealed class ChangeSet(string folder) : IChangeSet, IDisposable
{
    private const int Parts = 64;
    private const byte ConsequenceBit = 0x80;

    private readonly SpoolFile?[,] files = new SpoolFile?[Kinds.All.Count, Parts];
    private readonly ChangeTally?[] tallies = new ChangeTally?[Kinds.All.Count];

    /// <inheritdoc/>
    public IReadOnlyDictionary<Kind, ChangeCounts> Counts =>
        Kinds
            .All.Where(definition => tallies[(int)definition.Kind] is not null)
            .ToDictionary(definition => definition.Kind, definition => tallies[(int)definition.Kind]!.ToCounts());

    /// <summary>Adds a change; each ID once a kind.</summary>
    internal void Add(StagedChange change)
    {
        var part = (int)(change.Id.Value >> 122);
        var file = files[(int)change.Kind, part] ??= new SpoolFile(Path.Combine(folder, $"changes-{(int)change.Kind}-{part}"), 1 << 14);
        var tag = (byte)((int)change.Operation | (change.Consequence ? ConsequenceBit : 0));
        file.Add(tag, change.Id, change.Operation == Operation.Delete ? new Row(change.Kind, ReadOnlyMemory<byte>.Empty) : change.Row);

        TallyOf(change.Kind).Add(change.Operation, change.Consequence);
    }

    /// <summary>Notes how many records of a kind stay as they are.</summary>
    internal void SetUnchanged(Kind kind, long unchanged) => TallyOf(kind).Unchanged = unchanged;

    /// <inheritdoc/>
    public IEnumerable<StagedChange> Read(Kind kind)
    {
        var sorted = new SortedEntries();
        for (var part = 0; part < Parts; part++)
        {
            if (files[(int)kind, part] is not { } file)
            {
                continue;
            }

            foreach (var entry in sorted.Of(file))
            {
                yield return new StagedChange((Operation)(entry.Tag & 0x7F), kind, entry.Id, entry.Row, (entry.Tag & ConsequenceBit) != 0);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in files)
        {
            file?.Dispose();
        }
    }

    private ChangeTally TallyOf(Kind kind) => tallies[(int)kind] ??= new ChangeTally();

    /// <summary>The counts of a kind while they grow.</summary>
    private sealed class ChangeTally
    {
        private readonly long[] byOperation = new long[Enum.GetValues<Operation>().Length];
        private long consequences;

        internal long Unchanged { get; set; }

        internal void Add(Operation operation, bool consequence)
        {
            byOperation[(int)operation]++;
            consequences += consequence ? 1 : 0;
        }

        internal ChangeCounts ToCounts() =>
            new()
            {
                Create = byOperation[(int)Operation.Create],
                Update = byOperation[(int)Operation.Update],
                Delete = byOperation[(int)Operation.Delete],
                Rekey = byOperation[(int)Operation.Rekey],
                Unchanged = Unchanged,
                Consequences = consequences,
            };
    }
}
