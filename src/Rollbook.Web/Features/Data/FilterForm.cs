using System.Globalization;
using Rollbook.Storage;

namespace Rollbook.Web.Features.Data;

/// <summary>The three boxes by which a person adds a filter.</summary>
internal static class FilterForm
{
    /// <summary>The filter they make, or what is wrong with them.</summary>
    internal static (RecordFilter? Filter, string? Problem) Read(KindDefinition kind, string? attribute, string? condition, string? value)
    {
        if (
            kind.Find(attribute ?? "") is not { } found
            || !Columns.Filters(found)
            || !Enum.TryParse<FilterCondition>(condition, ignoreCase: true, out var how)
        )
        {
            return (null, "Choose an attribute and a condition for the filter.");
        }

        var text = value?.Trim() ?? "";
        if (how is FilterCondition.Empty or FilterCondition.NotEmpty)
        {
            return (new RecordFilter(found.Name, how, null), null);
        }

        if (text.Length == 0)
        {
            return (null, "Enter a value for the filter, or choose is empty.");
        }

        return found.Type switch
        {
            AttributeType.Boolean => text.ToUpperInvariant() switch
            {
                "YES" or "TRUE" => (new RecordFilter(found.Name, FilterCondition.Equal, "true"), null),
                "NO" or "FALSE" => (new RecordFilter(found.Name, FilterCondition.Equal, "false"), null),
                _ => (null, "Enter Yes or No for this filter."),
            },
            AttributeType.Date when how == FilterCondition.Equal => Day(text) is { } day
                ? (new RecordFilter(found.Name, how, day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), null)
                : (null, "Enter the date as year-month-day, such as 2026-09-01."),
            _ => (new RecordFilter(found.Name, how, text), null),
        };
    }

    private static DateOnly? Day(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var exact) ? exact
        : DateOnly.TryParse(text, Ui.Wording.English, out var read) ? read
        : null;
}
