using Rollbook.Model;
using Rollbook.Sync.Derive;

namespace Rollbook.Sync.Guard;

/// <summary>What a source takes away: records that are deleted, and people whom it has no longer though other sources keep them in the roster.</summary>
internal static class Removals
{
    /// <summary>Whether a change is one.</summary>
    internal static bool Is(StagedChange change, string app) => change.Operation == Operation.Delete || IsLeaving(change, app);

    /// <summary>
    /// Whether a person stays in the roster for other sources' sake alone: to this source they are deleted, though the record only changes, and goes on under another source's SIS ID
    /// where that is another.
    /// </summary>
    internal static bool IsLeaving(StagedChange change, string app) =>
        change.Operation is Operation.Update or Operation.Rekey
        && Kinds.Of(change.Kind).Family == Family.Person
        && change.Row["sources"] is IEnumerable<string> sources
        && !sources.Contains(app, StringComparer.Ordinal);

    /// <summary>The people who leave the source of a derivation, and stay.</summary>
    internal static HashSet<RollbookId> Leaving(Derivation derivation, Kind kind) =>
        derivation.Uniting is null || Kinds.Of(kind).Family != Family.Person
            ? []
            : [.. derivation.Changes.Read(kind).Where(change => IsLeaving(change, derivation.App)).Select(change => change.Id)];
}
