namespace Rollbook.Telling;

/// <summary>When something that could not be sent is tried again: after a minute, two, four, and so on up to six hours, until it is three days old.</summary>
internal static class Pauses
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(6);

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(3);

    /// <summary>When to try again after so many attempts; null when it is too old for that.</summary>
    internal static DateTimeOffset? After(int attempts, DateTimeOffset happenedAt, DateTimeOffset now)
    {
        var pause = TimeSpan.FromMinutes(Math.Min(Math.Pow(2, Math.Max(0, attempts - 1)), Longest.TotalMinutes));
        return IsOver(happenedAt, now + pause) ? null : now + pause;
    }

    /// <summary>Whether what happened is no news any more.</summary>
    internal static bool IsOver(DateTimeOffset happenedAt, DateTimeOffset now) => now - happenedAt > Lifetime;
}
