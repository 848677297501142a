namespace Rollbook.Storage.Sql;

/// <summary>Moments are kept in UTC to the microsecond, which is what PostgreSQL can keep.</summary>
internal static class StoredTime
{
    /// <summary>The moment as it will be read again.</summary>
    public static DateTimeOffset Of(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
