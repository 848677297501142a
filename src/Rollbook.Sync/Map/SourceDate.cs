using System.Globalization;

namespace Rollbook.Sync.Map;

/// <summary>Reads dates as sources write them (synergy-oneroster.md section 6).</summary>
internal static class SourceDate
{
    private static readonly string[] Days = ["yyyy-MM-dd", "M/d/yyyy", "yyyy/M/d", "yyyyMMdd"];

    /// <summary>
    /// The date; null when it is none. Of a time without an offset the day counts as written. One with an offset is a moment, and its day is that in
    /// <paramref name="zone"/>; but at midnight sharp it is a date that some servers can only write as a moment, and stays the day that is written.
    /// </summary>
    internal static DateOnly? Parse(string text, TimeZoneInfo zone)
    {
        var hasTime = text.Length > 10 && text[10] is 'T' or 't' or ' ';
        if (
            hasTime
            && HasOffset(text.AsSpan(11))
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment)
            && moment.TimeOfDay != TimeSpan.Zero
        )
        {
            return DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, zone).DateTime);
        }

        var day = hasTime ? text[..10] : text.Split(' ')[0];
        foreach (var format in Days)
        {
            if (DateOnly.TryParseExact(day, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            {
                return date;
            }
        }

        return null;
    }

    private static bool HasOffset(ReadOnlySpan<char> time) => time.ContainsAny('+', '-') || (!time.IsEmpty && time[^1] is 'Z' or 'z');
}
