using Rollbook.Model;
using Rollbook.Storage;
using Rollbook.Sync.Map;

namespace Rollbook.Sync.Lineage;

/// <summary>Where the references of one record lead. Asked a first time it has every reference lead to what it names and remembers it; then it knows. Why one leads nowhere is told from what became of the record that it names, and not asked for here.</summary>
internal sealed class StoredTargets : IReferenceTargets
{
    private readonly Dictionary<(Family Family, RollbookId Key), Lead> known = [];

    /// <summary>What was asked for and is not known.</summary>
    internal HashSet<(Family Family, RollbookId Key)> Asked { get; } = [];

    /// <inheritdoc/>
    public Lead Follow(Family family, RollbookId key)
    {
        if (known.TryGetValue((family, key), out var lead))
        {
            return lead;
        }

        Asked.Add((family, key));
        return new Lead(ReferenceFate.Leads, default, key);
    }

    /// <inheritdoc/>
    public Absence Absent(Family family, RollbookId key) => Absence.NotInSource;

    /// <summary>Says where a reference leads.</summary>
    internal void Know(Family family, RollbookId key, Lead lead) => known[(family, key)] = lead;
}
