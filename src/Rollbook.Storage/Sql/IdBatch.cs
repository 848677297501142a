namespace Rollbook.Storage.Sql;

/// <summary>How many IDs go into one question: many enough to make the round trip cheap, few enough to keep the parameter small.</summary>
internal static class IdBatch
{
    /// <summary>IDs a question.</summary>
    public const int Size = 10_000;
}
