using Rollbook.Model;

namespace Rollbook.Sync.Derive;

/// <summary>The records that can't stand because of others that rules leave out: those that lack nothing but them, and those that lack nothing but these.</summary>
internal sealed class TakenAlong
{
    private readonly Dictionary<RollbookId, Kind> records = [];

    /// <summary>How many there are, by kind.</summary>
    internal IReadOnlyDictionary<Kind, long> ByKind =>
        records.Values.GroupBy(kind => kind).ToDictionary(group => group.Key, group => group.LongCount());

    /// <summary>Looks at a record that is withheld.</summary>
    internal void Judge(RollbookId key, Kind kind, IReadOnlyList<(RollbookId Target, bool Required)> unresolved, Derivation derivation)
    {
        var required = unresolved.Where(reference => reference.Required).Select(reference => reference.Target).ToList();
        if (required.Count > 0 && required.TrueForAll(target => records.ContainsKey(target) || derivation.IsLeftOut(target)))
        {
            records[key] = kind;
        }
    }
}
