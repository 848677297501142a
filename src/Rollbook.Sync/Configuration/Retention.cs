namespace Rollbook.Sync.Configuration;

/// <summary>
/// How long published versions are kept (sync-safety.md section 7). A purge takes no version that is among the newest so many or was in force in the last so many days; the
/// newest always stays. Nothing is purged by itself.
/// </summary>
/// <param name="Versions">How many of the newest versions stay; null for no such rule.</param>
/// <param name="Days">For how many days back any moment can be looked at; null for no such rule.</param>
public sealed record Retention(int? Versions = null, int? Days = null)
{
    /// <summary>More than any district makes.</summary>
    public const int Most = 100_000;

    /// <summary>A number that either can be.</summary>
    public static bool IsPossible(int number) => number is >= 1 and <= Most;

    /// <summary>In words: "the newest 30 versions and those of the last 365 days".</summary>
    public string Words =>
        (Versions, Days) switch
        {
            ({ } versions, { } days) => FormattableString.Invariant($"the newest {versions:N0} versions and those of the last {days:N0} days"),
            ({ } versions, null) => FormattableString.Invariant($"the newest {versions:N0} versions"),
            (null, { } days) => FormattableString.Invariant($"the versions of the last {days:N0} days"),
            _ => "every version",
        };
}
