using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Rollbook.Storage;

namespace Rollbook.Web.Features.Administration;

/// <summary>What of the audit log is asked for, as the address has it.</summary>
/// <param name="Who">Part of a sign-in name.</param>
/// <param name="What">An action.</param>
/// <param name="From">First day.</param>
/// <param name="To">Last day.</param>
/// <param name="Before">The number after which the page begins.</param>
public sealed record AuditFilter(string? Who, string? What, DateOnly? From, DateOnly? To, long? Before)
{
    internal bool Any => Who is not null || What is not null || From is not null || To is not null;

    internal static AuditFilter Read(IQueryCollection query) =>
        new(
            Text(query["who"]),
            Text(query["what"]),
            Day(query["from"]),
            Day(query["to"]),
            long.TryParse(query["before"], NumberStyles.None, CultureInfo.InvariantCulture, out var before) ? before : null
        );

    /// <summary>The same for the store; days are those of the zone.</summary>
    internal AuditQuery ToStore(string? district, TimeZoneInfo zone) =>
        new(district)
        {
            Who = Who,
            Action = What,
            From = From is { } from ? Start(from, zone) : null,
            Until = To is { } to && to < DateOnly.MaxValue ? Start(to.AddDays(1), zone) : null,
            Before = Before,
        };

    internal string Address(string page, long? before) =>
        QueryHelpers.AddQueryString(
            page,
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["who"] = Who,
                ["what"] = What,
                ["from"] = Day(From),
                ["to"] = Day(To),
                ["before"] = before?.ToString(CultureInfo.InvariantCulture),
            }.Where(pair => !string.IsNullOrEmpty(pair.Value))
        );

    internal static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim().Replace('\0', ' ');

    private static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    // Near the ends of the calendar an offset would lead beyond it.
    private static DateTimeOffset Start(DateOnly day, TimeZoneInfo zone)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        return day.Year is < 2 or > 9998
            ? new DateTimeOffset(midnight, TimeSpan.Zero)
            : new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUniversalTime();
    }
}
