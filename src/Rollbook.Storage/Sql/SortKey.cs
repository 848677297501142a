using System.Globalization;
using Rollbook.Model;

namespace Rollbook.Storage.Sql;

/// <summary>
/// What a list is sorted by: text and the first element of a list of texts in lower case, anything else as it is; then the ID.
/// </summary>
internal static class SortKey
{
    /// <summary>The expression, which for the kind's own sort attribute is the one that is indexed.</summary>
    /// <exception cref="RefusedValueException">There is no order among such values.</exception>
    public static string Expression(Dialect dialect, Model.Attribute sort) =>
        sort.Type switch
        {
            AttributeType.Text => $"lower(\"{sort.Column}\")",
            AttributeType.TextList => $"lower({dialect.FirstElement($"\"{sort.Column}\"")})",
            AttributeType.Date or AttributeType.Boolean or AttributeType.Reference => $"\"{sort.Column}\"",
            _ => throw new RefusedValueException($"A list can't be sorted by '{sort.Name}'."),
        };

    /// <summary>A value as text, as it is compared.</summary>
    public static string? TextOf(object? value) =>
        value switch
        {
            null => null,
            string text => AsciiCase.Lower(text),
            string[] texts => AsciiCase.Lower(texts[0]),
            DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            bool flag => flag ? "true" : "false",
            _ => value.ToString(),
        };

    /// <summary>The text as a parameter to compare with.</summary>
    public static object Parameter(Dialect dialect, Model.Attribute sort, string text) =>
        sort.Type switch
        {
            AttributeType.Text or AttributeType.TextList => AttributeText.Checked(sort.Name, text),
            _ => AttributeText.Parse(dialect, sort, text),
        };
}
