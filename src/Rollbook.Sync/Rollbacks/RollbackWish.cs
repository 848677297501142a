namespace Rollbook.Sync.Rollbacks;

/// <summary>What a person wants rolled back.</summary>
/// <param name="Version">The version whose content is to be published again.</param>
/// <param name="Reason">Why, in the person's words; it becomes the new version's reason.</param>
public sealed record RollbackWish(int Version, string Reason);
