using System.Globalization;
using System.Text;

namespace Rollbook.Web.Ui;

/// <summary>Numbers, times and names as the console says them: US English, the district's time zone.</summary>
public static class Wording
{
    /// <summary>One; one and two; one, two and three.</summary>
    public static string List(IEnumerable<string> parts) =>
        parts.ToList() switch
        {
            [] => "",
            [var one] => one,
            [.. var first, var last] => $"{string.Join(", ", first)} and {last}",
        };

    /// <summary>The console's language.</summary>
    public static CultureInfo English { get; } = CultureInfo.GetCultureInfo("en-US");

    /// <summary>12,345.</summary>
    public static string Number(long value) => value.ToString("N0", English);

    /// <summary>1 record, 12,345 records.</summary>
    public static string Count(long value, string one, string many) => $"{Number(value)} {(value == 1 ? one : many)}";

    /// <summary>10.2 %, &lt;0.1 %: of a whole that is not 0.</summary>
    public static string Percent(long part, long whole) =>
        part * 100d / whole is var percent and (0 or >= 0.1) ? string.Create(English, $"{percent:0.#} %") : "<0.1 %";

    /// <summary>The first letter large.</summary>
    public static string Capital(string text) => text.Length == 0 ? text : char.ToUpper(text[0], English) + text[1..];

    /// <summary>Nov 24, 2026, 2:00 AM PST.</summary>
    public static string Exact(DateTimeOffset at, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(at, zone);
        return $"{local.ToString("MMM d, yyyy, h:mm tt", English)} {ZoneName(zone, local)}";
    }

    /// <summary>Tuesday.</summary>
    public static string Weekday(DateTimeOffset at, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(at, zone).ToString("dddd", English);

    /// <summary>Nov 24, 2026.</summary>
    public static string Day(DateOnly day) => day.ToString("MMM d, yyyy", English);

    /// <summary>Just now, 5 minutes ago, 3 days ago.</summary>
    public static string Ago(TimeSpan age) =>
        age switch
        {
            { TotalSeconds: < 60 } => "just now",
            { TotalMinutes: < 60 } => $"{Count((long)age.TotalMinutes, "minute", "minutes")} ago",
            { TotalHours: < 24 } => $"{Count((long)age.TotalHours, "hour", "hours")} ago",
            { TotalDays: < 60 } => $"{Count((long)age.TotalDays, "day", "days")} ago",
            _ => $"{Count((long)(age.TotalDays / 30.4), "month", "months")} ago",
        };

    /// <summary>0.4 s, 2 s, 12 s, 3 min 10 s, 1 h 5 min.</summary>
    public static string Duration(TimeSpan time) =>
        time switch
        {
            { TotalSeconds: < 10 } => string.Create(English, $"{Math.Max(0, time.TotalSeconds):0.#} s"),
            { TotalSeconds: < 60 } => string.Create(English, $"{time.TotalSeconds:0} s"),
            { TotalMinutes: < 60 } => $"{time.Minutes} min {time.Seconds} s",
            _ => $"{(int)time.TotalHours} h {time.Minutes} min",
        };

    /// <summary>12 KB, 3.4 MB.</summary>
    public static string Size(long bytes) =>
        bytes < 1 << 20 ? $"{Number(Math.Max(1, bytes >> 10))} KB" : string.Create(English, $"{bytes / (double)(1 << 20):N1} MB");

    /// <summary>An attribute's name as a heading: <c>givenName</c> is Given name, <c>sisId</c> is SIS ID.</summary>
    public static string Label(Attribute attribute)
    {
        ArgumentNullException.ThrowIfNull(attribute);
        return attribute.Name switch
        {
            "sisId" => "SIS ID",
            "stateId" => "State ID",
            "email" => "E-mail",
            "sms" => "SMS",
            "americanIndianOrAlaskaNative" => "American Indian or Alaska Native",
            "blackOrAfricanAmerican" => "Black or African American",
            "nativeHawaiianOrOtherPacificIslander" => "Native Hawaiian or other Pacific Islander",
            "hispanicOrLatinoEthnicity" => "Hispanic or Latino ethnicity",
            "demographicRaceTwoOrMoreRaces" => "Two or more races",
            _ => Words(attribute.Name),
        };
    }

    private static string Words(string camel)
    {
        var text = new StringBuilder(camel.Length + 4);
        foreach (var letter in camel)
        {
            if (char.IsAsciiLetterUpper(letter))
            {
                text.Append(' ');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return Capital(text.ToString());
    }

    /// <summary>
    /// The zone's letters in use at that time. .NET knows its long name only (Pacific Standard Time), whose capitals they are; a zone without such
    /// a name is told by its offset.
    /// </summary>
    private static string ZoneName(TimeZoneInfo zone, DateTimeOffset local)
    {
        if (zone.BaseUtcOffset == TimeSpan.Zero && !zone.SupportsDaylightSavingTime)
        {
            return "UTC";
        }

        var name = zone.IsDaylightSavingTime(local) ? zone.DaylightName : zone.StandardName;
        var letters = string.Concat(name.Where(char.IsAsciiLetterUpper));
        return letters.Length is >= 3 and <= 4 ? letters : string.Create(CultureInfo.InvariantCulture, $"UTC{local:zzz}");
    }
}
