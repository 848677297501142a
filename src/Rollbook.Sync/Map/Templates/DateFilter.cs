using System.Globalization;
using System.Text;
using Fluid.Values;

namespace Rollbook.Sync.Map.Templates;

/// <summary>
/// <c>date: "%m/%d/%Y"</c>: a date of the record written another way. It knows no today, takes no widths and no time of day, since a date of the roster has none.
/// What is no date stays as it is.
/// </summary>
internal static class DateFilter
{
    /// <summary>The letters it knows, for messages and the guide.</summary>
    internal const string Directives = "%Y %y %m %-m %d %-d %e %B %b %A %a %j %F";

    internal static FluidValue Format(FluidValue input, string format, TimeZoneInfo zone)
    {
        if (input.IsNil() || SourceDate.Parse(input.ToStringValue(), zone) is not { } date)
        {
            return input;
        }

        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                text.Append(format[i]);
                continue;
            }

            var padded = ++i >= format.Length || format[i] != '-';
            i += padded ? 0 : 1;
            text.Append(Part(date, i < format.Length ? format[i] : '\0', padded));
        }

        return StringValue.Create(text.ToString());
    }

    /// <summary>Whether every letter of the format is known.</summary>
    internal static bool Knows(string format)
    {
        try
        {
            Format(StringValue.Create("2026-01-02"), format, TimeZoneInfo.Utc);
            return true;
        }
        catch (TemplateLimitException)
        {
            return false;
        }
    }

    private static string Part(DateOnly date, char letter, bool padded) =>
        (letter, padded) switch
        {
            ('Y', true) => Written(date, "yyyy"),
            ('y', true) => Written(date, "yy"),
            ('m', true) => Written(date, "MM"),
            ('m', false) => Number(date.Month),
            ('d', true) => Written(date, "dd"),
            ('d', false) => Number(date.Day),
            ('e', true) => Number(date.Day).PadLeft(2),
            ('B', true) => Written(date, "MMMM"),
            ('b', true) => Written(date, "MMM"),
            ('A', true) => Written(date, "dddd"),
            ('a', true) => Written(date, "ddd"),
            ('j', true) => Number(date.DayOfYear).PadLeft(3, '0'),
            ('F', true) => Written(date, "yyyy-MM-dd"),
            ('%', true) => "%",
            _ => throw new TemplateLimitException($"the date format has a letter that is not known; known are {Directives}"),
        };

    private static string Written(DateOnly date, string format) => date.ToString(format, CultureInfo.InvariantCulture);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
