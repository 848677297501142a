using Rollbook.Model;

namespace Rollbook.Storage.Sql;

/// <summary>
/// Which operation a change was. It is not stored: what was born without having died is new, what died without being born is
/// gone, what did both was updated, and among those a new SIS ID is what makes a rekeying.
/// </summary>
internal static class Change
{
    /// <summary>The change from some values to others, of which one may be missing.</summary>
    public static PublishedChange Of(Kind kind, RollbookId id, Row? before, Row? after) => new(OperationOf(before, after), kind, id, before, after);

    private static Operation OperationOf(Row? before, Row? after) =>
        (before, after) switch
        {
            (null, _) => Operation.Create,
            (_, null) => Operation.Delete,
            ({ } old, { } current) => SameSisId(old, current) ? Operation.Update : Operation.Rekey,
        };

    private static bool SameSisId(Row old, Row current)
    {
        var sisId = Kinds.Of(old.Kind)["sisId"];
        return old.Get(sisId, out _).SequenceEqual(current.Get(sisId, out _));
    }
}
