using Rollbook.Web.Ui;

namespace Rollbook.Web.Features.Data;

/// <summary>Values as text.</summary>
internal static class Values
{
    /// <summary>A value that is no reference, as the console shows it.</summary>
    internal static string Text(object value) =>
        value switch
        {
            string text => text,
            DateOnly day => Wording.Day(day),
            bool flag => flag ? "Yes" : "No",
            string[] texts => string.Join(", ", texts),
            _ => value.ToString() ?? "",
        };

    /// <summary>A value as a file has it.</summary>
    internal static string Plain(object? value, Func<RollbookId, string> name) =>
        value switch
        {
            null => "",
            string text => text,
            DateOnly day => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            bool flag => flag ? "true" : "false",
            string[] texts => string.Join(", ", texts),
            RollbookId id => name(id),
            RollbookId[] ids => string.Join(", ", ids.Select(name)),
            SortedDictionary<string, string> metadata => string.Join("; ", metadata.Select(pair => $"{pair.Key}={pair.Value}")),
            _ => value.ToString() ?? "",
        };
}
