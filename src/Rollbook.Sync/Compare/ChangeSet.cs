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
    private readonly Dictionary<Kind, ChangeCounts> counts = [];

    /// <inheritdoc/>
    public IReadOnlyDictionary<Kind, ChangeCounts> Counts => counts;

    /// <summary>Adds a change; each ID once a kind.</summary>
    internal void Add(StagedChange change)
    {
        var part = (int)(change.Id.Value >> 122);
        var file = files[(int)change.Kind, part] ??= new SpoolFile(Path.Combine(folder, $"changes-{(int)change.Kind}-{part}"), 1 << 14);
        var tag = (byte)((int)change.Operation | (change.Consequence ? ConsequenceBit : 0));
        file.Add(tag, change.Id, change.Operation == Operation.Delete ? new Row(change.Kind, ReadOnlyMemory<byte>.Empty) : change.Row);

        var count = counts.GetValueOrDefault(change.Kind) ?? new ChangeCounts();
        count = change.Operation switch
        {
            Operation.Create => count with { Create = count.Create + 1 },
            Operation.Update => count with { Update = count.Update + 1 },
            Operation.Delete => count with { Delete = count.Delete + 1 },
            _ => count with { Rekey = count.Rekey + 1 },
        };
        counts[change.Kind] = change.Consequence ? count with { Consequences = count.Consequences + 1 } : count;
    }

    /// <summary>Notes how many records of a kind stay as they are.</summary>
    internal void SetUnchanged(Kind kind, long unchanged) =>
        counts[kind] = (counts.GetValueOrDefault(kind) ?? new ChangeCounts()) with { Unchanged = unchanged };

    /// <inheritdoc/>
    public IEnumerable<StagedChange> Read(Kind kind)
    {
        for (var part = 0; part < Parts; part++)
        {
            if (files[(int)kind, part] is not { } file)
            {
                continue;
            }

            foreach (var entry in file.ReadSorted())
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
}
